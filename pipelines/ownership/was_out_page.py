"""A past outage as a page: the part bought later, what it is made of, and where it is set."""

from collections.abc import Iterator

from pipelines.ownership.was_out import WasOut
from pipelines.ownership.was_out_words import WORDS
from pipelines.paper.blocks import Figure, Page, Table
from pipelines.paper.numbers import percent, plain


def page(out: WasOut, company: str, language: str) -> Page:
    words, found = WORDS[language], out.found
    notes = [words["note.how"].format(currency=out.currency), words["note.orders"]]
    if found["status"] == "told":
        notes.insert(0, words["note.set"].format(catch_up=f"{found['catch_up']:.2f}"))
    return Page(
        language,
        company,
        words["title"].format(name=out.loss.name),
        words["subtitle"].format(start=f"{found['started_at']:%Y-%m-%d %H:%M}", hours=out.hours),
        list(_figures(out, language)),
        [_table(out, language)] if found["status"] in ("told", "no_shortfall") else [],
        notes,
    )


def _figures(out: WasOut, language: str) -> Iterator[Figure]:
    words, found = WORDS[language], out.found
    note = words["configured"].format(catch_up=percent(out.configured))
    if found["status"] != "told":
        because = words[f"{found['status']}.note"].format(
            orders=min(found["usual_order_count"], found["usual_order_count_after"]),
            first=found["first_order_on"] or "-",
            after=f"{found['caught_up_at']:%Y-%m-%d %H:%M}",
        )
        yield Figure(
            words["catch_up"], words[found["status"]], words["because"].format(because=because, note=note)
        )
        return
    yield Figure(words["catch_up"], percent(found["catch_up"]), _bound(out, language) + note)
    missing = words["shortfall.note"].format(
        low=plain(found["usual_low"], language), high=plain(found["usual_high"], language)
    )
    yield Figure(words["shortfall"], plain(found["shortfall"], language), missing)
    yield Figure(words["lost"], plain(found["lost"], language))


def _bound(out: WasOut, language: str) -> str:
    words, found = WORDS[language], out.found
    if found["above"] <= 0:
        return words["none_came"]
    said = words["more_came"] if found["above"] > found["shortfall"] else ""
    # A week without any outage has brought as much.
    return said + (words["chance"] if found["sold_after"] <= found["usual_after_high"] else "")


def _table(out: WasOut, language: str) -> Table:
    words, found = WORDS[language], out.found
    rows = [
        [
            words[label],
            plain(found[f"order_count{part}"], language),
            *(plain(one, language) for one in amounts),
        ]
        for label, part, amounts in (
            ("out", "", (found["sold"], found["usual"], found["sold"] - found["usual"])),
            ("after", "_after", (found["sold_after"], found["usual_after"], found["above"])),
        )
    ]
    return Table(words["table"], words["columns.table"].split("|"), rows)
