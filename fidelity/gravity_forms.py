"""Gravity Forms by a client of others, which signs each call: the vendor has none for Python.

Its own way to filter writes addresses that its library for signatures refuses: they are handed to it encoded.
"""

import json
import sys
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode

from gravityforms.client import Client
from gravityforms.exceptions import UnauthorizedError

from fidelity.report import Report, must

KEY, SECRET = "ck_sim_gravity", "cs_sim_gravity"
# What the vendor's documentation and its published schema of an entry name; the API tells all as text.
ENTRY = {
    "id",
    "form_id",
    "date_created",
    "date_updated",
    "is_starred",
    "is_read",
    "ip",
    "source_url",
    "user_agent",
    "payment_status",
    "payment_date",
    "payment_amount",
    "payment_method",
    "transaction_id",
    "is_fulfilled",
    "created_by",
    "transaction_type",
    "status",
}


def main(base_url: str) -> int:
    report = Report(base_url, "gravity_forms", f"gravityforms-python {version('gravityforms-python')}")
    client = Client(f"{base_url}/gravity_forms", KEY, SECRET)
    forms: dict[str, Any] = {}
    with report.check("forms with their counts, and the fields of each") as notes:
        forms |= client.list_forms()
        for number, item in forms.items():
            form = client.get_form(number)
            must((str(form["id"]), form["title"]) == (item["id"], item["title"]), "another form")
            must(all(field["type"] and field["label"] for field in form["fields"]), "a field without words")
        notes.append(f"{len(forms)} forms")
    for number, item in forms.items():
        with report.check(f"entries of “{item['title']}”, in pages of 3") as notes:
            _entries(client, number, int(item["entries"]), notes)
    with report.check("unasked: the ten newest entries of all forms"):
        found = client.list_entries()
        numbers = [int(row["id"]) for row in found["entries"]]
        must(len(numbers) == 10 and numbers == sorted(numbers, reverse=True), "others")
        must(found["total_count"] == sum(int(item["entries"]) for item in forms.values()), "miscounted")
    with report.check("only what changed at or after a time"):
        rows = _asked(client, "entries", **{"paging[page_size]": 1000})["entries"]
        middle = sorted(row["date_updated"] for row in rows)[len(rows) // 2]
        search = {"field_filters": [{"key": "date_updated", "operator": ">=", "value": middle}]}
        after = _asked(client, "entries", search=json.dumps(search), **{"paging[page_size]": 1000})["entries"]
        expected = {row["id"] for row in rows if row["date_updated"] >= middle}
        must({row["id"] for row in after} == expected, "others")
    with report.check("a wrong secret is refused"):
        try:
            Client(f"{base_url}/gravity_forms", KEY, "wrong").list_forms()
        except UnauthorizedError as error:
            must(error.args[0]["data"]["status"] == 401, "another error")
        else:
            must(False, "taken")
    # Last, for it changes what is asked.
    with report.check("an entry binned, then erased, and not there any more"):
        number = client.list_entries()["entries"][0]["id"]
        must(client.delete(f"entries/{number}")["status"] == "trash", "not binned")
        must(client.delete(f"entries/{number}?force=1")["deleted"] is True, "not erased")
        must(client.get(f"entries/{number}")["code"] == "gf_entry_invalid_id", "still there")
    return int(report.has_failed)


def _asked(client: Client, path: str, **params: Any) -> dict[str, Any]:
    return client.get(f"{path}?{urlencode(params)}")


def _entries(client: Client, form: str, count: int, notes: list[str]) -> None:
    """All of a form: each value under a field it has, and as many as it counts."""
    fields = client.get_form(form)["fields"]
    inputs = {str(part["id"]) for field in fields for part in field["inputs"] or [field]}
    rows: list[dict[str, Any]] = []
    order = {"form_ids[0]": form, "sorting[key]": "id", "sorting[direction]": "ASC", "paging[page_size]": 3}
    while page := _asked(client, "entries", **order, **{"paging[offset]": len(rows)})["entries"]:
        rows += page
    must(len({row["id"] for row in rows}) == len(rows) == count, "lost, twice or miscounted")
    must(all(set(row) >= ENTRY for row in rows), "another shape than documented")
    must(all({name for name in row if name[0].isdigit()} == inputs for row in rows), "values of other fields")
    must(all(row["form_id"] == form for row in rows), "of another form")
    notes.append(f"{len(rows)} entries")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
