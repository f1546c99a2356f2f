"""Great Expectations 1.x on what came in and on what goes out, derived from promises, never by hand.

At the door: each new version of a record against its stream's promises; a record that breaks one goes
to quarantine with the reason in plain words. A batch that breaks as a whole fails its stream alone.
Before publication: the customer table.

GX gets pandas frames (its DuckDB route is broken) of at most CHUNK rows, and is imported only when
there is something to judge: the import takes seconds. Results and reasons hold no value of a record.
"""

import os
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from connectors.stream import Promise, Stream
from pipelines import questions

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 100_000
# Below this many rows a share says nothing: two of three contacts may well lack a field.
SMALLEST_SAMPLE = 20
LARGEST_MISSING_SHARE = 0.5
SMALLEST_SHARE_OF_LAST_READ = 0.5
# Of fewer, one or two that grew old are half of all: a page's only test lead, its two posts.
SMALLEST_LAST_READ = 5


@dataclass(frozen=True)
class Result:
    """What one expectation found: Dagster shows it as an asset check."""

    expectation: str
    column: str
    passed: bool
    unexpected: int
    of: int
    level: Literal["row", "batch"] = "row"


@dataclass(frozen=True)
class Check:
    """One expectation: a GX type with its arguments, and what to tell a person where it fails.

    `column` names a column of the judged frame, `about` the field a person knows.
    """

    expectation: str
    column: str
    about: str
    says: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Verdict:
    """Row numbers refused, with reasons; all results, added up over chunks; rows lacking each path."""

    refusals: dict[int, list[str]] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)
    judged: int = 0


# What every record must have before its promises are read, whatever its stream and operation.
STRUCTURE = (
    Check("not_be_null", "_account", "account", "it does not say which account it belongs to"),
    Check("not_be_null", "_key", "key", "it has no key"),
    Check("be_in_set", "_shape", "record", "it is no readable JSON object", {"value_set": ["object"]}),
)
TYPE_WORDS = {
    "text": "text",
    "number": "a number",
    "boolean": "true or false",
    "time": "a time with its offset",
    "list": "a list",
    "object": "a group of fields",
}


def checks_of(stream: Stream) -> tuple[Check, ...]:
    """All row expectations of a stream."""
    promised = (check for place, promise in enumerate(stream.promises) for check in _promised(place, promise))
    return (*STRUCTURE, *promised)


def kind_column(place: int) -> str:
    """Holds the word for the kind of value found at promise number `place`; null where none is."""
    return f"kind_{place}"


def text_column(place: int) -> str:
    return f"text_{place}"


def _promised(place: int, promise: Promise) -> Iterable[Check]:
    path, kind, text = promise.path, kind_column(place), text_column(place)
    if promise.required:
        yield Check("not_be_null", kind, path, f"{path} is missing")
    if promise.type:
        says = f"{path} is not {TYPE_WORDS[promise.type]}"
        yield Check("be_in_set", kind, path, says, {"value_set": [promise.type]})
    if promise.values is not None:
        says = f"{path} is none of the values the platform documents"
        yield Check("be_in_set", text, path, says, {"value_set": sorted(promise.values)})
    if promise.pattern is not None:
        says = f"{path} does not look as promised"
        yield Check("match_regex", text, path, says, {"regex": promise.pattern})


def judge_rows(chunks: Iterable["pd.DataFrame"], checks: tuple[Check, ...]) -> Verdict:
    """Run `checks` over each chunk; a frame's index tells the row number to refuse."""
    verdict, unexpected = Verdict(), [0] * len(checks)
    for frame in chunks:
        if frame.empty:
            continue
        verdict.judged += len(frame)
        for place, rows in _failures(frame, checks):
            unexpected[place] += len(rows)
            for row in rows:
                verdict.refusals.setdefault(int(row), []).append(checks[place].says)
    for check, count in zip(checks, unexpected, strict=True) if verdict.judged else ():
        verdict.results.append(Result(_gx_name(check), check.about, not count, count, verdict.judged))
        if check.expectation == "not_be_null" and check not in STRUCTURE:
            verdict.missing[check.about] = count
    return verdict


def judge_batch(rows: int, last_full_read: int | None, verdict: Verdict) -> tuple[list[Result], list[str]]:
    """Volume against history and completeness, over the batch as a whole: results and what failed."""
    profile: dict[str, float] = {}
    checks: list[Check] = []
    if last_full_read:
        least = SMALLEST_SHARE_OF_LAST_READ * last_full_read
        profile["rows"] = rows
        says = f"{rows} rows where the last full read brought {last_full_read}"
        checks.append(Check("be_between", "rows", "number of rows", says, {"min_value": least}))
    for path, count in verdict.missing.items() if verdict.judged >= SMALLEST_SAMPLE else ():
        profile[f"missing {path}"] = count / verdict.judged
        says = f"{path} is missing in {count} of {verdict.judged} rows"
        limit = {"max_value": LARGEST_MISSING_SHARE}
        checks.append(Check("be_between", f"missing {path}", path, says, limit))
    return judge_profile(profile, tuple(checks))


def judge_profile(profile: Mapping[str, float], checks: tuple[Check, ...]) -> tuple[list[Result], list[str]]:
    """Expectations about a whole, run on a frame of one row that describes it."""
    if not checks:
        return [], []
    import pandas as pd

    failed = {place for place, rows in _failures(pd.DataFrame([profile]), checks) if rows}
    results = [
        Result(_gx_name(check), check.about, place not in failed, int(place in failed), 1, "batch")
        for place, check in enumerate(checks)
    ]
    return results, [checks[place].says for place in sorted(failed)]


def _gx_name(check: Check) -> str:
    return f"expect_column_values_to_{check.expectation}"


def _failures(frame: "pd.DataFrame", checks: tuple[Check, ...]) -> Iterable[tuple[int, list[Any]]]:
    """Per check that is broken: the index labels of the rows that break it."""
    import pandas as pd

    gx, batches = _engine()
    asked = {str(number): question for number, question in enumerate(questions.of(frame, checks))}
    suite = gx.ExpectationSuite(
        name="promises",
        expectations=[
            getattr(gx.expectations, _class_name(question.expectation))(column=name, **question.arguments)
            for name, question in asked.items()
        ],
    )
    answers = pd.DataFrame({name: question.answers for name, question in asked.items()})
    batch = batches.get_batch(batch_parameters={"dataframe": answers})
    with warnings.catch_warnings():
        # pandas points out that a pattern has groups; patterns may.
        warnings.simplefilter("ignore", UserWarning)
        found = batch.validate(suite, result_format={"result_format": "COMPLETE"})
    broken: dict[int, list[Any]] = {}
    for result in found.results:
        if "unexpected_index_list" not in result.result and not result.success:
            # A check that could not run is no check that passed; its text may quote a value.
            raise RuntimeError(f"{result.expectation_config.type} could not be evaluated")
        question = asked[result.expectation_config.kwargs["column"]]
        for at in result.result.get("unexpected_index_list") or []:
            place, row = question.asked_of(at)
            broken.setdefault(place, []).append(frame.index[row])
    return sorted(broken.items())


def _class_name(expectation: str) -> str:
    return "ExpectColumnValuesTo" + "".join(word.title() for word in expectation.split("_"))


@lru_cache(maxsize=1)
def _engine() -> tuple[Any, Any]:
    """Great Expectations, imported now, in memory only: no project folder, no pages, no telemetry."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    frames = context.data_sources.add_pandas("door").add_dataframe_asset("frames")
    return gx, frames.add_batch_definition_whole_dataframe("whole")
