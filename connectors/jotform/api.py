"""How to ask Jotform: an envelope that says what went wrong, and times in the account's zone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.client import Answer, Env, Retry, judge_status, told_wait
from connectors.declared import Api
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingPermission,
    NotThere,
    PlatformDown,
    Row,
)
from connectors.times import clock_time, iso

ADDRESS = "https://api.jotform.com"  # accounts kept in Europe: eu-api.jotform.com


class Jotform(Api):
    """The API through one key."""

    def __init__(self, env: Env) -> None:
        key = env.secret("JOTFORM_API_KEY")
        super().__init__(
            env,
            "jotform",
            ADDRESS,
            per_second=30,  # Jotform names none: its quotas are of a day, by plan (pricing page)
            at_once=4,  # pages of a form side by side
            headers={"APIKEY": key},
            judge=judge,
            secrets=(key,),
        )

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The content of the envelope."""
        data = super().get(path, params)
        if "content" not in data:
            raise BadAnswer(f"jotform {path}: no content in the answer")
        return data["content"]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The account's, which all times without an offset are in."""
        told = self.env.settings.get("time_zone")
        if not told:
            user = self.get("user")
            told = user.get("time_zone") if isinstance(user, dict) else None
        try:
            return ZoneInfo(str(told))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            told = "jotform: the account's time zone is unknown; set platforms.jotform.time_zone"
            raise BadAnswer(told) from None

    def utc(self, text: Any) -> str | None:
        """A time of the account as ISO text; None where it is none."""
        if text is None:  # never edited: most
            return None
        try:
            return iso(clock_time(text).replace(tzinfo=self.zone))
        except (TypeError, ValueError, OverflowError):
            return None

    def local(self, moment: datetime) -> str:
        return moment.astimezone(UTC).astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")

    def dated(self, row: Any) -> Any:
        """The row, beside its own times the same in UTC; what is no object goes on as it is."""
        if not isinstance(row, dict):
            return row
        created, updated = self.utc(row.get("created_at")), self.utc(row.get("updated_at"))
        times = {"created_at_utc": created, "updated_at_utc": updated, "changed_at_utc": updated or created}
        return row | {name: time for name, time in times.items() if time}


def client(env: Env) -> Jotform:
    return Jotform(env)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    envelope: Row = answer.data if isinstance(answer.data, dict) else {}
    told = envelope.get("responseCode")
    # The envelope knows better than the status, which is often 200.
    code = told if isinstance(told, int) else answer.status
    if code == 429 and envelope.get("limit-left") == 0:
        return PlatformDown("the plan's calls of this day are used up; the next run after midnight goes on")
    if code == 429:
        return Retry("too many calls", told_wait(answer.headers))
    if code == 401:
        return BrokenToken("the key is refused: make a new one in Jotform's settings, into JOTFORM_API_KEY")
    if code == 403:
        return MissingPermission("the key may not do this: erasing needs full access")
    if code == 404:
        return NotThere("not there, or not of this account (404)")
    return judge_status(Answer(code, answer.headers, answer.data))
