"""How to ask LinkedIn: a version in each call, a token for sixty days, and what its errors mean."""

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from connectors.ads import named_accounts, today_in
from connectors.client import Answer, Client, Env, Retry, judge_status, told_wait
from connectors.landing import at
from connectors.linkedin.restli import query, urn
from connectors.linkedin.versions import VERSION
from connectors.oauth import Access, refreshing
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingCredential,
    MissingPermission,
    NotThere,
    RetiredVersion,
    Row,
)
from connectors.times import http_date

log = logging.getLogger("connectors")

ADDRESS, LOGIN = "https://api.linkedin.com", "https://www.linkedin.com"
LARGEST = 100  # rows of a page
MOST_PAGES = 10_000
PAGE = "organization-"  # an account that is a company page and no ad account
# A refresh token lives for a year and renews itself never: somebody must log in again.
NOTICE = timedelta(days=30)
SEE = "raise platforms.linkedin.version"
PERMISSIONS = (
    "the token needs r_marketing_leadgen_automation, r_ads and r_ads_reporting, and whoever gave it a role "
    "on the ad account and on its page"
)


class LinkedIn:
    """The Marketing API through one member's token, for the ad accounts and pages named in the settings."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.at_once = int(env.settings.get("at_once", 6))  # pages of leads side by side
        fixed = env.secrets.get("LINKEDIN_TOKEN", "").strip()
        seed = env.secrets.get("LINKEDIN_REFRESH_TOKEN", "").strip()
        if not fixed and not seed:
            raise MissingCredential(
                "LINKEDIN_TOKEN is not set: put it into the environment or into .env "
                "(or LINKEDIN_REFRESH_TOKEN with LINKEDIN_CLIENT_ID and LINKEDIN_CLIENT_SECRET)"
            )
        self._secrets = (fixed, seed, env.secrets.get("LINKEDIN_CLIENT_SECRET", "").strip())
        self._access = Access(env, "linkedin", fixed=fixed, seed=seed, renew=self._renew)
        self.form_accounts: dict[str, str] | None = None  # form to account, once asked
        base = str(env.settings.get("base_url", ADDRESS)).rstrip("/")
        self.http = Client.of(
            env,
            "linkedin",
            f"{base}/rest",
            per_second=20,  # LinkedIn names none: its quotas are of a day (developer portal, Analytics)
            headers={
                "LinkedIn-Version": str(env.settings.get("version", VERSION)),
                "X-Restli-Protocol-Version": "2.0.0",
            },
            judge=judge,
            secrets=self._secrets,
        )

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Row:
        """One object, or what a finder found."""
        headers = {"X-RestLi-Method": "FINDER"} if params and "q" in params else {}
        where = f"{path}?{query(params)}" if params else path
        answer = self._access.use(
            lambda token: self.http.get(where, headers={**headers, "Authorization": f"Bearer {token}"})
        )
        if not isinstance(answer.data, dict):
            raise BadAnswer(f"linkedin {path}: no object in the answer")
        return answer.data

    def elements(self, path: str, params: Mapping[str, Any]) -> tuple[list[Any], int | None]:
        """What a finder found, and how many there are where it says so."""
        data = self.get(path, params)
        rows, total = data.get("elements"), at(data, "paging.total")
        if not isinstance(rows, list):
            raise BadAnswer(f"linkedin {path}: no elements in the answer")
        return rows, total if isinstance(total, int) and not isinstance(total, bool) else None

    def by_token(self, path: str, params: Mapping[str, Any]) -> Iterator[list[Any]]:
        """The lists of all pages, each of which names the next."""
        named: dict[str, Any] = {}
        for _ in range(MOST_PAGES):
            data = self.get(path, {**params, "pageSize": LARGEST, **named})
            rows, token = data.get("elements"), at(data, "metadata.nextPageToken")
            if not isinstance(rows, list):
                raise BadAnswer(f"linkedin {path}: no elements in the answer")
            if rows:
                yield rows
            if not isinstance(token, str) or not token:
                return
            if named.get("pageToken") == token:
                raise BadAnswer(f"linkedin {path}: the same next page again")
            named = {"pageToken": token}
        raise BadAnswer(f"linkedin {path}: no end after {MOST_PAGES} pages")

    def now(self) -> datetime:
        """The platform's clock, which need not be ours."""
        return self.http.date or self.env.now()

    def today(self) -> date:
        """LinkedIn counts its days in UTC."""
        return today_in("UTC", self.now())

    def _renew(self, refresh_token: str) -> Any:
        login = Client.of(
            self.env,
            "linkedin",
            str(self.env.settings.get("login_url", LOGIN)),
            per_second=1,  # one call in a run
            judge=judge_login,
            secrets=(*self._secrets, refresh_token),
        )
        told = login.form("oauth/v2/accessToken", refreshing(self.env, "LINKEDIN", refresh_token)).data
        left = told.get("refresh_token_expires_in") if isinstance(told, dict) else None
        if isinstance(left, int) and left < NOTICE.total_seconds():
            log.warning(
                "linkedin: LINKEDIN_REFRESH_TOKEN ends in %d days: authorise the app again", left // 86400
            )
        return told


def client(env: Env) -> LinkedIn:
    return LinkedIn(env)


def ad_accounts(linkedin: LinkedIn) -> list[str]:
    return named_accounts(linkedin.env, "linkedin", "ad_accounts")


def accounts(linkedin: LinkedIn) -> list[str]:
    """Whoever owns forms: ad accounts, and pages, which have leads of events and products."""
    pages = [f"{PAGE}{one}" for one in linkedin.env.settings.get("organizations") or ()]
    return [*ad_accounts(linkedin), *pages]


def owner(account: str) -> dict[str, str]:
    """An account as LinkedIn names the owner of a form."""
    kind = "organization" if account.startswith(PAGE) else "sponsoredAccount"
    return {kind: urn(kind, account.removeprefix(PAGE))}


def judge(answer: Answer) -> Retry | ConnectorError | None:
    if answer.status < 300:
        return None
    told = answer.data if isinstance(answer.data, dict) else {}
    code = str(told.get("code") or answer.status)
    text = f"{str(told.get('message'))[:300]} ({code})"
    if answer.status == 426 or code == "NONEXISTENT_VERSION":
        return RetiredVersion(f"{SEE}: {text}")
    if answer.status == 401:
        return BrokenToken(
            "make a new token, into LINKEDIN_TOKEN (each lives for 60 days), or, where a refresh token "
            f"makes them, authorise the app again: {text}"
        )
    if answer.status == 403:
        return MissingPermission(f"{text}; {PERMISSIONS}")
    if answer.status == 404:
        return NotThere(text)
    if answer.status == 429:
        return Retry(text, told_wait(answer.headers) or _until_midnight(answer, text))
    return BadAnswer(text) if answer.status < 500 and answer.status != 408 else judge_status(answer)


def _until_midnight(answer: Answer, text: str) -> float | None:
    """Seconds until the day's quota is renewed, which is at midnight in Greenwich; None for another limit."""
    if " DAY " not in text.upper():
        return None
    now = http_date(answer.headers.get("Date")) or datetime.now(UTC)
    tomorrow = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    return (tomorrow - now).total_seconds()


def judge_login(answer: Answer) -> Retry | ConnectorError | None:
    told = answer.data if isinstance(answer.data, dict) else {}
    if answer.status in {400, 401}:
        return BrokenToken(
            "authorise the app again and put the new refresh token into LINKEDIN_REFRESH_TOKEN: "
            f"{str(told.get('error_description') or told.get('error'))[:200]}"
        )
    return judge_status(answer)
