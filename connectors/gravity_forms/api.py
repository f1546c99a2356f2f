"""How to ask a site's Gravity Forms: entries that know their fields by number only, errors with a code."""

from typing import Any

from connectors.client import Answer, Env, Retry, judge_status
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    RetiredVersion,
    Row,
)
from connectors.wordpress import Site, utc

API = "wp-json/gf/v2"
# What staff get and see when somebody answers: their addresses, and nothing anybody was asked.
OURS_ALONE = frozenset({"notifications", "confirmations"})
# What a field asks, and how its answer is to be read.
TOLD = (
    "id",
    "type",
    "inputType",
    "label",
    "description",
    "checkboxLabel",
    "inputName",
    "visibility",
    "isRequired",
    "inputs",
    "choices",
)


class GravityForms(Site):
    """The forms of one site by one key."""

    def __init__(self, env: Env) -> None:
        super().__init__(env, "gravity_forms", API, judge)
        self.account = str(env.settings.get("account", "gravity_forms"))
        self._forms: dict[str, Row | None] = {}

    def form(self, number: str) -> Row | None:
        """The form with its fields; None where it is gone. One client reads each once."""
        if number not in self._forms:
            self._forms[number] = self._form(number)
        return self._forms[number]

    def _form(self, number: str) -> Row | None:
        if not is_number(number):
            return None
        try:
            form = self.get(f"forms/{number}")
        except NotThere:
            return None
        if not isinstance(form, dict):
            raise BadAnswer("gravity_forms: a form that is no object")
        kept = {name: value for name, value in form.items() if name not in OURS_ALONE}
        return kept | times(form, "created_at_utc")

    def completed(self, row: Any) -> Any:
        """The entry with its times in UTC and what its fields ask. What is no object goes on as it is."""
        if not isinstance(row, dict):
            return row
        form = self.form(str(row.get("form_id"))) or {}
        fields = form.get("fields")
        listed = fields if isinstance(fields, list) else []
        asked = [_told(field) for field in listed if isinstance(field, dict)]
        return row | times(row, "created_at_utc", "changed_at_utc") | ({"fields": asked} if asked else {})


def client(env: Env) -> GravityForms:
    return GravityForms(env)


def is_number(value: Any) -> bool:
    """Whether it is the number of a form or an entry: such a one may stand in an address."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 20


def _told(field: Row) -> Row:
    return {name: field[name] for name in TOLD if field.get(name)}


def times(row: Row, *names: str) -> Row:
    """Those of an entry's times that are asked for, in UTC and with their zone."""
    created = utc(row.get("date_created"))
    found = {"created_at_utc": created, "changed_at_utc": utc(row.get("date_updated")) or created}
    return {name: found[name] for name in names if found[name]}


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """401 is said to a key nobody knows, 403 to one whose user may not; a missing form is a 500."""
    told: Row = answer.data if isinstance(answer.data, dict) else {}
    code = str(told.get("code") or "") if answer.status >= 300 else ""
    if code == "rest_no_route":
        return RetiredVersion(
            "no REST API v2 there: switch it on (Forms, Settings, REST API); it needs Gravity Forms 2.4 and "
            "permalinks that are not plain"
        )
    if answer.status == 401:
        return BrokenToken(
            "the key is refused: make a new one (Forms, Settings, REST API; Read/Write to erase people) into "
            "GRAVITY_FORMS_KEY and GRAVITY_FORMS_SECRET; if it is new, try key_in: address"
        )
    if answer.status == 403 and code:
        return MissingPermission(
            "the key's user may not do this: editing forms and viewing entries are needed"
        )
    if answer.status == 403:
        return MissingPermission("a firewall answers in the site's place: let this machine through")
    if code in {"gf_not_found", "gf_entry_invalid_id", "gf_form_invalid_id"}:
        return NotThere(code)
    if answer.status == 404:
        return BadAnswer("no WordPress there: check platforms.gravity_forms.site")
    return judge_status(answer)
