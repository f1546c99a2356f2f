"""What a broken step may say: Dagster keeps errors with their texts, and texts quote records.

An error we wrote ourselves speaks in its own words. Of all others stays what it is and where it came from.
"""

import functools
import inspect
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import dagster as dg
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from connectors.redaction import redact, redact_database_error
from connectors.stream import ConnectorError
from pipelines.company import Company
from pipelines.config import ConfigError
from pipelines.keyed import MissingKey
from pipelines.places import ROOT
from pipelines.raw import NotLanded
from pipelines.warehouse_file import WarehouseBusy

OURS = (ConfigError, ConnectorError, MissingKey, NotLanded, WarehouseBusy)
FRAMES = 6
Step = TypeVar("Step", bound=Callable[..., Any])


@contextmanager
def discreet(company: Company) -> Iterator[None]:
    """Around all that a step does: its errors become failures that name nobody."""
    try:
        yield
    except (dg.Failure, dg.RetryRequested):
        raise
    except Exception as error:
        # Not "from error": Dagster would keep the cause with all it quotes.
        raise dg.Failure(description=said_of(error, company), allow_retries=False) from None


def guarded(company: Company) -> Callable[[Step], Step]:
    """A step's function, discreet: between it and Dagster's own decorator."""

    def around(step: Step) -> Step:
        if inspect.isgeneratorfunction(step):

            @functools.wraps(step)
            def told(*args: Any, **named: Any) -> Iterator[Any]:
                with discreet(company):
                    yield from step(*args, **named)

        else:

            @functools.wraps(step)
            def told(*args: Any, **named: Any) -> Any:
                with discreet(company):
                    return step(*args, **named)

        return cast(Step, told)

    return around


def said_of(error: BaseException, company: Company) -> str:
    """What is told of an error, without a secret or a person."""
    if isinstance(error, DagsterDbtCliRuntimeError):
        return redact(redact_database_error(str(error)), company.secret_values)
    if isinstance(error, OURS):
        return f"{type(error).__name__}: {redact(str(error), company.secret_values)}"
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = "; ".join(f"{_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames)
    return f"{type(error).__name__} (its text is left out, for it may quote a record), from {places}"


def _short(path: str) -> str:
    found = Path(path)
    return str(found.relative_to(ROOT)) if found.is_relative_to(ROOT) else "/".join(found.parts[-2:])
