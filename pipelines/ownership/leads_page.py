"""The lead watch as a page: what vanishes first, what is missing, form by form."""

from collections.abc import Iterator

from pipelines.ownership.leads import Watch
from pipelines.ownership.leads_words import WORDS
from pipelines.paper.blocks import Figure, Page, Table
from pipelines.paper.numbers import plain

# What two sheets of A4 hold.
FORMS = 40


def page(watch: Watch, company: str, language: str) -> Page:
    words = WORDS[language]
    return Page(
        language,
        company,
        words["title"],
        words["day"].format(day=f"{watch.now:%Y-%m-%d %H:%M}"),
        list(_figures(watch, language)),
        [_streams(watch, language), _forms(watch, language)],
        [words["note"]],
    )


def _figures(watch: Watch, language: str) -> Iterator[Figure]:
    words = WORDS[language]
    if not watch.streams:
        yield Figure(words["next"], words["next.none"])
    elif watch.streams[0]["slack_days"] is None:
        note = words["next.never.note"].format(word=watch.streams[0]["word"])
        yield Figure(words["next"], words["next.never"], note)
    else:
        first = watch.streams[0]
        days = max(0, int(first["slack_days"]))
        note = words["next.note"].format(word=first["word"])
        yield Figure(words["next"], words["next.value"].format(days=days), note)
    announced = sum(form["announced"] or 0 for form in watch.forms)
    missing = sum(form["missing"] or 0 for form in watch.forms)
    note = words["missing.note"].format(announced=plain(announced, language))
    yield Figure(words["missing"], plain(missing, language), note)
    refused = sum(form["refused"] for form in watch.forms)
    yield Figure(words["refused"], plain(refused, language), words["refused.note"] if refused else "")


def _streams(watch: Watch, language: str) -> Table:
    words = WORDS[language]
    rows = [
        [
            row["word"],
            words[row["status"]],
            "-" if row["read_at"] is None else f"{row['read_at']:%Y-%m-%d %H:%M}",
            f"{row['window_days']:g}",
            "-" if row["slack_days"] is None else str(max(0, int(row["slack_days"]))),
        ]
        for row in watch.streams
    ]
    note = "" if rows else words["watch.none"]
    return Table(words["watch"], words["columns.watch"].split("|"), rows, 3, note)


def _forms(watch: Watch, language: str) -> Table:
    words = WORDS[language]
    counts = ("announced", "landed", "tests", "refused", "expired_unread", "erased", "missing")
    rows = [
        [
            form["form_name"] or form["form_id"] or "-",
            form["platform"],
            *(words["not_told"] if form[name] is None else plain(form[name], language) for name in counts),
        ]
        for form in watch.forms[:FORMS]
    ]
    note = words["ledger.none"] if not rows else ""
    if len(watch.forms) > FORMS:
        note = words["more"].format(count=len(watch.forms) - FORMS)
    return Table(words["ledger"], words["columns.ledger"].split("|"), rows, 2, note)
