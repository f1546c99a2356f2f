"""How to ask TikTok: lists in pages, files of leads, and errors that come with status 200."""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, date
from typing import Any

from connectors.ads import named_accounts, today_in
from connectors.client import Answer, Client, Env, Retry, judge_status, told_wait
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    RetiredVersion,
    Row,
)
from connectors.tiktok.versions import VERSION
from connectors.times import clock_time, iso

log = logging.getLogger("connectors")

ADDRESS = "https://business-api.tiktok.com"
LARGEST = 100  # the largest page of forms
MOST_PAGES = 10_000
# Europe with Switzerland and the United Kingdom, the United States, and the rest, which has no word.
REGIONS = ("", "eu", "us")
POLL_SECONDS = 3.0
# Too often, not ready, a conflict of tasks, trouble of theirs, maintenance.
PASSING = frozenset({40100, 40132, 40200, 40201, 40202, 40700, 50000, 50002, 60001, 61000})
TOKEN_TROUBLE = {40102: "it has ended", 40104: "it is empty", 40105: "it is not known"}


class TikTok:
    """The Business API through one long-term token, for the advertisers named in the settings."""

    def __init__(self, env: Env) -> None:
        token = env.secret("TIKTOK_TOKEN")
        self.env = env
        self.at_once = int(env.settings.get("at_once", 12))  # files waited for side by side
        self.poll_seconds = float(env.settings.get("poll_seconds", POLL_SECONDS))
        self._forms: dict[str, str] | None = None
        base = str(env.settings.get("base_url", ADDRESS)).rstrip("/")
        self.http = Client.of(
            env,
            "tiktok",
            f"{base}/open_api/{env.settings.get('version', VERSION)}",
            per_second=5,  # half of a new app (portal, rate limits): leads come in files, so calls are few
            headers={"Access-Token": token},
            judge=judge,
            secrets=(token, env.secrets.get("TIKTOK_APP_SECRET", "").strip()),
        )

    def get(self, path: str, params: Mapping[str, Any]) -> Row:
        """The data of an answer; lists and objects among the parameters travel as JSON text."""
        told = {k: json.dumps(v) if isinstance(v, list | dict) else v for k, v in params.items()}
        return _data(path, self.http.get(path, told))

    def post(self, path: str, body: Row, region: str = "") -> Row:
        return _data(path, self.http.post(path, body, _in(region)))

    def file(self, path: str, params: Mapping[str, Any], region: str = "") -> bytes:
        """A file as it is."""
        return self.http.download(path, params, _in(region))

    def pages(self, path: str, params: Mapping[str, Any], size: int) -> Iterator[list[Any]]:
        """The lists of all pages."""
        for page in range(1, MOST_PAGES):
            data = self.get(path, {**params, "page": page, "page_size": size})
            rows, info = data.get("list"), data.get("page_info")
            if not isinstance(rows, list):
                raise BadAnswer(f"tiktok {path}: no list in the answer")
            if rows:
                yield rows
            last = info.get("total_page") if isinstance(info, dict) else None
            if not isinstance(last, int) or page >= last:
                return

    def forms(self, advertiser: str) -> list[Row]:
        """The instant forms of an advertiser, drafts too: one that is being edited still holds its leads."""
        params = {"advertiser_id": advertiser, "business_type": "LEAD_GEN"}
        found = [row for rows in self.pages("page/get/", params, LARGEST) for row in rows]
        if any(not isinstance(row, dict) or not row.get("page_id") for row in found):
            raise BadAnswer("tiktok page/get/: a form without an id")
        return found

    def form_advertisers(self) -> dict[str, str]:
        """Form to advertiser; asked once."""
        if self._forms is None:
            self._forms = {
                str(form["page_id"]): owner for owner in advertisers(self) for form in self.forms(owner)
            }
        return self._forms

    def today(self, zone: Any) -> date:
        """The platform's day, which need not be ours, in an advertiser's zone."""
        return today_in(zone, self.http.date or self.env.now())


def client(env: Env) -> TikTok:
    return TikTok(env)


def advertisers(tiktok: TikTok) -> list[str]:
    return named_accounts(tiktok.env, "tiktok", "advertisers")


def utc(text: Any) -> str | None:
    """TikTok's `2026-06-01 09:00:00`, in UTC without saying so, as ISO text; None where it is none."""
    try:
        return iso(clock_time(text).replace(tzinfo=UTC))
    except (TypeError, ValueError):
        return None


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """Told by the code in the answer: the status is 200 for most of what goes wrong."""
    told = answer.data if isinstance(answer.data, dict) else {}
    code = told.get("code")
    if not isinstance(code, int) or isinstance(code, bool):
        if answer.status in {404, 410}:
            return RetiredVersion("there is no such call (any more): look at platforms.tiktok.version")
        return judge_status(answer)
    text = f"{str(told.get('message'))[:300]} (code {code})"
    if code in {0, 20001} and answer.status < 300:
        return None
    if code in PASSING or 51000 <= code < 52000:
        return Retry(text, told_wait(answer.headers))
    if code in TOKEN_TROUBLE:
        return BrokenToken(f"make a new token, into TIKTOK_TOKEN: {TOKEN_TROUBLE[code]}; {text}")
    if code == 40001:
        return MissingPermission(
            f"{text}; the token's user must be Admin of the ad account, and the app needs reporting and leads"
        )
    if code == 40300:
        return NotThere(text)
    return BadAnswer(text)


def _data(path: str, answer: Answer) -> Row:
    data = answer.data.get("data") if isinstance(answer.data, dict) else None
    if not isinstance(data, dict):
        raise BadAnswer(f"tiktok {path}: no data in the answer")
    return data


def _in(region: str) -> dict[str, str]:
    return {"x-lead-region": region} if region else {}
