"""The four answers as a page: where they differ, revenue and first purchases, what platforms claim."""

from collections.abc import Iterator

from pipelines.ownership.attribution import ANSWERS, POSITION, Attribution
from pipelines.ownership.attribution_words import WORDS, source
from pipelines.paper.blocks import Figure, Page, Table
from pipelines.paper.numbers import percent, plain
from pipelines.portrait_words import money

# What two sheets of A4 hold.
SOURCES = 16


def page(found: Attribution, company: str, currency: str, language: str, has_position: bool = False) -> Page:
    """`has_position`: with a fourth column, by position."""
    words = WORDS[language]
    answers = (*ANSWERS, POSITION) if has_position else ANSWERS
    notes = [words["note.answers"], *([words["note.position"]] if has_position else []), words["note.claims"]]
    return Page(
        language,
        company,
        words["title"],
        words["period"].format(first=found.first, last=found.last),
        list(_figures(found, currency, language)),
        [_revenue(found, answers, language), _new(found, answers, language), _claimed(found, language)],
        notes,
    )


def _figures(found: Attribution, currency: str, language: str) -> Iterator[Figure]:
    words = WORDS[language]
    note = words["orders.note"].format(
        new=plain(found.new_count, language), revenue=plain(found.revenue, language), currency=currency
    )
    if found.is_thin:
        note += f" ; {words['orders.thin']}" if language == "fr" else f"; {words['orders.thin']}"
    yield Figure(words["orders"], plain(found.order_count, language), note)
    if not found.is_thin:
        farthest = found.farthest()
        if farthest is None:
            yield Figure(words["farthest"], words["farthest.none"])
        else:
            word, low, high = farthest
            note = words["farthest.note"].format(low=percent(low), high=percent(high))
            yield Figure(words["farthest"], source(word, language), note)
        said = percent(found.share("unknown", "said") or 0)
        note = words["unknown.note"].format(said=said)
        yield Figure(words["unknown"], percent(found.share("unknown", "first_touch") or 0), note)
    claimed, held = (sum(row[f"{name}_count"] for row in found.claims) for name in ("claimed", "held"))
    if not found.claims:
        yield Figure(words["claims"], "-", words["claims.none"])
    else:
        note = words["claims.note"].format(claimed=plain(claimed, language), held=plain(held, language))
        yield Figure(words["claims"], plain(claimed / held, language, 2) if held else "-", note)


def _revenue(found: Attribution, answers: tuple[str, ...], language: str) -> Table:
    words, rows = WORDS[language], []
    for row in found.sources[:SOURCES]:
        cells = []
        for answer in answers:
            share = found.share(row["source"], answer)
            cells += [money(row[f"{answer}_revenue"], language), "" if share is None else percent(share)]
        rows.append([source(row["source"], language), *cells])
    columns = [words["source"], *(name for answer in answers for name in (words[answer], words["part"]))]
    return Table(words["revenue"], columns, rows, note="" if rows else words["nothing"])


def _new(found: Attribution, answers: tuple[str, ...], language: str) -> Table:
    words = WORDS[language]
    rows = [
        [
            source(row["source"], language),
            # A share of a purchase only by position.
            *(plain(row[f"{answer}_new"], language, int(answer == POSITION)) for answer in answers),
        ]
        for row in found.sources[:SOURCES]
        if any(row[f"{answer}_new"] for answer in answers)
    ]
    columns = [words["source"], *(words[answer] for answer in answers)]
    return Table(words["new"], columns, rows, note="" if rows else words["nothing"])


def _claimed(found: Attribution, language: str) -> Table:
    words = WORDS[language]
    rows = [
        [
            row["platform"],
            plain(row["claimed_count"], language),
            plain(row["held_count"], language),
            "-" if row["over_claim"] is None else plain(row["over_claim"], language, 2),
        ]
        for row in found.claims
    ]
    note = "" if rows else words["claims.none"]
    return Table(words["claimed"], words["columns.claimed"].split("|"), rows, note=note)
