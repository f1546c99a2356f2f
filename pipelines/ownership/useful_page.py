"""Seen against useful as a page: whether applause sells, what platforms claim, campaign by campaign."""

from collections.abc import Iterator
from typing import Any

from pipelines.ownership.useful import Useful, bounds
from pipelines.ownership.useful_words import WORDS
from pipelines.paper.blocks import Figure, Page, Stack, Table
from pipelines.paper.numbers import percent, plain
from pipelines.reading import Row

# What two sheets of A4 hold.
MOST, BARS, SHORT = 12, 8, 20


def page(found: Useful, company: str, language: str) -> Page:
    words = WORDS[language]
    followed = [row for row in found.campaigns if row["is_followed"]]
    notes = [words["note.first"], words["note.tags"], words["note.reach"]]
    if not found.has_margin:
        notes.append(words["note.margin"])
    return Page(
        language,
        company,
        words["title"],
        words["day"].format(day=found.day),
        list(_figures(found, language)),
        [_bars(followed, language), _funnel(followed, language), *_tagged(found, language)],
        notes,
    )


def _figures(found: Useful, language: str) -> Iterator[Figure]:
    yield _applause(found, "reach", language)
    yield _applause(found, "interactions", language)
    yield _claims(found, "leads", "lead_count", language)
    yield _claims(found, "orders", "order_count", language)
    words, sums = WORDS[language], found.applause
    share = "-" if sums["unknown_share"] is None else percent(sums["unknown_share"])
    yield Figure(words["unknown"], share, words["unknown.note"].format(
        amount=plain(sums["unknown_net"] or 0, language), currency=found.currency,
        people=sums["unknown_count"], known=sums["known_count"],
    ))  # fmt: skip


def _applause(found: Useful, name: str, language: str) -> Figure:
    words, sums = WORDS[language], found.applause
    label, rho, count = words[f"by.{name}"], sums[f"by_{name}"], sums["compared_count"]
    if found.status == "unknown":
        return Figure(label, words["none"], words["unknown.why"].format(share=percent(sums["unknown_share"])))
    if found.status == "too_few" or rho is None:
        return Figure(label, words["none"], words["few.why"].format(count=count))
    low, high = bounds(rho, count)
    size = "sells" if low > 0 else "repels" if high < 0 else "cannot"
    note = words[f"rho.{size}"].format(
        low=plain(low, language, 2), high=plain(high, language, 2), count=count
    )
    return Figure(label, plain(rho, language, 2), note)


def _claims(found: Useful, name: str, held: str, language: str) -> Figure:
    words, sums = WORDS[language], found.applause
    label, ratio = words[f"claim.{name}"], sums[f"{name}_overclaim"]
    if not sums[f"{name}_claimed"]:
        return Figure(label, words["none"], words["claim.none"])
    if ratio is None:
        return Figure(label, words["none"], words["claim.nothing"].format(claimed=sums[f"{name}_claimed"]))
    note = words["claim.note"].format(claimed=sums[f"{name}_claimed"], held=sums[held])
    return Figure(label, plain(ratio, language, 2), note)


def _bars(followed: list[Row], language: str) -> Stack:
    """Most seen first: whom it brought, of them who bought."""
    words = WORDS[language]
    shown = followed[:BARS]
    bars = [
        (_short(_name(row, language)), [row["customer_count"], row["brought_count"] - row["customer_count"]])
        for row in shown
    ]
    rows = [
        [
            _name(row, language),
            _count(row["reach"], language),
            _count(row["interactions"], language),
            _count(row["clicks"], language),
            plain(row["brought_count"], language),
            plain(row["customer_count"], language),
            plain(row["net_90_days"], language) if row["is_mature"] else words["immature"],
        ]
        for row in shown
    ]
    table = Table(
        words["bars"], words["columns.bars"].split("|"), rows, note="" if rows else words["nothing"]
    )
    return Stack(words["parts"].split("|"), bars, table)


def _funnel(followed: list[Row], language: str) -> Table:
    words = WORDS[language]
    rows = [
        [
            _name(row, language),
            _money(row["cost"], language) + ("*" if row["unconverted_days"] else ""),
            plain(row["lead_count"], language),
            plain(row["brought_count"], language),
            _share(row, "reachable", row["reachable_count"]),
            _share(row, "qualified", row["qualified_count"]),
            _share(row, "customer", row["first_order_count"]),
            plain(row["repeat_order_count"], language),
            _money(row["net"], language),
            _money(row["refunded"], language),
            _money(row["contribution"], language),
            words[row["verdict"]],
        ]
        for row in sorted(followed, key=lambda row: (-row["net"], row["campaign_key"]))[:MOST]
    ]
    note = words["more"].format(count=len(followed) - MOST) if len(followed) > MOST else ""
    if any(row["unconverted_days"] for row in followed):
        note = f"{note} {words['unconverted']}".strip()
    return Table(words["funnel"], words["columns.funnel"].split("|"), rows, note=note)


def _tagged(found: Useful, language: str) -> Iterator[Table]:
    """What stands out, and of how many nobody can tell."""
    words = WORDS[language]
    rows = []
    for verdict in (
        "loud_but_empty", "quiet_but_fertile", "between", "too_few", "immature", "not_followed"
    ):  # fmt: skip
        those = [row for row in found.campaigns if row["verdict"] == verdict]
        named = ", ".join(_name(row, language) for row in those[:4]) + (" …" if len(those) > 4 else "")
        rows.append(
            [words[verdict], "-" if verdict == "not_followed" else named or "-", plain(len(those), language)]
        )
    yield Table(words["tags"], words["columns.tags"].split("|"), rows, 2)


def _name(row: Row, language: str) -> str:
    name = row["campaign_name"] or row["campaign_key"].split(":", 2)[2]
    return WORDS[language]["post"].format(name=name) if row["is_post"] else str(name)


def _short(name: str) -> str:
    """As much as stands left of a bar."""
    return name if len(name) <= SHORT else f"{name[: SHORT - 1]}…"


def _share(row: Row, step: str, count: int) -> str:
    """A count, with its rate and bounds where there are enough people."""
    share = row[f"{step}_share"]
    if share is None:
        return str(count)
    low, high = (100 * row[f"{step}_share_{end}"] for end in ("low", "high"))
    return f"{count} ({percent(share)}, {low:.0f}-{high:.0f})"


def _count(value: Any, language: str) -> str:
    return "-" if value is None else plain(value, language)


def _money(value: Any, language: str) -> str:
    return "-" if value is None else plain(value, language)
