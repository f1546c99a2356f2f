"""How Salesforce is asked: SOQL over REST, by tokens that an app's own secret makes. Errors are lists."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from connectors.client import Answer, Env, Retry, judge_status, told_wait
from connectors.declared import Api
from connectors.landing import at
from connectors.oauth import Access
from connectors.salesforce.versions import VERSION
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingCredential,
    MissingPermission,
    NotThere,
    PlatformDown,
    RetiredVersion,
    Row,
)

Result = TypeVar("Result")
TOKENS = "services/oauth2/token"
GONE = frozenset({"NOT_FOUND", "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})


class Salesforce(Api):
    """One org at its own domain. What the app's user may not see, record or field, is not there."""

    def __init__(self, env: Env) -> None:
        instance = str(env.settings.get("base_url") or env.settings.get("instance") or "")
        if not instance:
            raise MissingCredential(
                "set platforms.salesforce.instance to your org's own domain, https://<yours>.my.salesforce.com"
            )
        self._id, secret = env.secret("SALESFORCE_CLIENT_ID"), env.secret("SALESFORCE_CLIENT_SECRET")
        self._access = Access(env, "salesforce", fixed="", seed=secret, renew=self._make_token)
        self.data = f"services/data/v{env.settings.get('version', VERSION)}"
        super().__init__(
            env,
            "salesforce",
            instance,
            per_second=10,  # Salesforce names none: its limits are calls a day, and long ones side by side
            judge=judge,
            secrets=(secret,),
        )

    def use(self, call: Callable[[dict[str, str]], Result]) -> Result:
        """What a call returns, given the headers to call with; a session that ended is begun anew, once."""
        return self._access.use(lambda token: call({"Authorization": f"Bearer {token}"}))

    def ask(self, path: str, params: Mapping[str, Any] | None = None) -> Row:
        """The object of an answer below the version's address."""
        data = self.use(lambda headers: self.http.get(f"{self.data}/{path}", params, headers)).data
        if not isinstance(data, dict):
            raise BadAnswer(f"salesforce {path}: no object in the answer")
        return data

    def pages(self, soql: str) -> Iterator[list[Any]]:
        """What a query finds, deleted and merged records among it, page by page."""
        data = self.ask("queryAll", {"q": soql})
        while True:
            rows = data.get("records")
            if not isinstance(rows, list):
                raise BadAnswer("salesforce query: no list of records in the answer")
            if rows:
                yield rows
            if data.get("done") is not False:
                return
            # The path of the next page says "query", which is right: it goes on as it began.
            locator = str(at(data, "nextRecordsUrl") or "").rpartition("/")[2]
            if not locator.replace("-", "").isalnum():
                raise BadAnswer("salesforce query: more is announced, but nothing leads to it")
            data = self.ask(f"query/{locator}")

    def count(self, soql: str) -> int | None:
        total = self.ask("query", {"q": soql}).get("totalSize")
        return total if isinstance(total, int) and not isinstance(total, bool) else None

    def _make_token(self, client_secret: str) -> Any:
        fields = {"grant_type": "client_credentials", "client_id": self._id, "client_secret": client_secret}
        return self.http.form(TOKENS, fields).data


def client(env: Env) -> Salesforce:
    return Salesforce(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """Errors name themselves in `errorCode`. Never `message`: it may name somebody."""
    if answer.status < 400:
        return judge_status(answer)
    code, message = _error(answer.data)
    if code == "REQUEST_LIMIT_EXCEEDED":
        if "Concurrent" in message:
            return Retry("too many calls at once", told_wait(answer.headers))
        return PlatformDown("the org's calls of the day are used up: the next run goes on tomorrow")
    if isinstance(answer.data, dict) and isinstance(answer.data.get("error"), str):  # of tokens alone
        return BrokenToken(
            "no token is made: look at SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET, and whether the app"
            " may use the client credentials flow and has a user to run as"
        )
    if answer.status == 401:
        return BrokenToken("the session has ended, and SALESFORCE_CLIENT_SECRET brought no other")
    if answer.status == 403 or code == "INSUFFICIENT_ACCESS_OR_READONLY":
        return MissingPermission(f"the app's user may not do this ({code or 403}): give it the permission")
    if answer.status == 404 or code in GONE:
        return NotThere(code or "not there")
    if answer.status == 410:
        return RetiredVersion("this version is served no more: look at platforms.salesforce.version")
    if answer.status < 500 and code:
        return BadAnswer(f"{answer.status} {code}")
    return judge_status(answer)


def _error(data: Any) -> tuple[str, str]:
    first = data[0] if isinstance(data, list) and data else None
    code, message = at(first, "errorCode"), at(first, "message")
    is_code = isinstance(code, str) and code.replace("_", "").isalnum() and len(code) < 60
    return code if is_code else "", message if isinstance(message, str) else ""
