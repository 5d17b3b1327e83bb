"""dbt, as its own command runs it, without the search for garbage and at an end as it is done.

`python -m strike_ledger.dbt_run build ...` takes the arguments of `dbt`. In a run of a few seconds
Python spends a tenth of the time looking for garbage, and as much taking itself apart.
"""

import gc

from strike_ledger import ending


def main() -> None:
    """Run dbt; the import of dbt belongs to it, since DuckDB must close before the end."""
    from dbt.cli.main import cli  # noqa: PLC0415

    cli(prog_name="dbt")


if __name__ == "__main__":
    gc.disable()
    ending.run(main)
