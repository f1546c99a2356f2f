"""Pipedrive by its own client, which is one for Node, and by the types it publishes, field by field."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from fidelity.environment import NODE, ROOT
from fidelity.report import Report, must

KEY = "sim-pipedrive-token"
CLIENT = NODE / "node_modules" / "pipedrive"
FIELD = re.compile(r"^    '(\w+)'\?: ([^;]+);", re.MULTILINE)
KINDS = {"number": (int, float), "string": (str,), "boolean": (bool,)}
# Told where they are asked for; the client's types leave them out.
ASKED = frozenset({"marketing_status", "doi_status"})


def main(base_url: str) -> int:
    version = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))["version"]
    report = Report(base_url, "pipedrive", f"pipedrive {version} (Node)")
    people: list[dict[str, Any]] = []
    with report.check("people in pages of 30, by number") as notes:
        people = list(_all(base_url, "PersonsApi", "getPersons", sort_by="id", limit=30))
        keys = [one["id"] for one in people]
        must(keys == sorted(set(keys)), "twice, or in another order")
        notes.append(f"{len(people)} people")
    with report.check("every field of a person is one of the published types") as notes:
        notes.append(f"{_typed(people, 'person')} values")
    with report.check("the marketing status is told only where it is asked for") as notes:
        must(not any(ASKED & one.keys() for one in people), "told unasked")
        asked = "marketing_status,doi_status"
        whole = list(_all(base_url, "PersonsApi", "getPersons", include_fields=asked, limit=500))
        states = sorted({one["marketing_status"] for one in whole})
        must({"no_consent", "subscribed", "unsubscribed"} <= set(states), str(states))
        notes.append(", ".join(states))
    with report.check("people changed at or after a moment, the moment itself with them"):
        times = sorted({one["update_time"] for one in people})
        found = _all(
            base_url, "PersonsApi", "getPersons", updated_since=times[-3], sort_by="update_time", limit=500
        )
        must({one["update_time"] for one in found} == set(times[-3:]), "others")
    with report.check("deals by state; the deleted only where they are asked for") as notes:
        plain = list(_all(base_url, "DealsApi", "getDeals", limit=500))
        every = list(_all(base_url, "DealsApi", "getDeals", status="open,won,lost,deleted", limit=500))
        must(plain and not any(one["is_deleted"] for one in plain), "none, or a deleted one")
        must({one["id"] for one in plain} <= {one["id"] for one in every}, "others")
        notes.append(f"{len(plain)}, {len(every)} with the deleted")
    with report.check("every field of a deal is one of the published types") as notes:
        away = list(_all(base_url, "DealsApi", "getArchivedDeals", limit=500))
        must(all(one["is_archived"] for one in away), "not put away")
        notes.append(f"{_typed([*every, *away], 'deal')} values")
    with report.check("organizations"):
        must(list(_all(base_url, "OrganizationsApi", "getOrganizations")), "none")
    cases = (
        ("a person that is not there", "not found", "getPerson", {"id": 999_999_999}, KEY),
        ("a page that is too large", "limit", "getPersons", {"limit": 501}, KEY),
        ("a wrong token", "unauthorized", "getPersons", {}, "another-token"),
    )
    for what, word, method, asked_for, token in cases:
        with report.check(f"the client understands {what}"):
            must(word in _refused(base_url, method, asked_for, token), "another answer")
    # Last, for it changes what is asked.
    with report.check("a person deleted, and then not there any more"):
        gone = {"id": people[0]["id"]}
        must(_ask(base_url, "PersonsApi", "deletePerson", gone)["told"]["data"] == gone, "another one")
        must("not found" in _refused(base_url, "getPerson", gone), "still there")
        must("already deleted" in _refused(base_url, "deletePerson", gone), "not told that it was before")
    return int(report.has_failed)


def _ask(base_url: str, api: str, method: str, asked: dict[str, Any], token: str = KEY) -> dict[str, Any]:
    script, base = ROOT / "fidelity" / "pipedrive_client.js", f"{base_url}/pipedrive/api/v2"
    words = ["node", str(script), str(NODE), base, token, api, method, json.dumps(asked)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    must(done.stdout.startswith("{"), done.stderr.strip()[-300:])
    return json.loads(done.stdout)


def _refused(base_url: str, method: str, asked: dict[str, Any], token: str = KEY) -> str:
    """The words of a refusal; nothing where there was none."""
    told = _ask(base_url, "PersonsApi", method, asked, token).get("refused")
    return str(told["error"]) if isinstance(told, dict) else ""


def _all(base_url: str, api: str, method: str, **asked: Any) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        answer = _ask(base_url, api, method, {**asked, **({"cursor": cursor} if cursor else {})})
        must("told" in answer and answer["told"]["success"], str(answer)[:200])
        yield from answer["told"]["data"]
        cursor = answer["told"]["additional_data"]["next_cursor"]
        if not cursor:
            return


def _typed(rows: list[dict[str, Any]], name: str) -> int:
    """How many values were looked at. Null may stand for any: the types say it only of some."""
    path = CLIENT / "dist" / "versions" / "v2" / "models" / f"{name}.d.ts"
    fields = dict(FIELD.findall(path.read_text(encoding="utf-8")))
    must(len(fields) > 10, "no types found")
    for row in rows:
        must(set(row) <= set(fields) | ASKED, f"unknown: {sorted(set(row) - set(fields))}")
        for field, value in row.items():
            kind = fields.get(field, "string").removesuffix(" | null")
            is_so = value is None or (
                isinstance(value, list) if kind.startswith("Array") else _is(value, kind)
            )
            must(is_so, f"{field} is {type(value).__name__} and not {kind}")
    return sum(map(len, rows))


def _is(value: Any, kind: str) -> bool:
    if kind not in KINDS:
        return isinstance(value, list if kind.startswith("Array") else dict)
    return isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
