"""Dependence as a page: index, concentration, what is ours; where the year came from; month by month."""

from collections.abc import Iterator
from typing import Any

from pipelines.ownership.dependence import Dependence
from pipelines.ownership.dependence_words import WORDS
from pipelines.ownership.published import FEWEST
from pipelines.paper.blocks import Figure, Line, Page, Stack, Table
from pipelines.paper.numbers import percent, plain
from pipelines.portrait_words import money
from pipelines.reading import Row


def page(found: Dependence, earlier: list[dict[str, Any]], company: str, language: str) -> Page:
    """`earlier`: what was kept of months before, oldest first."""
    words = WORDS[language]
    notes = [words["note.index"], words["note.marks"]]
    return Page(
        language,
        company,
        words["title"],
        words["day"].format(day=found.day),
        list(_figures(found, language)),
        [_sources(found, language), _months(found, earlier, language)],
        [*_moved(found, language), *notes],
    )


def _figures(found: Dependence, language: str) -> Iterator[Figure]:
    words, now = WORDS[language], found.now
    yield index(now, language)
    if now["status"] == "told":
        note = ""
        if now["effective_platforms"]:
            note = words["concentration.note"].format(
                effective=plain(now["effective_platforms"], language, 1),
                low=plain(min(now["concentration"], now["concentration_pro_rata"]), language),
                high=plain(max(now["concentration_as_one_block"], now["concentration_pro_rata"]), language),
            )
        yield Figure(words["concentration"], plain(now["concentration"], language), note)
    share = (
        percent(found.reachable / found.known)
        if found.known >= FEWEST
        else f"{found.reachable} / {found.known}"
    )
    note = words["owned.note"].format(reachable=found.reachable, known=found.known)
    yield Figure(words["owned"], share, note)
    if found.followers:
        per = plain(found.audience()["reachable_per_follower"], language, 2)
        yield Figure(words["followers"], per, words["followers.note"].format(followers=found.followers))
    if now["own_initiated_share"] is not None:
        yield Figure(words["initiated"], percent(now["own_initiated_share"]), words["initiated.note"])
    if now["status"] == "told" and now["diversification"] is not None:
        value = now["diversification"]
        size = "high" if value >= 0.75 else "middle" if value >= 0.4 else "low"
        yield Figure(words["diversity"], plain(value, language, 2), words[f"diversity.{size}"])


def index(now: Row, language: str) -> Figure:
    """The one figure of it: the index, or why it is not told."""
    words, status = WORDS[language], now["status"]
    if status != "told":
        share = percent(max(now["unknown_acquisition"], now["unknown_revenue"]))
        note = words[f"index.{status}.note"].format(share=share, count=int(now["new_total"]))
        return Figure(words["index"], words[f"index.{status}"], note)
    if now["dependence"] is None:
        return Figure(words["index"], "0", words["index.none"])
    note = words["index.note"].format(
        firm=now["most_on"],
        pro_rata=plain(now["pro_rata"], language),
        block=plain(now["as_one_block"], language),
    )
    return Figure(words["index"], plain(now["dependence"], language), note)


def _sources(found: Dependence, language: str) -> Stack:
    words = WORDS[language]
    rows, bars = [], []
    is_told = found.now["new_total"] >= FEWEST
    for row in found.sources:
        name = words.get(row["source"], row["source"])
        kind = words[
            "rented" if row["is_rented"] else "unknown" if row["source"] == "unknown" else "owned.kind"
        ]
        shares = [
            percent(row[part]) if is_told and row[part] is not None else ""
            for part in ("acquisition_share", "revenue_share")
        ]
        new = int(row["new_count"])
        rows.append(
            [
                name,
                kind,
                plain(new, language),
                shares[0],
                money(row["revenue"], language),
                shares[1],
                plain(int(row["sole_count"]), language),
            ]
        )
        bars.append((name, [new]))
    return Stack(
        [words["parts"]],
        bars,
        Table(words["sources"], words["columns.sources"].split("|"), rows, 2),
    )


def _months(found: Dependence, earlier: list[dict[str, Any]], language: str) -> Line:
    words = WORDS[language]
    kept = {line["day"][:7]: line["index"] for line in earlier if line.get("index") is not None}
    rows, points = [], []
    for month in found.months:
        is_told = month["status"] == "told"
        index = month["dependence"] if month["day"] == found.day else kept.get(str(month["day"])[:7])
        rows.append(
            [
                str(month["day"]),
                (month["most_on"] or "-") if is_told else "-",
                plain(index, language) if is_told and index is not None else "-",
                plain(month["concentration"], language) if is_told else "-",
                percent(month["unknown_acquisition"]),
                "-" if month["own_initiated_share"] is None else percent(month["own_initiated_share"]),
                plain(int(month["new_total"]), language),
            ]
        )
        if month["status"] == "told":
            points.append((str(month["day"])[:7], float(month["most_share"] or 0)))
    return Line(points, Table(words["months"], words["columns.months"].split("|"), rows, 2))


def _moved(found: Dependence, language: str) -> Iterator[str]:
    words, moved = WORDS[language], found.moved
    if moved:
        yield words["moved"].format(
            source=words.get(moved["source"], moved["source"]),
            acquisition=_points(moved["acquisition"], language),
            revenue=_points(moved["revenue"], language),
        )


def _points(change: Any, language: str) -> str:
    points = 100 * float(change)
    return WORDS[language]["points"].format(
        sign="+" if points >= 0 else "-", points=plain(abs(points), language, 1)
    )
