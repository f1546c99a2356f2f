"""The tools themselves: what each may be asked, in the words that a language model reads.

Each call opens what is published, answers and lets go. Errors are sentences; nothing of a row is ever in one.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import duckdb
from pydantic import Field

from pipelines.answering import blackout, describing, figures, people, texts
from pipelines.answering.campaigns import side_by_side
from pipelines.answering.publication import Library, Refused
from pipelines.config import ConfigError
from pipelines.home import Home

LONGEST_ERROR = 600

Name = Annotated[str, Field(max_length=120)]
Value = Annotated[str, Field(max_length=300)]
Language = Annotated[Literal["en", "fr"] | None, Field(description="of descriptions; default: the company's")]
Month = Annotated[str | None, Field(max_length=7, description="such as 2026-11, included")]
Told = dict[str, Any]


class Tools:
    """One process's tools; its library remembers what was told of the publication that is shown.

    `error`: what is raised, with a sentence, for whatever cannot be answered.
    """

    def __init__(self, home: Home, error: type[Exception] = Refused) -> None:
        self._library, self._error = Library(home), error

    def all(self) -> list[Callable[..., Told]]:
        return [
            self.list_measures,
            self.describe,
            self.figures,
            self.list_audiences,
            self.count_audience,
            self.compare_campaigns,
            self.drill,
        ]

    def list_measures(self, language: Language = None) -> Told:
        """Every figure that `figures` can tell, with what it means and how it may be added up."""
        return self._ask(describing.measures, language)

    def describe(
        self, table: Name | None = None, column: Name | None = None, language: Language = None
    ) -> Told:
        """All tables; one table with its columns; or one column with the values that enough people have."""
        return self._ask(describing.describe, table, column, language)

    def figures(
        self,
        measure: Annotated[
            Name, Field(description="as list_measures names it: orders, orders.net_converted")
        ],
        by: Annotated[
            list[Name],
            Field(max_length=3, description="columns of its table, customers.<column>, or month"),
        ] = [],  # noqa: B006 - never changed
        where: Annotated[
            dict[Name, Value], Field(max_length=5, description="columns held at one value; (unknown): none")
        ] = {},  # noqa: B006
        since: Month = None,
        until: Month = None,
    ) -> Told:
        """A measure of people who are known, by columns and months: such as orders.net_converted by month."""
        return self._ask(figures.answer, measure, by, where, since, until)

    def list_audiences(self, language: Language = None) -> Told:
        """The audiences that are saved or shipped, by name and title."""
        return self._ask(people.audiences, language)

    def count_audience(
        self,
        name: Annotated[Name | None, Field(description="as list_audiences names it")] = None,
        conditions: Annotated[
            dict[str, Any] | None,
            Field(
                description="instead of a name: {field: stage, is: lead}, {count: orders, at_least: 2},"
                " {happened: touchpoints, last_days: 90}, {audience: name}; {all: [...]}, {any: [...]},"
                " {not: ...}"
            ),
        ] = None,
    ) -> Told:
        """About how many people an audience means, how many may be reached, and what they brought."""
        return self._ask(people.count, name, conditions)

    def compare_campaigns(
        self,
        campaigns: Annotated[
            list[Value], Field(max_length=30, description="campaign_key of each; none: the first by order_by")
        ] = [],  # noqa: B006
        order_by: Name = "net",
        most: Annotated[int, Field(ge=1, le=30)] = 10,
    ) -> Told:
        """Campaigns and posts side by side: cost, how they were seen, whom they brought, what they bought."""
        return self._ask(side_by_side, campaigns, order_by, most)

    def drill(
        self,
        platforms: Annotated[list[Name], Field(min_length=1, max_length=10, description="meta, google ...")],
        hours: Annotated[
            int | None, Field(ge=1, le=168, description="out for so long; none: for good")
        ] = None,
    ) -> Told:
        """What if platforms are down or close the account: who is still reached, what revenue hangs on it."""
        return self._ask(blackout.drill, platforms, hours)

    def _ask(self, question: Callable[..., Told], *asked: Any) -> Told:
        try:
            with self._library.opened() as open_:
                return {"day": open_.vocabulary.day.isoformat(), **question(open_, *asked)}
        except ConfigError as error:
            raise self._error(texts.lines(str(error))[:LONGEST_ERROR]) from None
        except (duckdb.CatalogException, duckdb.BinderException):
            raise self._error("what is published does not have that yet: `firsthand run` first") from None
        except duckdb.Error as error:
            # Its text may quote a value.
            raise self._error(f"it could not be asked: {type(error).__name__}") from None
