"""How to ask Stripe: one version for every call, and a header that says what may be asked again."""

from collections.abc import Mapping
from typing import Any

from connectors.client import Answer, Env, Retry, judge_status, told_wait
from connectors.declared import Api
from connectors.landing import at
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    RetiredVersion,
    Row,
)

VERSION = "2026-10-28.endive"


class Stripe(Api):
    """One account by one key."""

    def __init__(self, env: Env) -> None:
        key = env.secret("STRIPE_KEY")
        self.now = env.now
        # Stripe does not tell the words beside its box.
        self.promotions_wording = env.settings.get("promotions_wording")
        version = str(env.settings.get("version", VERSION))
        super().__init__(
            env,
            "stripe",
            "https://api.stripe.com",
            per_second=25,  # allowed on each endpoint, and in a sandbox in all (docs.stripe.com/rate-limits)
            at_once=6,  # pages side by side, of each stream
            headers={"Authorization": f"Bearer {key}", "Stripe-Version": version},
            judge=judge,
            secrets=(key,),
        )

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Row:
        return super().get(f"v1/{path}", params)


def client(env: Env) -> Stripe:
    return Stripe(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    told = at(answer.data, "error")
    error: Row = told if isinstance(told, dict) else {}
    code, message = str(error.get("code") or ""), str(error.get("message") or "")[:200]
    if answer.status == 401:
        return BrokenToken("the key is refused: make a restricted one in Stripe's dashboard, into STRIPE_KEY")
    if answer.status == 403:
        return MissingPermission(f"the key lacks a right: {message}")
    if code == "resource_missing":
        return NotThere(code)
    if answer.status == 400 and "api version" in message.lower():
        return RetiredVersion(f"{message}: update this connector, or set platforms.stripe.version")
    should = answer.headers.get("Stripe-Should-Retry")
    if answer.status == 429 or (answer.status >= 400 and should == "true"):
        return Retry(code or f"status {answer.status}", told_wait(answer.headers))
    if answer.status >= 400 and should == "false":
        return BadAnswer(f"{code or answer.status}: {message}")
    return judge_status(answer)
