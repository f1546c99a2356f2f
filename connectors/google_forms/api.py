"""How to ask Google Forms and, for the list of forms, Google Drive; what their errors mean."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from connectors.client import Answer, Client, Env, Retry, judge_status
from connectors.google import Google, bearing, of_token
from connectors.stream import BadAnswer, BrokenToken, ConnectorError, MissingPermission, NotThere, Row

ADDRESS = "https://forms.googleapis.com"
DRIVE = "https://www.googleapis.com"
SECRETS = ("GOOGLE_FORMS_CLIENT_ID", "GOOGLE_FORMS_CLIENT_SECRET", "GOOGLE_FORMS_REFRESH_TOKEN")
# Of each user, by Google's page on limits: reads 390 a minute, lists of responses 180.
PACE = {"per_second": 390 / 60, "apart": {"/responses": 180 / 60}}


class GoogleForms(Google):
    """The forms of one person's account, or of it those named in the settings."""

    def __init__(self, env: Env) -> None:
        super().__init__(env, "google_forms", "GOOGLE_FORMS", ADDRESS, judge, PACE)
        self.account = str(env.settings.get("account", "google_forms"))
        self.chosen = [str(one) for one in env.settings.get("forms") or ()]

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Row:
        return self._read(self.http, path, params)

    def pages(self, path: str, of: str, size: int, **params: Any) -> Iterator[list[Any]]:
        """The lists of all pages. Where there is nothing Google leaves the list out."""
        http = self._drive if path.startswith("drive/") else self.http
        asked = {**params, "pageSize": size}
        while True:
            data = self._read(http, path, asked)
            rows = data.get(of, [])
            if not isinstance(rows, list):
                raise BadAnswer(f"google_forms {path}: no {of} in the answer")
            if rows:
                yield rows
            if not data.get("nextPageToken"):
                return
            # The filter stays as it was, or the token is refused.
            asked["pageToken"] = str(data["nextPageToken"])

    def _read(self, http: Client, path: str, params: Mapping[str, Any] | None) -> Row:
        data = self.access.use(lambda token: http.get(path, params, bearing(token)).data)
        if not isinstance(data, dict):
            raise BadAnswer(f"google_forms {path}: no object in the answer")
        return data

    @cached_property
    def _drive(self) -> Client:
        # Who gives another address for the API (a proxy, a simulator) has Drive there, too.
        return self.http if self.env.settings.get("base_url") else self.client(DRIVE)


def client(env: Env) -> GoogleForms:
    for name in SECRETS:
        env.secret(name)
    return GoogleForms(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """By the state inside where there is one: a quota may also be told with 403."""
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    if isinstance(error, str):
        return of_token("GOOGLE_FORMS", error, answer)
    told: Row = error if isinstance(error, dict) else {}
    state, message = str(told.get("status") or ""), str(told.get("message") or "")[:200]
    if state == "RESOURCE_EXHAUSTED" and answer.status != 429:
        return Retry("too many calls")
    if answer.status == 401:
        return BrokenToken("the token is refused: look at GOOGLE_FORMS_REFRESH_TOKEN")
    if answer.status == 403:
        return MissingPermission(
            "the app needs the scopes forms.body.readonly, forms.responses.readonly, drive.metadata.readonly,"
            f" both APIs switched on in its Cloud project, the person the right to edit the form: {message}"
        )
    if answer.status == 404:
        return NotThere(
            "no such form, or not one the token's person may edit: look at platforms.google_forms.forms"
        )
    if answer.status == 400 and told:
        return BadAnswer(message)
    return judge_status(answer)
