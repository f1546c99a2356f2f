"""What pages of audiences ask of what is published, each remembered as long as it is shown.

A question is known by its SQL and the values in it: two audiences that mean the same people are asked once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from console.builder import choices
from console.builder.view import Viewer
from console.remembered import Remembered
from pipelines.audiences import store
from pipelines.audiences.asking import Asker, Figures
from pipelines.audiences.tree import Audience
from pipelines.config import ConfigError
from pipelines.home import Home

SAMPLE = 10


@dataclass(frozen=True)
class Desk:
    """One publication, open; `language` of whoever asks."""

    asker: Asker
    remembered: Remembered
    language: str

    @property
    def home(self) -> Home:
        return self.asker.home

    def figures(self, audience: Audience) -> Figures:
        """Without overlap. Raises Wrong."""
        return self.remembered.ask(
            ("figures", *self._question(audience)), lambda: self.asker.figures(audience)
        )

    def knows_figures(self, audience: Audience) -> bool:
        return self.remembered.knows(("figures", *self._question(audience)))

    def sample(self, audience: Audience) -> list[dict[str, Any]]:
        """Raises Wrong."""
        return self.remembered.ask(
            ("sample", *self._question(audience)), lambda: self.asker.sample(audience, SAMPLE)
        )

    def overlap(self, audience: Audience, others: Sequence[str]) -> dict[str, int]:
        """How many of them each other audience holds too, most first. Raises Wrong."""
        asked = ("overlap", *self._question(audience), self._texts(others))
        found = self.remembered.ask(asked, lambda: self.asker.figures(audience, others).overlap)
        return dict(sorted(found.items(), key=lambda one: -one[1]))

    def choices(self, table: str, field: str) -> Sequence[str]:
        """The values that field takes, where they are few."""
        return self.remembered.ask(
            ("choices", self.asker.snapshot, table, field),
            lambda: choices.read(self.asker.con, self.asker.vocabulary, table, field),
        )

    def viewer(self, itself: str = "") -> Viewer:
        """`itself`: which of the audiences it is, for none leans on itself."""
        titles = {}
        for name in store.names(self.home):
            try:
                titles[name] = store.read(self.home, name).audience.title[self.language]
            except (ConfigError, KeyError):
                continue
        titles.pop(itself, None)
        return Viewer(self.asker.vocabulary, self.choices, titles, self.language)

    def _question(self, audience: Audience) -> tuple[str, str, str]:
        """With the publication it is asked of: another may be shown by the time it is answered."""
        question = self.asker.question(audience)
        return self.asker.snapshot, question.sql, repr(sorted(question.values.items()))

    def _texts(self, names: Sequence[str]) -> tuple[str, ...]:
        """What the others say now: somebody may change one while a publication lasts."""
        found = []
        for name in names:
            try:
                found.append(store.read(self.home, name).sha256)
            except (ConfigError, KeyError):
                continue
        return tuple(found)


def of(request: Request, asker: Asker, language: str) -> Desk:
    return Desk(asker, request.app.state.asked, language)
