"""dbt, as a process that cannot outlive the run that started it.

Without this a killed run leaves its dbt at work, model by model, while the next run already lands rows.
Limit: the kernel's promise is Linux's; elsewhere only DuckDB's lock keeps the two apart.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)  # it died while we asked


if __name__ == "__main__":
    die_with_parent()
    from dbt.cli.main import cli

    cli()
