"""The end of a command: at once, since taking pandas or dbt apart takes a third of a second."""

import atexit
import os
import sys
from collections.abc import Callable


def run(command: Callable[[], object]) -> None:
    """Run a command line, do all that is registered for the end, and leave with its exit status.

    Where it fails with an error of its own the status is 1, and Python tells the error before.
    """
    status = 1

    def leave() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    atexit.register(leave)  # the first to be registered is the last to run
    try:
        command()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        raise
    status = 0
