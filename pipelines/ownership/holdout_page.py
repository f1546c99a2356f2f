"""A pause as a page: whether it would tell anything, or what it told."""

from collections.abc import Iterator
from datetime import date

from pipelines.ownership.holdout import Holdout
from pipelines.ownership.holdout_words import WORDS
from pipelines.paper.blocks import Figure, Page, Table
from pipelines.paper.numbers import percent, plain


def page(found: Holdout, first: date, company: str, language: str) -> Page:
    """`first`: from which day a plan would be."""
    words, read = WORDS[language], found.reading
    where = words["everywhere"]
    if found.countries:
        where = words["countries"].format(countries=", ".join(found.countries))
    subtitle = words["plan"].format(first=first, where=where)
    if read:
        subtitle = words["read"].format(first=read["first"], last=read["last"], where=where)
    tables = [_read(found, language)] if read else [_plans(found, language)] if found.plans else []
    return Page(
        language,
        company,
        words["title"].format(name=found.loss.name),
        subtitle,
        list(_figures(found, language)),
        tables,
        [words["note.how"], words["note.after"]],
    )


def _figures(found: Holdout, language: str) -> Iterator[Figure]:
    words, read = WORDS[language], found.reading
    yield Figure(words["verdict"], *_verdict(found, language))
    if read:
        note = words["effect.note"].format(
            low=_signed(read["low"], language), high=_signed(read["high"], language)
        )
        yield Figure(words["effect"], _signed(read["effect"], language), note)
        if read["spent"]:
            yield Figure(
                words["spent"], "!", words["spent.note"].format(amount=plain(read["spent"], language))
            )
    note = words["weekly.note"].format(weeks=found.week_count, orders=found.order_count)
    yield Figure(words["weekly"], plain(found.weekly, language) if found.status == "told" else "-", note)
    if found.status == "told":
        yield Figure(words["claimed"], plain(found.claimed, language), words["claimed.note"])


def _verdict(found: Holdout, language: str) -> tuple[str, str]:
    words = WORDS[language]
    if found.status != "told":
        return words[found.status], words[f"{found.status}.note"]
    if found.reading:
        said = found.reading["verdict"]
        return words[said], words[f"{said}.note"]
    enough = [plan["weeks"] for plan in found.plans if plan["verdict"] == "would_be_seen"]
    said = "would_be_seen" if enough else "too_small"
    return words[said], words[f"{said}.note"].format(weeks=enough[0] if enough else "")


def _plans(found: Holdout, language: str) -> Table:
    words = WORDS[language]
    rows = [
        [
            words["weeks"].format(weeks=plan["weeks"]),
            plain(plan["expected"], language),
            plain(plan["smallest_seen"], language),
            "-" if plan["smallest_share"] is None else percent(plan["smallest_share"]),
            plain(plan["claimed"], language),
            words[plan["verdict"]],
        ]
        for plan in found.plans
    ]
    return Table(words["plans"], words["columns.plans"].split("|"), rows)


def _read(found: Holdout, language: str) -> Table:
    words, read = WORDS[language], found.reading
    if read is None:
        raise ValueError("nothing was read")
    amounts = [plain(read[name], language) for name in ("revenue", "expected")]
    changes = [_signed(read[name], language) for name in ("effect", "low", "high")]
    rows = [[words["weeks"].format(weeks=read["weeks"]), *amounts, *changes]]
    return Table(words["table"], words["columns.table"].split("|"), rows)


def _signed(amount: float, language: str) -> str:
    return f"{'-' if amount < 0 else '+'}{plain(abs(amount), language)}"
