"""How Mailchimp is asked, and what its errors mean."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from connectors.client import Answer, Client, Env, Retry, judge_status
from connectors.stream import BadAnswer, BrokenToken, ConnectorError, MissingPermission, NotThere

LARGEST = 1000  # the largest page


@dataclass(frozen=True)
class Mailchimp:
    """`chosen`: the audiences named in the configuration; none means all."""

    http: Client
    chosen: tuple[str, ...]
    at_once: int = 9  # calls side by side; Mailchimp allows a key ten, and a second process may be at it too

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        data = self.http.get(path, params).data
        if not isinstance(data, dict):
            raise BadAnswer(f"mailchimp {path.split('/')[0]}: no object in the answer")
        return data


def client(env: Env) -> Mailchimp:
    key = env.secret("MAILCHIMP_API_KEY")
    at_once = int(env.settings.get("at_once", Mailchimp.at_once))
    centre = key.rpartition("-")[2]
    if "base_url" not in env.settings and not re.fullmatch(r"[a-z]{2}\d{1,3}", centre):
        raise BrokenToken("MAILCHIMP_API_KEY does not end in a data centre such as -us21: copy it whole")
    http = Client.of(
        env,
        "mailchimp",
        env.settings.get("base_url", f"https://{centre}.api.mailchimp.com/3.0"),
        headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
        per_second=50,  # Mailchimp names none: its limit is connections
        connections=at_once,
        judge=judge,
        secrets=(key,),
    )
    chosen = env.settings.get("audiences") or ()
    return Mailchimp(http, tuple(str(one) for one in chosen), at_once)


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """Errors are problem documents; under load a bare page with 403 or 503 comes in their place."""
    if answer.status < 400:
        return judge_status(answer)
    problem = answer.data if isinstance(answer.data, dict) else None
    # Never `detail`: it may name the member.
    title = str(problem.get("title"))[:100] if problem else ""
    if answer.status == 429 or (answer.status == 403 and problem is None):
        return Retry("too many calls at once")
    if answer.status == 401 or title in {"API Key Invalid", "WrongDatacenter"}:
        return BrokenToken("the key is refused: put a new one into MAILCHIMP_API_KEY")
    if answer.status == 403:
        return MissingPermission(f"the key may not do this ({title}): its user needs the role of a manager")
    if answer.status in {404, 410}:
        return NotThere(title or "not there")
    if problem and answer.status < 500:
        return BadAnswer(f"{answer.status} {title}")
    return judge_status(answer)


def audiences(mailchimp: Mailchimp) -> Iterable[str]:
    """The ids of all audiences, or of those that were chosen."""
    if mailchimp.chosen:
        return mailchimp.chosen
    from connectors.mailchimp.fetch import listed

    found = [
        str(row.get("id"))
        for page in listed(mailchimp, "lists", "lists", fields="lists.id,total_items")
        for row in page.rows
        if isinstance(row, dict) and row.get("id")
    ]
    return list(dict.fromkeys(found))


def member_key(address: str) -> str:
    """What Mailchimp calls the member of an address, in each audience."""
    return hashlib.md5(address.strip().lower().encode(), usedforsecurity=False).hexdigest()


def dated(row: Any) -> Any:
    """The member with the moment they came as `came_at`: an import leaves the time of signing up empty."""
    if not isinstance(row, dict):
        return row
    told = (row.get(name) for name in ("timestamp_signup", "timestamp_opt", "last_changed"))
    return {**row, "came_at": next((one for one in told if one), None)}
