"""dbt as its own command runs it, in a process that does not tidy up after itself.

`python dbt_run.py build ...` takes the arguments of `dbt`. In a run of a few seconds Python spends
a tenth of the time looking for garbage, and as much taking itself apart at the end.
"""

import atexit
import gc
import os
import sys

_status = 1


def _leave() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_status)


if __name__ == "__main__":
    gc.disable()
    atexit.register(_leave)  # the first to be registered is the last to run: DuckDB closes before
    from dbt.cli.main import cli

    try:
        cli(prog_name="dbt")
    except SystemExit as end:
        _status = end.code
        raise
