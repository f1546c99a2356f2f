"""The folder for one person: summary.html to read, data.json and one CSV a table to take along.

Files are 0600 and hold no link to anywhere: they open without a network.
"""

import calendar
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from connectors.landing import write_durably
from pipelines.company import Company
from pipelines.dsar.gather import Section
from pipelines.dsar.words import TITLES, say
from pipelines.exporting import files

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; font-size: .85rem }
th, td { border: 1px solid #999; padding: .25rem .5rem; text-align: left; vertical-align: top }
td { overflow-wrap: anywhere }
caption { text-align: left; font-weight: bold } .own { color: #064 }
"""


@dataclass(frozen=True)
class Clock:
    """When they asked, and until when the answer is due: one month or three, clamped to a month's end."""

    received: date
    is_extended: bool = False

    @property
    def due(self) -> date:
        months = self.received.month - 1 + (3 if self.is_extended else 1)
        year, month = self.received.year + months // 12, months % 12 + 1
        return date(year, month, min(self.received.day, calendar.monthrange(year, month)[1]))


def write(
    company: Company, folder: Path, sections: Sequence[Section], clock: Clock, today: date, language: str
) -> None:
    """All files of the answer into `folder`, which is made, 0700."""
    folder.mkdir(mode=0o700, parents=True)
    for section in sections:
        write_durably(folder / f"{section.name}.csv", as_csv(section))
    data = {
        section.name: {"provided_by_the_person": section.is_provided, "rows": section.rows}
        for section in sections
    }
    text = json.dumps(data, ensure_ascii=False, indent=1, default=_plain)
    write_durably(folder / "data.json", text.encode())
    page = summary(company, sections, clock, today, language)
    write_durably(folder / "summary.html", page.encode())


def as_csv(section: Section) -> bytes:
    """As every export: for spreadsheets, no cell a formula. `art_20` says what is portable."""
    columns = [*(section.rows[0] if section.rows else ()), "art_20"]
    portable = {"art_20": "yes" if section.is_provided else "no"}
    texts = [{name: _text(value) for name, value in row.items()} | portable for row in section.rows]
    return files.as_csv(columns, texts)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)


# -- the page --------------------------------------------------------------------------------------


def summary(company: Company, sections: Sequence[Section], clock: Clock, today: date, language: str) -> str:
    """One page without a script, a font or a picture from anywhere."""
    title = html.escape(say(language, "title", company=company.config.company))
    lines = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{STYLE}</style></head><body><main><h1>{title}</h1>",
        *(f"<p>{html.escape(text)}</p>" for text in _about(company, sections, clock, today, language)),
        f"<h2>{html.escape(say(language, 'purposes'))}</h2><ul>",
        *(f"<li>{html.escape(text)}</li>" for text in _purposes(sections, language)),
        "</ul>",
    ]
    for section in sections:
        lines += _table(section, language)
    return "\n".join([*lines, "</main></body></html>\n"])


def _about(
    company: Company, sections: Sequence[Section], clock: Clock, today: date, language: str
) -> list[str]:
    told, found = company.config.privacy, {section.name: section.rows for section in sections}
    sources = ", ".join(sorted({row["source"] for row in found["records"]})) or "-"
    recipients = ", ".join(told.recipients) or say(language, "nobody")
    computed = {row["what"]: row["value"] for row in found["computed"]}
    purge = computed.get("erased_without_a_new_act_on", "?")
    lines = [
        say(language, "made", day=today, received=clock.received, due=Clock(clock.received).due),
        say(language, "sources", sources=sources),
        say(language, "recipients", recipients=recipients),
        say(language, "stored", place=told.stored_in or say(language, "place_unknown")),
        say(language, "retention", day=purge),
        say(language, "computing"),
        say(language, "rights"),
        say(language, "left_out"),
    ]
    if clock.is_extended:
        lines.insert(1, say(language, "extended", due=clock.due))
    if told.contact:
        lines.append(say(language, "contact", contact=told.contact))
    return lines


def _purposes(sections: Sequence[Section], language: str) -> list[str]:
    [permissions] = [section.rows for section in sections if section.name == "permissions"]
    asked: dict[tuple[str, str], str] = {}
    for row in permissions:
        basis = (row["basis"] or row["reason"]) if row["is_allowed"] else say(language, "no_basis")
        if row["is_allowed"] or (row["purpose"], row["channel"]) not in asked:
            asked[row["purpose"], row["channel"]] = basis
    lines = [
        say(language, "purpose", purpose=purpose, channel=channel, basis=basis)
        for (purpose, channel), basis in asked.items()
    ]
    return [*lines, say(language, "accounts")]


def _table(section: Section, language: str) -> list[str]:
    title = html.escape(TITLES[language][section.name])
    lines = [f"<h2>{title}</h2>"]
    if section.is_provided:
        lines.append(f'<p class="own">{html.escape(say(language, "portable"))}</p>')
    if not section.rows:
        return [*lines, f"<p>{html.escape(say(language, 'empty'))}</p>"]
    columns = [name for name in section.rows[0] if any(row[name] is not None for row in section.rows)]
    head = "".join(f'<th scope="col">{html.escape(name.replace("_", " "))}</th>' for name in columns)
    lines.append(f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>")
    for row in section.rows:
        cells = "".join(f"<td>{html.escape(_shown(row[name], language))}</td>" for name in columns)
        lines.append(f"<tr>{cells}</tr>")
    return [*lines, "</tbody></table>"]


def _shown(value: Any, language: str) -> str:
    return say(language, "yes" if value else "no") if isinstance(value, bool) else _text(value)
