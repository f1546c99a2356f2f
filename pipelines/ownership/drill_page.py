"""A drill as a page: figures, who is left, how they are told, whom to win over, what it costs, the trend."""

from collections.abc import Iterator
from typing import Any

from pipelines.ownership.drill import Drill
from pipelines.ownership.published import FEWEST
from pipelines.ownership.words import WORDS
from pipelines.paper.blocks import Figure, Line, Page, Stack, Table
from pipelines.paper.numbers import percent, plain
from pipelines.portrait_words import money, word
from pipelines.reading import Row

# What two sheets of A4 hold; the whole list is a file of its own.
PEOPLE, COUNTRIES, EARLIER = 15, 6, 6


def page(drill: Drill, earlier: list[dict[str, Any]], company: str, language: str) -> Page:
    """`earlier`: the kept figures of drills before, oldest first; the newest few are shown."""
    words = WORDS[language]
    says = words["closed"] if drill.hours is None else words["down"]
    return Page(
        language,
        company,
        words["title"].format(name=drill.loss.name),
        says.format(hours=drill.hours, day=drill.day),
        list(_figures(drill, language)),
        [
            _by(drill, "stage", drill.by["stage"], language),
            _by(drill, "country", drill.by["country"][:COUNTRIES], language),
            _channels(drill, language),
            _win(drill, language),
            _cost(drill, language),
            *_trend(drill, earlier, language),
        ],
        [
            words["note.range"].format(catch_up=percent(drill.catch_up)),
            words["note.reach"],
            words["note.list"],
        ],
    )


def _figures(drill: Drill, language: str) -> Iterator[Figure]:
    words, people = WORDS[language], drill.people
    known, after, currency = people["known_count"], people["reachable_after_count"], drill.currency
    part, whole = people["revenue_covered"], people["revenue"]
    yield Figure(
        words["reach"],
        f"{plain(after, language)} / {plain(known, language)}{_share_after(after, known, language)}",
        words["reach.note"].format(before=plain(people["reachable_count"], language)),
    )
    note = words["cover.note"].format(
        part=money(part, language), whole=money(whole, language), currency=currency
    )
    if drill.unknown_revenue:
        note += words["cover.unknown"].format(amount=money(drill.unknown_revenue, language))
    yield Figure(words["cover"], percent(part / whole) if whole > 0 else words["few"], note)
    yield Figure(
        words["sole"],
        plain(people["sole_count"], language),
        words["sole.note"] if people["sole_count"] else "",
    )
    yield _outage(drill, language)
    cost = drill.closure
    low, high = sorted((cost["by_first_touch"], cost["by_last_touch"]))
    yield Figure(
        words["closure"],
        _range(low, high, drill, language),
        words["closure.note"].format(
            count=plain(cost["new_count"], language), others=plain(cost["new_of_others_count"], language)
        ),
    )
    for row in drill.trapped:
        yield from _trapped(row, language)


def _outage(drill: Drill, language: str) -> Figure:
    words, found = WORDS[language], drill.outage
    label = words["outage"].format(hours=found["hours"])
    told = found["status"] == "told"
    said = "outage" if told else f"outage.{found['status']}"
    note = words.get(f"{said}.note", "").format(
        usual=plain(found["usual"], language),
        mean=plain(found["by_mean"], language),
        orders=plain(found["order_count"], language),
    )
    value = _range(found["low"], found["high"], drill, language) if told else words[said]
    return Figure(label, value, note)


def _trapped(row: Row, language: str) -> Iterator[Figure]:
    words = WORDS[language]
    label = words["trapped"].format(platform=row["platform"])
    if row["holds_leads"] and row["expected"] is None:
        yield Figure(label, words["trapped.never"])
    elif row["holds_leads"]:
        hours = f"{row['hours_since']:.0f}"
        note = words["trapped.note"].format(leads=plain(row["four_weeks_count"], language), hours=hours)
        if row["missing_count"]:
            note += words["trapped.missing"].format(count=row["missing_count"])
        value = words["trapped.value"].format(count=plain(row["expected"], language))
        yield Figure(label, words["trapped.few"] if 0 < row["expected"] < 1 else value, note)
    if row["followers"] is not None:
        yield Figure(
            words["followers"].format(platform=row["platform"]),
            words["followers.value"].format(count=plain(row["unknown_followers"], language)),
            words["followers.note"].format(
                followers=plain(row["followers"], language), day=row["followers_on"]
            ),
        )


def _by(drill: Drill, cut: str, found: list[Row], language: str) -> Stack:
    words = WORDS[language]
    rows, bars = [], []
    for row in found:
        label = words.get(str(row["value"])) or word(language, str(row["value"]))
        known, now, after = (row[f"{name}_count"] for name in ("known", "reachable", "reachable_after"))
        share = percent(after / known) if known >= FEWEST else words["few"]
        money_of = [money(row[name], language) for name in ("revenue", "revenue_covered")]
        rows.append(
            [
                label,
                plain(known, language),
                plain(now, language),
                plain(after, language),
                share,
                plain(row["sole_count"], language),
                *money_of,
            ]
        )
        lost = row["lost_count"]
        bars.append((label, [after, lost, known - after - lost]))
    title = words[f"by.{cut}"]
    return Stack(words["parts"].split("|"), bars, Table(title, words["columns.by"].split("|"), rows))


def _channels(drill: Drill, language: str) -> Table:
    words, rows = WORDS[language], []
    for row in drill.channels:
        bases = sorted(row["bases"].items(), key=lambda one: (-one[1], one[0]))
        told = ", ".join(f"{word(language, basis)} {plain(count, language)}" for basis, count in bases)
        limit = "" if row["daily_limit"] is None else plain(row["daily_limit"], language)
        days = "" if row["days"] is None else str(row["days"])
        rows.append(
            [
                word(language, row["channel"]),
                told,
                plain(row["person_count"], language),
                plain(row["first_count"], language),
                limit,
                days,
            ]
        )
    note = "" if rows else words["channels.none"]
    return Table(words["channels"], words["columns.channels"].split("|"), rows, 2, note)


def _win(drill: Drill, language: str) -> Table:
    words = WORDS[language]
    rows = [
        [
            row["display_name"] or "-",
            word(language, row["stage"]),
            words.get(row["country"], row["country"]),
            row["reached_through"],
            money(row["net_revenue_12m"], language),
            row["customer_id"],
        ]
        for row in drill.sole[:PEOPLE]
    ]
    title = words["win"].format(shown=len(rows), count=plain(len(drill.sole), language))
    note = "" if rows else words["win.none"]
    return Table(title, words["columns.win"].split("|"), rows, 4, note)


def _cost(drill: Drill, language: str) -> Table:
    words, cost = WORDS[language], drill.closure
    rows = [
        [words[f"cost.{name}"], plain(cost[f"{column}_count"], language), money(cost[column], language)]
        for name, column in (("first", "first_touch"), ("last", "last_touch"), ("lost", "lost"))
    ]
    return Table(words["cost"], words["columns.cost"].split("|"), rows)


def _trend(drill: Drill, earlier: list[dict[str, Any]], language: str) -> Iterator[Line]:
    if not earlier:
        return
    words = WORDS[language]
    told = [*earlier[-EARLIER:], {"day": str(drill.day), **drill.figures()}]
    told = [one for one in told if one["known"] >= FEWEST]
    points = [(one["day"], one["reachable_after"] / one["known"]) for one in told]
    rows = [
        [
            one["day"],
            plain(one["known"], language),
            plain(one["reachable_after"], language),
            percent(share),
            plain(one["sole"], language),
        ]
        for one, (_, share) in zip(told, points, strict=True)
    ]
    if len(points) > 1:
        yield Line(points, Table(words["trend"], words["columns.trend"].split("|"), rows))


def _range(low: Any, high: Any, drill: Drill, language: str) -> str:
    words = WORDS[language]
    return words["range"].format(
        low=plain(low, language), high=plain(high, language), currency=drill.currency
    )


def _share_after(part: int, whole: int, language: str) -> str:
    return f" ({percent(part / whole)})" if whole >= FEWEST else ""
