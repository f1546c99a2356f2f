"""What the money left behind as a page: cost of contacts and customers, cohorts, campaign by campaign."""

from collections.abc import Iterator
from typing import Any

from pipelines.ownership.left import Left
from pipelines.ownership.left_words import WORDS
from pipelines.ownership.published import FEWEST
from pipelines.paper.blocks import Figure, Page, Stack, Table
from pipelines.paper.numbers import percent, plain
from pipelines.portrait_words import money, word
from pipelines.reading import Row

# What two sheets of A4 hold.
CAMPAIGNS, COHORTS, GROUPS = 18, 9, 8


def page(found: Left, company: str, language: str) -> Page:
    words = WORDS[language]
    notes = [words["note.cac"], words["note.cohorts"], words["note.asset"], words["note.stop"]]
    return Page(
        language,
        company,
        words["title"],
        words["day"].format(day=found.day),
        list(_figures(found, language)),
        [
            _months(found, language),
            _cohorts(found, language),
            _assets(found, language),
            _campaigns(found, language),
        ],
        notes if found.is_margin else [words["note.margin"], *notes],
    )


def _figures(found: Left, language: str) -> Iterator[Figure]:
    words, year = WORDS[language], found.year
    spent = {"media": plain(year["media"], language), "other": plain(year["other"], language)}
    note = words["cac.note"].format(count=int(year["new_count"]), currency=found.currency, **spent)
    if year["unconverted_days"]:
        note += words["unconverted"].format(count=int(year["unconverted_days"]))
    for name, label in (("cac_media", "cac.media"), ("cac", "cac.all")):
        value = words["undefined"] if year[name] is None else _amount(year[name], found, language)
        yield Figure(words[label], value, note)
    yield _owned(found, language)
    yield _asset(found, language)
    yield _rent(found, language)


def _owned(found: Left, language: str) -> Figure:
    """Of all campaigns old enough, together."""
    words = WORDS[language]
    old = [row for row in found.campaigns if row["owned_status"] == "told"]
    cost, count = sum(row["cost"] for row in old), sum(row["owned_count"] for row in old)
    if not count:
        return Figure(words["owned"], words["undefined"], words["owned.none"])
    note = words["owned.note"].format(count=count, cost=plain(cost, language), currency=found.currency)
    return Figure(words["owned"], _amount(cost / count, found, language), note)


def _asset(found: Left, language: str) -> Figure:
    words, asset = WORDS[language], found.asset
    if asset["asset"] is None:
        return Figure(words["asset"], words["none"], words["asset.none"])
    note = words["asset.note"].format(
        count=asset["person_count"],
        low=plain(asset["asset_low"], language),
        high=plain(asset["asset_high"], language),
    )
    return Figure(words["asset"], f"{plain(asset['asset'], language)} {found.currency}", note)


def _rent(found: Left, language: str) -> Figure:
    words, rent, status = WORDS[language], found.rent, found.rent_status
    if status == "too_few":
        return Figure(words["rent"], words["none"], words["rent.few"].format(count=rent["order_count"]))
    unknown = percent(rent["unknown_share"])
    if status == "unknown":
        return Figure(words["rent"], words["none"], words["rent.unknown"].format(share=unknown))
    note = words["rent.note"].format(unknown=unknown, high=percent(rent["rent_ratio_high"]))
    return Figure(words["rent"], percent(rent["rent_ratio"]), note)


def _months(found: Left, language: str) -> Table:
    words = WORDS[language]
    rows = [
        [
            words["year"] if row["month"] is None else f"{row['month']:%Y-%m}",
            plain(row["media"], language),
            plain(row["other"], language),
            plain(int(row["new_count"]), language),
            *(
                words["undefined"] if row[name] is None else plain(row[name], language)
                for name in ("cac_media", "cac")
            ),
        ]
        for row in found.months
    ]
    return Table(words["months"], words["columns.months"].split("|"), rows)


def _cohorts(found: Left, language: str) -> Stack:
    words = WORDS[language]
    shown = found.cohorts[:COHORTS]
    bars = [
        (_quarter(row, language), [row["active_count"], row["customer_count"] - row["active_count"]])
        for row in shown
    ]
    rows = [_cohort(row, found, language) for row in shown]
    table = Table(
        words["cohorts"], words["columns.cohorts"].split("|"), rows, note="" if rows else words["nobody"]
    )
    return Stack(words["parts"].split("|"), bars, table)


def _cohort(row: Row, found: Left, language: str) -> list[str]:
    words = WORDS[language]
    few = row["status"] == "too_few"

    def told(value: Any, months: int, write: Any) -> str:
        if few:
            return words["too_few"]
        if value is None:
            return words["immature"] if (row["mature_months"] or 0) < months else "-"
        return str(write(value))

    def ratio(months: int) -> str:
        value = row[f"value_{months}"]
        if not found.is_margin or not row["cac"]:
            return "-"
        shown = None if value is None else float(value) / row["cac"]
        return told(shown, months, lambda one: plain(one, language, 2))

    payback = "-" if not found.is_margin else _payback(row, language)
    return [
        _quarter(row, language),
        plain(row["customer_count"], language),
        words["too_few"] if few else plain(row["cac"], language),
        payback,
        told(row["value_12"], 12, lambda one: plain(one, language)),
        ratio(12),
        ratio(24),
        told(row["retained_6"], 6, percent),
        told(row["retained_12"], 12, percent),
        words["too_few"] if few else percent(row["active_share"]),
    ]


def _payback(row: Row, language: str) -> str:
    words = WORDS[language]
    if row["status"] != "told":
        return words[row["status"]]
    if row["payback_month"] is None:
        return words["not_yet"].format(months=row["mature_months"])
    return words["month"].format(month=row["payback_month"])


def _assets(found: Left, language: str) -> Table:
    words = WORDS[language]
    rows = [
        [
            word(language, row["stage"]),
            word(language, row["activity"]) if row["activity"] else "-",
            plain(row["person_count"], language),
            words["none"] if row["asset"] is None else plain(row["asset"] / row["person_count"], language),
            words["none"] if row["asset"] is None else plain(row["asset"], language),
            "-"
            if row["asset"] is None
            else words["between"].format(
                low=plain(row["asset_low"], language), high=plain(row["asset_high"], language)
            ),
            words[f"width.{row['width']}"] if row["width"] else "-",
        ]
        for row in [one for one in found.assets if one["stage"] is not None][:GROUPS]
    ]
    return Table(words["assets"], words["columns.assets"].split("|"), rows, 2)


def _campaigns(found: Left, language: str) -> Table:
    words = WORDS[language]
    rows = []
    for row in found.campaigns[:CAMPAIGNS]:
        owned = words["immature"] if row["owned_status"] == "immature" else _cost(
            row["cost_per_owned_contact"], language
        )  # fmt: skip
        rows.append(
            [
                str(row["campaign_name"]),
                plain(row["cost"], language) + ("*" if row["unconverted_days"] else ""),
                _cost(row["cost_per_lead"], language),
                owned,
                _cost(row["cac_media"], language),
                _stop(row, language),
                _capital(row, language),
            ]
        )
    hidden = len(found.campaigns) - CAMPAIGNS
    note = words["more"].format(count=hidden) if hidden > 0 else "" if rows else words["nothing"]
    return Table(words["campaigns"], words["columns.campaigns"].split("|"), rows, note=note)


def _stop(row: Row, language: str) -> str:
    words = WORDS[language]
    if row["stop_status"] == "immature":
        return words["immature"]
    if row["customer_count"] < FEWEST:
        return words["too_few"]
    return words["undefined"] if row["after_stop"] is None else percent(row["after_stop"])


def _capital(row: Row, language: str) -> str:
    if row["capital_per_unit"] is None:
        return "-"
    between = WORDS[language]["between"].format(
        low=plain(row["capital_low"], language, 2), high=plain(row["capital_high"], language, 2)
    )
    return f"{plain(row['capital_per_unit'], language, 2)} ({between})"


def _cost(value: Any, language: str) -> str:
    return WORDS[language]["undefined"] if value is None else money(round(value, 2), language)


def _amount(value: Any, found: Left, language: str) -> str:
    return f"{money(round(value, 2), language)} {found.currency}"


def _quarter(row: Row, language: str) -> str:
    return WORDS[language]["quarter"].format(year=row["cohort"].year, number=(row["cohort"].month + 2) // 3)
