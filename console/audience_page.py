"""What one audience's page holds: whom it means, by which channel, who not and why, worth, some of them."""

from collections.abc import Iterator

from console.audience_desk import Desk
from console.words import say
from pipelines.audiences.asking import Figures
from pipelines.audiences.store import Kept
from pipelines.paper.blocks import Figure, Page, Stack, Table
from pipelines.paper.numbers import percent, plain
from pipelines.portrait_words import word


def page(desk: Desk, kept: Kept, company: str, currency: str) -> Page:
    language, audience = desk.language, kept.audience
    found = desk.figures(audience)
    return Page(
        language,
        company,
        audience.title[language],
        say(language, "audiences.how", day=found.day),
        list(_figures(found, currency, language)),
        [
            _channels(found, language),
            _why(found, language),
            _stages(found, language),
            _sample(desk, kept, language),
        ],
    )


def _figures(found: Figures, currency: str, language: str) -> Iterator[Figure]:
    share = percent(found.matching / found.everybody) if found.everybody else "-"
    everybody = plain(found.everybody, language)
    note = say(language, "audience.matching.note", share=share, everybody=everybody)
    yield Figure(say(language, "audience.matching"), plain(found.matching, language), note)
    reached = percent(found.reachable_by_any / found.matching) if found.matching else ""
    yield Figure(say(language, "audience.reachable"), plain(found.reachable_by_any, language), reached, 1)
    for name in ("year", "total"):
        value = found.net_revenue_12m if name == "year" else found.net_revenue_total
        yield Figure(say(language, f"audience.{name}"), f"{plain(value, language, 2)} {currency}")


def _channels(found: Figures, language: str) -> Stack:
    rows, bars = [], []
    for channel, reach in found.reach.items():
        out = sum(reach.excluded.values())
        told_by = [plain(count, language) for count in (reach.reachable, out, reach.at_cap)]
        rows.append([word(language, channel), *told_by])
        bars.append((word(language, channel), (reach.reachable, out)))
    columns = say(language, "audience.channels.columns").split("|")
    table = Table(say(language, "audience.channels"), columns, rows)
    return Stack(say(language, "audience.channels.parts").split("|"), bars, table)


def _why(found: Figures, language: str) -> Table:
    rows = [
        [word(language, channel), word(language, reason), plain(count, language)]
        for channel, reach in found.reach.items()
        for reason, count in reach.excluded.items()
    ]
    columns = say(language, "audience.why.columns").split("|")
    note = "" if rows else say(language, "audience.why.none")
    return Table(say(language, "audience.why"), columns, rows, 2, note)


def _stages(found: Figures, language: str) -> Table:
    rows = [[word(language, stage), plain(count, language)] for stage, count in found.by_stage.items()]
    columns = say(language, "audience.stages.columns").split("|")
    return Table(say(language, "audience.stages"), columns, rows)


def _sample(desk: Desk, kept: Kept, language: str) -> Table:
    rows = [
        [
            one["display_name"] or "-",
            word(language, one["stage"]),
            word(language, one["activity"]),
            one["country"] or "",
            one["customer_id"],
            plain(one["order_count"] or 0, language),
            plain(one["net_revenue_12m"] or 0, language, 2),
        ]
        for one in desk.sample(kept.audience)
    ]
    columns = say(language, "audience.sample.columns").split("|")
    note = "" if rows else say(language, "audience.none")
    return Table(say(language, "audience.sample"), columns, rows, 5, note)
