"""The answers of googleads.googleapis.com and, below `/token`, of oauth2.googleapis.com."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from simulator.model import Lead
from simulator.platforms.form_tool import FormTool
from simulator.platforms.google_ads import figures, nodes
from simulator.platforms.google_ads.query import Query, Refused, camel, read
from simulator.wire import Answer, Call

VERSION = "v26"
REFRESH_TOKEN, DEVELOPER_TOKEN = "sim-google-refresh", "sim-google-developer"
APP = {"client_id": "sim-google-client", "client_secret": "sim-google-secret"}
MANAGER = "9876543210"
RETENTION = timedelta(days=60)
CHUNK = 50  # rows; the real one's are of ten thousand
LASTS = 3599  # seconds
FORM, LEAD = "asset.lead_form_asset", "lead_form_submission_data"
DAYS = frozenset(
    {
        "customer.currency_code", "campaign.id", "campaign.name", "segments.date",
        "segments.conversion_action_category", "metrics.cost_micros", "metrics.impressions", "metrics.clicks",
        "metrics.engagements", "metrics.all_conversions",
    }
)  # fmt: skip
KNOWN = {
    "customer": frozenset(
        f"customer.{name}" for name in ("id", "descriptive_name", "currency_code", "time_zone", "manager")
    ),
    "asset": frozenset({"asset.id", "asset.name", "asset.type"})
    | {
        f"{FORM}.{name}"
        for name in (
            "headline", "business_name", "description", "privacy_policy_url", "custom_disclosure", "fields",
            "custom_question_fields",
        )
    },
    LEAD: frozenset(
        f"{LEAD}.{name}"
        for name in (
            "id", "asset", "campaign", "ad_group", "ad_group_ad", "gclid", "submission_date_time",
            "lead_form_submission_fields", "custom_lead_form_submission_fields",
        )
    ),
    "campaign": DAYS,
    "ad_group_ad": DAYS | {"ad_group.id", "ad_group.name", "ad_group_ad.ad.id", "ad_group_ad.ad.name"},
}  # fmt: skip
NO_ENTRY = "User doesn't have permission to access customer."
PERMISSION = ("authorizationError", "USER_PERMISSION_DENIED", NO_ENTRY)


class GoogleAds(FormTool):
    name = "google_ads"
    promised = f"{LEAD}.submission_date_time"

    def __init__(self, *made: Any) -> None:
        super().__init__(*made)
        self.customers = sorted({form.account_id for form in self.forms.values()})
        self.campaigns = {c.campaign_id: c for c in self.company.campaigns if c.platform == self.name}
        self.given, self.turns = set[str](), count(1)

    def make_view(self) -> dict[str, list[Lead]]:
        oldest = self.clock.now - RETENTION
        found = super().make_view()
        # Tests are only ever pushed.
        return {
            form: [lead for lead in leads if lead.person_id and lead.created_at >= oldest]
            for form, leads in found.items()
        }

    # -- what the server asks ---------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        match call.method, *call.parts:
            case "POST", "token":
                return self._token(call)
            case "POST", version, "customers", customer, "googleAds:searchStream" if version == VERSION:
                return self._search(call, customer)
            case "POST", version, "customers", _, "googleAds:searchStream" if version in ("v21", "v22"):
                text = f"Version {version} is deprecated. Requests to this version will be blocked."
                return self._error(400, "INVALID_ARGUMENT", ("requestError", "UNSUPPORTED_VERSION", text))
        return Answer("<title>Error 404 (Not Found)!!1</title>", 404, {"Content-Type": "text/html"})

    def refuse(self, call: Call, fault: str) -> Answer:
        self.turn += 1
        if call.parts == ("token",):
            return Answer({"error": "internal_failure"}, 500 if fault == "server_error" else 429)
        if fault == "server_error":
            if self.turn % 2:
                return self._error(503, "UNAVAILABLE", None)
            failure = ("internalError", "TRANSIENT_ERROR", "A transient error occurred.")
            return self._error(500, "INTERNAL", failure)
        wait = f"{self.faults.wait_seconds:.3f}s"
        details = {
            "quotaErrorDetails": {"rateScope": "DEVELOPER", "rateName": "Requests", "retryDelay": wait}
        }
        failure = ("quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED", "Too many requests. Retry later.")
        return self._error(429, "RESOURCE_EXHAUSTED", failure, details)

    def missing(self) -> dict[str, dict[str, str]]:
        keys = [lead.lead_id for leads in self.make_view().values() for lead in leads]
        return {"leads": {key: "submitted_at" for key in keys if self.lacks(key)}}

    def expire(self, call: Call) -> None:
        self.given.discard(call.bearer or "")

    # -- asking -----------------------------------------------------------------------------------

    def _token(self, call: Call) -> Answer:
        told = call.form
        if {name: told.get(name) for name in APP} != APP:
            return Answer({"error": "invalid_client", "error_description": "Unauthorized"}, 401)
        if told.get("grant_type") != "refresh_token" or told.get("refresh_token") != REFRESH_TOKEN:
            text = "Token has been expired or revoked."
            return Answer({"error": "invalid_grant", "error_description": text}, 400)
        token = f"sim-google-access-{next(self.turns)}"
        self.given.add(token)
        scope = "https://www.googleapis.com/auth/adwords"
        return Answer({"access_token": token, "expires_in": LASTS, "scope": scope, "token_type": "Bearer"})

    def _search(self, call: Call, customer: str) -> Answer:
        if refusal := self._refusal(call, customer):
            return refusal
        asked = call.json.get("query") if isinstance(call.json, dict) else None
        try:
            query = read(str(asked or ""), KNOWN)
            rows = query.rows(self._found(query, customer))
        except Refused as error:
            return self._error(400, "INVALID_ARGUMENT", (error.kind, error.code, str(error)))
        if query.source == LEAD:
            for form in self.forms:
                self.release(form)
        return Answer(self._chunks(call, query, rows))

    def _refusal(self, call: Call, customer: str) -> Answer | None:
        if call.bearer not in self.given:
            text = "Request had invalid authentication credentials."
            return self._error(401, "UNAUTHENTICATED", ("authenticationError", "OAUTH_TOKEN_EXPIRED", text))
        token = call.headers.get("developer-token")
        if not token:
            failure = ("requestError", "DEVELOPER_TOKEN_PARAMETER_MISSING", "Developer token is missing.")
            return self._error(400, "INVALID_ARGUMENT", failure)
        if token != DEVELOPER_TOKEN:
            failure = ("authenticationError", "DEVELOPER_TOKEN_INVALID", "The developer token is not valid.")
            return self._error(401, "UNAUTHENTICATED", failure)
        if customer not in self.customers or call.headers.get("login-customer-id") != MANAGER:
            return self._error(403, "PERMISSION_DENIED", PERMISSION)
        return None

    def _found(self, query: Query, customer: str) -> Iterable[Mapping[str, Any]]:
        mine = [form for form in self.forms.values() if form.account_id == customer]
        match query.source:
            case "customer":
                return [self._customer(customer)]
            case "asset":
                return [nodes.form_row(form) for form in mine if form.created_at <= self.clock.now]
            case "lead_form_submission_data":
                view = self.view()
                return [self._lead(lead) for form in mine for lead in view.get(form.form_id, ())]
        return figures.rows(self.company, customer, query)

    def _customer(self, customer: str) -> dict[str, Any]:
        return {
            "customer.resource_name": f"customers/{customer}", "customer.id": customer,
            "customer.descriptive_name": self.company.name, "customer.currency_code": "EUR",
            "customer.time_zone": "Europe/Paris", "customer.manager": False,
        }  # fmt: skip

    def _lead(self, lead: Lead) -> dict[str, Any]:
        row = nodes.lead_row(lead, self.forms[lead.form_id], self.campaigns)
        row.pop(self.lacks(lead.lead_id) or "", None)
        return row

    def _chunks(self, call: Call, query: Query, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(rows)
        if rows and self.faults.strikes("repeated", self.name, call.signature):
            rows.append(rows[0])
        if rows and self.faults.chooses("unknown_field", self.name, call.signature):
            rows = [row | {"simQuality": {"score": 97}} for row in rows]
        about = {"fieldMask": ",".join(map(camel, query.fields)), "requestId": self._request()}
        chunks = [{"results": rows[i : i + CHUNK], **about} for i in range(0, len(rows), CHUNK)]
        if not chunks or self.faults.strikes("empty_page", self.name, call.signature):
            chunks.insert(0, about)
        return chunks

    def _error(
        self,
        status: int,
        state: str,
        failure: tuple[str, str, str] | None,
        details: dict[str, Any] | None = None,
    ) -> Answer:
        """As in a stream: in a list."""
        error: dict[str, Any] = {"code": status, "message": "Request contains an error.", "status": state}
        if failure is not None:
            kind, code, message = failure
            one = {"errorCode": {kind: code}, "message": message} | ({"details": details} if details else {})
            error["details"] = [
                {
                    "@type": f"type.googleapis.com/google.ads.googleads.{VERSION}.errors.GoogleAdsFailure",
                    "errors": [one],
                    "requestId": self._request(),
                }
            ]
        return Answer([{"error": error}], status)

    def _request(self) -> str:
        return f"sim{int(self.clock.now.timestamp())}"
