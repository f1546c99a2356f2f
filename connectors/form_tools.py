"""What the connectors of form tools share: the stream of responses, which window to ask for, and exports with
a column per question, under the question's own words."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from connectors.cells import PERSON_COLUMNS, truth
from connectors.erasing import Erasing, Outcome, Row
from connectors.stream import Announced, Counted, Page, Promise, Reading, Since, Stream

HIDDEN = re.compile(r"^utm_\w+$")
ACCEPTED = re.compile(
    r"(j.accepte|je souhaite|oui,|yes,|i agree|i accept|i consent|i would like)\s", re.IGNORECASE
)
BOX = "consent_"


def responses_stream(
    fetch: Callable[[Any, str, Since], Iterator[Page | Announced]],
    *,
    key: str,
    form: str,
    at: str,
    promises: tuple[Promise, ...],
    ask: Callable[[Any, str, Row], Outcome] | None = None,
    changed_at: str | None = None,
    volatile: tuple[str, ...] = (),
    counted: Counted | None = "present",
    overlap: timedelta = timedelta(hours=1),
    looks_back: timedelta | None = None,
) -> Stream:
    """The answers to a tool's forms. `at`: path of the time of submission; `changed_at` where edits are told.

    Tools show a fresh answer late and count per form, so the overlap is wide and each form's count is met.
    """
    return Stream(
        "responses",
        fetch,
        key=key,
        erasing=Erasing(profiles=("response",), ask=ask),
        changed_at=changed_at or at,
        occurred_at=at,
        form=form,
        hourly=True,
        counted=counted,
        overlap=overlap,
        looks_back=looks_back,
        poor_ways=frozenset({"file"}),
        volatile=volatile,
        promises=promises,
    )


@dataclass(frozen=True)
class Asked:
    """One column of an export: its normalised name, the words people saw, what stands in the cell.

    `ours` is the column of ours that it means, by configuration or by common French and English names.
    """

    name: str
    label: str
    cell: str
    ours: str | None

    @property
    def is_hidden(self) -> bool:
        return bool(HIDDEN.match(self.name))

    @property
    def is_accepted(self) -> bool:
        """A ticked box stands in some files as its own words, and nothing says that it is one."""
        return bool(ACCEPTED.match(self.cell))

    @property
    def box(self) -> tuple[str, bool] | None:
        """Reference and answer, where configuration says that the column is a consent box."""
        ticked = truth(self.cell) if self.ours and self.ours.startswith(BOX) else None
        return (str(self.ours).removeprefix(BOX), ticked) if isinstance(ticked, bool) else None

    @property
    def in_words(self) -> dict[str, str]:
        """The answer under the words of its question, for platforms that tell no more of it."""
        if self.box:  # keeps the words people saw
            return {"field": self.label, "value": "yes" if self.box[1] else "no"}
        return {"field": self.ours or self.label, "value": self.cell}


def asked(cells: Mapping[str, str], reading: Reading, own: frozenset[str]) -> Iterator[Asked]:
    """The columns that are questions and not the tool's `own`."""
    for name, cell in cells.items():
        if name not in own:
            ours = reading.columns.get(name) or PERSON_COLUMNS.get(name)
            yield Asked(name, reading.headers.get(name, name), cell, ours)


def line_id(places: Iterable[Any], answers: Iterable[Mapping[str, Any]]) -> str:
    """The number of somebody whom a file does not number: the same in the next file, in another language too,
    or with a column more. `places`: what every file of that kind tells of where and when; of answers counts
    what was said, not the question's words.
    """
    said = sorted(str(one["value"]) for one in answers if one["value"])
    told = "\x1f".join([*(str(place or "") for place in places), *said])
    return f"line-{hashlib.sha256(told.encode(errors='surrogatepass')).hexdigest()[:32]}"
