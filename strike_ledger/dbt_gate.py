"""The gate: a dbt-duckdb plugin that refuses to open the database for a record that fails.

dbt-duckdb loads it when a command first needs a connection (build, seed, run, test and others),
so nobody loads bad rows by forgetting to check them first.
"""

import os
from functools import cache
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

from strike_ledger.build import HOLDS, VERDICT


@cache
def _verdict() -> str:
    """Give HOLDS, or what is wrong, as `strike-ledger build` finds it or a check here."""
    if VERDICT in os.environ:
        with os.fdopen(int(os.environ[VERDICT]), encoding="utf-8") as pipe:
            return pipe.read() or "the build that checked it has ended"
    from strike_ledger.checks import check, report  # noqa: PLC0415  it takes long to import

    findings = check()
    return report(findings) if findings else HOLDS


class Plugin(BasePlugin):
    """Asks for the verdict once per process, before the first connection is used."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Raise DbtRuntimeError with all findings where the record fails its check."""
        if _verdict() != HOLDS:
            raise DbtRuntimeError("the record fails its check\n" + _verdict())

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Leave it to `strike-ledger build` to write its file to the disk, once it is whole."""
        if VERDICT in os.environ:
            config["fsync_mode"] = "NONE"
