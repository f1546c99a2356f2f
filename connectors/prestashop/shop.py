"""How to ask a shop: an address of its own, lists without a count, times in its own zone, numbered errors."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from connectors.client import Answer, Client, Env, Retry, judge_status
from connectors.offsets import BELIEVED_EMPTY
from connectors.stream import (
    BadAnswer,
    BrokenToken,
    ConnectorError,
    MissingCredential,
    MissingPermission,
    NotThere,
    Row,
)
from connectors.times import clock_time, iso

AT_ONCE = 4  # calls side by side, of all streams together: a small shop's server is busy with its visitors
# What a list is called in the answer, where it is not what one asks for.
LISTS = {"order_slip": "order_slips"}
# What the shop calls the three ends of an order, and the settings that name its own numbers for them.
ENDS = {"PS_OS_CANCELED": "cancelled", "PS_OS_REFUND": "refunded", "PS_OS_ERROR": "failed"}
NAMED = re.compile(r'[Rr]esource (?:of type )?"?(\w+)"?')


@dataclass(frozen=True)
class Facts:
    """What a shop keeps beside its records: the ends of an order by state, and codes by number."""

    ends: Mapping[str, str]
    currencies: Mapping[str, str]
    countries: Mapping[str, str]
    languages: Mapping[str, str]


class PrestaShop:
    """One shop by one key of its webservice."""

    def __init__(self, env: Env) -> None:
        key = env.secret("PRESTASHOP_KEY")
        site = str(env.settings.get("site") or "").rstrip("/")
        address = env.settings.get("base_url") or (site and f"{site}/api")
        if not address:
            raise MissingCredential(
                "set platforms.prestashop.site to the shop's address, https://www.example"
            )
        self.account = str(env.settings.get("account") or urlsplit(address).hostname or "shop")
        self.at_once = int(env.settings.get("at_once", AT_ONCE))
        self.newsletter_wording = env.settings.get("newsletter_wording")
        self._zone_told = env.settings.get("time_zone")
        is_in_address = env.settings.get("key_in") == "address"
        basic = base64.b64encode(f"{key}:".encode()).decode()
        self._always = {"output_format": "JSON"} | ({"ws_key": key} if is_in_address else {})
        self.http = Client.of(
            env,
            "prestashop",
            address,
            per_second=50,  # the shop names no limit: what spares its server is its calls at once
            connections=self.at_once,
            headers={} if is_in_address else {"Authorization": f"Basic {basic}"},
            judge=judge,
            secrets=(key, basic),
        )

    def ask(self, resource: str, **params: str) -> list[Any]:
        """The rows of a list. A list without any is `[]`, whatever it is called."""
        told = self.http.get(resource, {**self._always, **params}).data
        if told == []:
            return []
        found = told.get(LISTS.get(resource, resource)) if isinstance(told, dict) else None
        if not isinstance(found, list):
            raise BadAnswer(f"prestashop {resource}: no list in the answer")
        return found

    def ask_of(self, resource: str, field: str, keys: Sequence[str], **params: str) -> list[Row]:
        """The rows whose `field` is one of `keys`."""
        if not keys:
            return []
        rows = self.ask(resource, **{f"filter[{field}]": f"[{'|'.join(keys)}]"}, **params)
        return [row for row in rows if isinstance(row, dict)]

    def ask_for_some(self, resource: str, **params: str) -> list[Any]:
        """As `ask`; asked again where nothing comes, before that is believed."""
        for _ in range(BELIEVED_EMPTY):
            if rows := self.ask(resource, **params):
                break
        return rows

    def delete(self, resource: str, key: str) -> None:
        self.http.delete(f"{resource}/{key}", self._always)

    # -- what the shop keeps beside its records ---------------------------------------------------------

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone all its times are in, which no time says."""
        told = self._zone_told or self._settings(["PS_TIMEZONE"]).get("PS_TIMEZONE")
        try:
            return ZoneInfo(str(told))
        except (ValueError, OSError, KeyError):
            raise BadAnswer(
                f"prestashop: {str(told)[:40]!r} is no time zone: set platforms.prestashop.time_zone"
            ) from None

    @cached_property
    def facts(self) -> Facts:
        told = self._settings(list(ENDS))
        return Facts(
            ends={told[name]: end for name, end in ENDS.items() if told.get(name)},
            **{name: self._codes(name) for name in ("currencies", "countries", "languages")},
        )

    def _settings(self, names: list[str]) -> dict[str, str]:
        rows = self.ask_of("configurations", "name", names, display="[name,value]")
        return {str(row.get("name")): str(row.get("value") or "") for row in rows}

    def _codes(self, resource: str) -> dict[str, str]:
        rows = self.ask_for_some(resource, display="[id,iso_code]")
        return {text(row.get("id")): text(row.get("iso_code")) for row in rows if isinstance(row, dict)}

    # -- times ------------------------------------------------------------------------------------------

    def utc(self, told: Any) -> str | None:
        """A time of the shop in UTC; None for its zeros and for anything that is none. Of the hour that comes
        twice a year the first is meant: the second would be later than what happened."""
        try:
            return iso(clock_time(told).replace(tzinfo=self.zone))
        except (TypeError, ValueError, OverflowError):
            return None

    def local(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def dated(self, row: Row) -> Row:
        """The row, beside its own times the same with an offset."""
        created, changed = self.utc(row.get("date_add")), self.utc(row.get("date_upd"))
        told = {"created_at_utc": created or changed, "changed_at_utc": changed or created}
        return row | {name: value for name, value in told.items() if value}


def client(env: Env) -> PrestaShop:
    return PrestaShop(env)


def text(value: Any) -> str:
    """A number or a text of the shop as text: which of them it is depends on the server's PHP."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def texts(rows: Sequence[Any], field: str) -> list[str]:
    """Values of a field, each once, in the order of the rows; nought is nobody's number."""
    found = (text(row.get(field)) for row in rows if isinstance(row, dict))
    return list(dict.fromkeys(one for one in found if one not in ("", "0")))


def in_lots(keys: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(keys), size):
        yield list(keys[start : start + size])


def judge(answer: Answer) -> Retry | ConnectorError | None:
    """The shop's codes say more than its statuses: 401 is also said to a good key that may not read."""
    code, message = _error(answer.data)
    if answer.status == 503 and code == 22:
        return MissingPermission(
            "the webservice is switched off (Advanced Parameters, Webservice, Enable PrestaShop's webservice)"
        )
    if code in {25, 26, 101, 132}:
        found = NAMED.search(message)
        what = f" ({found[1]})" if found else ""
        return MissingPermission(
            f"the key may not do this{what}: tick it for the key (Advanced Parameters, Webservice)"
        )
    if answer.status == 401:
        return BrokenToken(
            "the key is refused: make a new one (Advanced Parameters, Webservice) into PRESTASHOP_KEY; if"
            " it is new and active, the server may take the header away: try key_in: address"
        )
    if answer.status == 403 and not code:
        return MissingPermission("a firewall answers in the shop's place: let this machine through")
    if answer.status == 404 and code == 87:
        return NotThere("no such record")
    if answer.status == 404 and not code:
        return BadAnswer("no webservice there: check platforms.prestashop.site, and friendly URLs")
    if answer.status == 400 and code:
        return BadAnswer(f"the shop does not know a field or filter (code {code})")
    return judge_status(answer)


def _error(data: Any) -> tuple[int, str]:
    errors = data.get("errors") if isinstance(data, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    if not isinstance(first, dict):
        return 0, ""
    code = first.get("code")
    return code if isinstance(code, int) and not isinstance(code, bool) else 0, str(
        first.get("message") or ""
    )
