"""Jotform by its own client, which hands out the content of an envelope and hides the rest of it."""

import sys
from importlib.metadata import version
from urllib.error import HTTPError

from jotform import JotformAPIClient

from fidelity.report import Report, must

KEY = "sim-jotform-key"


def main(base_url: str) -> int:
    report = Report(base_url, "jotform", f"jotform {version('jotform')}")
    client = JotformAPIClient(KEY, baseUrl=f"{base_url}/jotform/")
    forms: list[dict] = []
    with report.check("the account and its zone"):
        must(client.get_user()["time_zone"], "no zone")
    with report.check("forms, and what each asks") as notes:
        forms += client.get_forms(limit=100)
        asked = {form["id"]: client.get_form_questions(form["id"]) for form in forms}
        must(all(form["id"] == client.get_form(form["id"])["id"] for form in forms), "another form")
        must(all(question["text"] for one in asked.values() for question in one.values()), "no text")
        notes.append(f"{len(forms)} forms")
    for form in forms:
        with report.check(f"submissions of “{form['title']}”, in pages of 3") as notes:
            _submissions(client, form, notes)
    with report.check("only what is younger than a time, the moment itself left out"):
        seen = client.get_form_submissions(forms[0]["id"], limit=1000)
        times = sorted({row["created_at"] for row in seen})
        after = client.get_form_submissions(
            forms[0]["id"], limit=1000, filterArray={"created_at:gt": times[len(times) // 2]}
        )
        must({row["created_at"] for row in after} == set(times[len(times) // 2 + 1 :]), "others")
    with report.check("one submission, erased, and not there any more"):
        row = client.get_form_submissions(forms[0]["id"], limit=1)[0]
        must(client.get_submission(row["id"])["id"] == row["id"], "another submission")
        client.delete_submission(row["id"])
        try:
            client.get_submission(row["id"])
        except HTTPError as error:
            must(error.code == 404, f"refused with {error.code}")
        else:
            must(False, "still there")
    return int(report.has_failed)


def _submissions(client: JotformAPIClient, form: dict, notes: list[str]) -> None:
    """All of a form: every answer to a question it has, and as many as it counts."""
    asked, rows = client.get_form_questions(form["id"]), []
    while page := client.get_form_submissions(form["id"], offset=len(rows), limit=3, order_by="created_at"):
        rows += page
    must(len({row["id"] for row in rows}) == len(rows) == int(form["count"]), "lost, twice or miscounted")
    must(all(set(row["answers"]) <= set(asked) for row in rows), "answers to what nobody asked")
    must(all(row["form_id"] == form["id"] for row in rows), "of another form")
    notes.append(f"{len(rows)} submissions")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
