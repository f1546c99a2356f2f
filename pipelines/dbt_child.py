"""dbt, as a process that cannot outlive the run that started it.

Without this a killed run leaves its dbt at work, model by model, while the next run already lands rows.
Limit: the kernel's promise is Linux's; elsewhere only DuckDB's lock keeps the two apart.

`--parsed MANIFEST` before all other words: build from this manifest instead of reading the project again.
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


def build_from(manifest: str, words: list[str]) -> int:
    """dbt's exit code: 0 all well, 1 a model failed, 2 dbt could not begin."""
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest, WritableManifest

    parsed = Manifest.from_writable_manifest(WritableManifest.read_and_check_versions(manifest))
    done = dbtRunner(manifest=parsed).invoke(words)
    return 0 if done.success else 2 if done.exception else 1


if __name__ == "__main__":
    die_with_parent()
    if sys.argv[1:2] == ["--parsed"]:
        sys.exit(build_from(sys.argv[2], sys.argv[3:]))
    from dbt.cli.main import cli

    cli()
