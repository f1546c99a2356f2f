"""dbt's templates as Python, translated once and kept beside the parsed project as Python keeps its .pyc.

A build translates hundreds of macros and models, a few milliseconds each, into the same code as the build
before. Jinja keeps such code only of templates that it loads by name, and dbt hands it the text.
"""

import contextlib
import hashlib
import importlib.metadata
import marshal
import os
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2.bccache import bc_magic

# Code of another Python is no code, and dbt adds to Jinja's language what it has of its own.
MAKERS = " ".join(
    f"{name} {importlib.metadata.version(name)}" for name in ("jinja2", "dbt-core", "dbt-common")
)
MAGIC = bc_magic + MAKERS.encode() + b"\n"

# Beside the manifest of the same name (dbt_parsed.py), which names the state of the project's files.
SUFFIX = ".templates"

_code: dict[tuple[str, bytes], CodeType] = {}
_unwritten: set[tuple[str, bytes]] = set()


def translate(translator: Callable[..., CodeType], environment: Any, source: str) -> CodeType:
    """The template as a function of its words, whoever they are for."""
    key = (type(environment).__name__, hashlib.sha1(source.encode(), usedforsecurity=False).digest())
    if key not in _code:
        _code[key] = translator(environment, source)
        _unwritten.add(key)
    return _code[key]


def read(file: Path) -> None:
    """What an earlier build translated; nothing where there is no such file or nothing in it is of use."""
    with contextlib.suppress(OSError, EOFError, ValueError, TypeError):
        kept = file.read_bytes()
        if kept.startswith(MAGIC):
            # Of our own folder, as .pyc files are.
            _code.update(marshal.loads(kept[len(MAGIC) :]))  # noqa: S302


def write(file: Path) -> None:
    """Keep what is new. Where nothing may be written, the next build translates again."""
    if not _unwritten:
        return
    beside = file.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        beside.write_bytes(MAGIC + marshal.dumps(_code))
        beside.replace(file)
        _unwritten.clear()
