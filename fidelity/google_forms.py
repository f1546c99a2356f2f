"""Google Forms by Google's own client and discovery documents: it follows the pages and knows every field."""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import googleapiclient
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from connectors.google_forms.fetch import MINE
from fidelity.report import Report, must

APP = {
    "grant_type": "refresh_token",
    "refresh_token": "sim-google-forms-refresh",
    "client_id": "sim-google-forms-client",
    "client_secret": "sim-google-forms-secret",
}
DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"


def main(base_url: str) -> int:
    report = Report(
        base_url, "google_forms", f"google-api-python-client {version('google-api-python-client')}"
    )
    address = f"{base_url}/google_forms"
    with urlopen(f"{address}/token", urlencode(APP).encode(), timeout=10) as answer:  # noqa: S310
        credentials = Credentials(json.load(answer)["access_token"])
    forms, drive = (
        build(
            name, of, credentials=credentials, static_discovery=True, client_options={"api_endpoint": where}
        )
        for name, of, where in (("forms", "v1", address), ("drive", "v3", f"{address}/drive/v3/"))
    )
    known = json.loads((DOCUMENTS / "forms.v1.json").read_text(encoding="utf-8"))["schemas"]
    found: list[str] = []
    with report.check("forms, as Drive lists them") as notes:
        asked = drive.files().list(q=MINE, pageSize=2, fields="nextPageToken,files(id)")
        while asked is not None:
            page = asked.execute()
            found += [file["id"] for file in page["files"]]
            asked = drive.files().list_next(asked, page)
        must(len(set(found)) == len(found) > 0, "none, or one twice")
        notes.append(f"{len(found)} forms")
    with report.check("each form, every field of it known to the discovery document"):
        for form in found:
            body = forms.forms().get(formId=form).execute()
            must(body["formId"] == form, "another form")
            fits(body, {"$ref": "Form"}, known, "Form")
    for form in found:
        with report.check(f"responses of {form}, in pages of 3, no field unknown") as notes:
            rows = list(responses(forms, form, pageSize=3))
            must(len({row["responseId"] for row in rows}) == len(rows), "one twice")
            for row in rows:
                fits(row, {"$ref": "FormResponse"}, known, "FormResponse")
                one = forms.forms().responses().get(formId=form, responseId=row["responseId"]).execute()
                must(one == {"formId": form, **row}, "told otherwise when asked for alone")
            notes.append(f"{len(rows)} responses")
    with report.check("only what was submitted at or after a moment, and only after it"):
        rows = [(form, row) for form in found for row in responses(forms, form)]
        form, row = rows[len(rows) // 2]
        times = [one["lastSubmittedTime"] for of, one in rows if of == form]
        moment = row["lastSubmittedTime"]
        after = [time for time in times if time > moment]
        for mark, expected in ((">=", [moment, *after]), (">", after)):
            some = responses(forms, form, filter=f"timestamp {mark} {moment}")
            must([one["lastSubmittedTime"] for one in some] == expected, f"others with {mark}")
    with report.check("what is refused is an error of its client's"):
        try:
            forms.forms().get(formId="no-such-form").execute()
        except HttpError as error:
            must((error.status_code, error.reason) == (404, "Requested entity was not found."), str(error))
        else:
            must(False, "a form that is not there")
    return int(report.has_failed)


def responses(forms: Any, form: str, **asked: Any) -> Any:
    request = forms.forms().responses().list(formId=form, **asked)
    while request is not None:
        page = request.execute()
        yield from page.get("responses", [])
        request = forms.forms().responses().list_next(request, page)


def fits(value: Any, told: dict[str, Any], known: dict[str, Any], where: str) -> None:
    """No field that the schema does not have, and none of another kind."""
    told = known[told["$ref"]] if "$ref" in told else told
    kind = {
        "string": str,
        "boolean": bool,
        "integer": int,
        "number": (int, float),
        "array": list,
        "object": dict,
    }
    must(isinstance(value, kind.get(told["type"], dict)), f"{where} is no {told['type']}")
    if "enum" in told:
        must(value in told["enum"], f"{where}: no such word")
    if told["type"] == "array":
        for one in value:
            fits(one, told["items"], known, where)
    if told["type"] == "object":
        for name, one in value.items():
            field = told.get("properties", {}).get(name) or told.get("additionalProperties")
            must(field, f"{where}.{name} is unknown")
            fits(one, field, known, f"{where}.{name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
