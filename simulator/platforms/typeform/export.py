"""The results, one file per form: UTF-8 with BOM, the questions' own words as headers."""

from pathlib import Path

from simulator.export_files import each_form, text
from simulator.model import Company, Form, Lead
from simulator.platforms.typeform import nodes

COLUMNS = (
    "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags",
    "Ending",
)  # fmt: skip


def files(company: Company, folder: Path) -> list[Path]:
    return each_form(company, "typeform", lambda form, leads: _write(folder / form.account_id, form, leads))


def _write(folder: Path, form: Form, leads: list[Lead]) -> Path:
    definition = nodes.form_definition(form)
    titles = {field["ref"]: field["title"] for field in definition["fields"]}
    hidden = definition["hidden"]
    header = ("#", *titles.values(), *hidden, *COLUMNS)
    rows = (_row(nodes.response(lead, form), titles, hidden) for lead in reversed(leads))
    return text(folder / f"responses-{form.form_id}-01.csv", "utf-8-sig", ",", header, rows)


def _row(row: dict, titles: dict[str, str], hidden: list[str]) -> list[str]:
    given = {answer["field"]["ref"]: answer[answer["type"]] for answer in row.get("answers", ())}
    cells = [row["token"]]
    cells += [_yes(given.get(ref, "")) for ref in titles]
    cells += [row.get("hidden", {}).get(name, "") for name in hidden]
    landed, submitted = (
        row[name].replace("T", " ").removesuffix("Z") for name in ("landed_at", "submitted_at")
    )
    return [*cells, row["response_type"], landed, "", submitted, row["metadata"]["network_id"], "", ""]


def _yes(value: str | bool) -> str:
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else value
