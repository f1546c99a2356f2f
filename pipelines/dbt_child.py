"""dbt, as a process that cannot outlive the run that started it.

Without this a killed run leaves its dbt at work, model by model, while the next run already lands rows.
Limit: the kernel's promise is Linux's; elsewhere only DuckDB's lock keeps the two apart.

`--manifest FILE WORDS`: from the project as it was parsed, instead of reading it again, which takes seconds.
FILE is of dbt_parsed.ensure_manifest: of its JSON dbt knows models and seeds, of the msgpack tests too.

`--told-later`: import dbt at once, then wait on standard input for one line of JSON, [manifest, words], and
do the same. Then events are told one a line, as JSON [name, level, message]: those of EVENTS, and errors.
(dbt's own JSON log takes most of a second to make.)

What dbt says is kept by Dagster, so it leaves here without the values that databases quote (dbt_discreet.py).
What it says to nobody is not made at all (dbt_lean.py).
"""

import ctypes
import gc
import json
import os
import signal
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from pipelines import dbt_templates
from pipelines.dbt_discreet import discreet
from pipelines.dbt_lean import lean

EVENTS = {"LogStartLine", "LogModelResult", "LogSeedResult"}
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)  # it died while we asked


def tell(event: Any) -> None:
    info = event.info
    if info.name in EVENTS or info.level == "error":
        print(json.dumps([info.name, info.level, info.msg]), flush=True)


def at_work(event: Any) -> None:
    """By its first model dbt has made what else it keeps."""
    if event.info.name == "LogStartLine":
        freeze("at work")


@cache
def freeze(when: str) -> None:
    """Once `when`: what stays is not looked through for garbage, a tenth of a second each time."""
    gc.freeze()


def told_later() -> int:
    """dbt's exit code."""
    # Now, while nobody waits for it.
    import dbt.cli.main  # noqa: F401

    import pipelines.dbt_functions  # noqa: F401

    manifest, words = json.loads(sys.stdin.readline())
    return build(manifest, words, tell)


def build(manifest: str, words: list[str], *callbacks: Callable[[Any], None]) -> int:
    """dbt's exit code: 0 all well, 1 a model failed, 2 dbt could not begin."""
    from dbt.cli.main import dbtRunner

    parsed = read(Path(manifest))
    templates = Path(manifest).with_suffix(dbt_templates.SUFFIX)
    dbt_templates.read(templates)
    freeze("project read")
    done = dbtRunner(manifest=parsed, callbacks=[at_work, *callbacks]).invoke(words)
    dbt_templates.write(templates)
    if done.exception:
        print(done.exception, file=sys.stderr)
    return 0 if done.success else 2 if done.exception else 1


def read(file: Path) -> Any:
    """The parsed project, dbt's Manifest."""
    from dbt.contracts.graph.manifest import Manifest, WritableManifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    if file.suffix == ".json":
        return Manifest.from_writable_manifest(WritableManifest.read_and_check_versions(str(file)))
    return Manifest.from_msgpack(file.read_bytes(), decoder=extended_mashumuro_decoder)


if __name__ == "__main__":
    die_with_parent()
    # dbt runs our Python models from a temporary folder; compiled copies of them would stay there.
    sys.dont_write_bytecode = True
    with discreet(sys.argv):
        lean()
        if sys.argv[1:] == ["--told-later"]:
            sys.exit(told_later())
        if sys.argv[1:2] == ["--manifest"]:
            sys.exit(build(sys.argv[2], sys.argv[3:]))
        from dbt.cli.main import cli

        cli()
