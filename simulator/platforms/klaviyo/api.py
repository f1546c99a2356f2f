"""The answers of a.klaviyo.com/api: JSON:API lists by cursor, a revision in every call, limits in headers."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from simulator.clock import Clock, Shown, once
from simulator.faults import Faults
from simulator.model import Company, MailContact
from simulator.platforms.klaviyo import acts, nodes
from simulator.platforms.klaviyo.filters import chosen, terms, window
from simulator.platforms.klaviyo.nodes import Node
from simulator.platforms.klaviyo.pages import page_of, places
from simulator.platforms.klaviyo.problems import JSON_API, Refusal, error, invalid, not_found
from simulator.platforms.klaviyo.reports import results
from simulator.wire import Answer, Call

KEY = "pk_sim"
SERVED = timedelta(days=731)  # a revision is served for two years
LIMITS = {"profiles": (75, 750), "events": (350, 3500), "campaign-values-reports": (1, 2)}
PROMISED = ("updated", "created", "subscriptions")


class Klaviyo:
    name = "klaviyo"

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.company, self.clock, self.faults = company, clock, faults
        self._is_expired, self._turn = False, 0
        self.erased: set[str] = set()
        self.merged: dict[str, tuple[str, datetime]] = {}  # who was merged away: into whom, and when
        moment_of = lambda: (clock.now, faults.epoch, len(self.erased), len(self.merged))  # noqa: E731
        self._view = Shown(moment_of, self._look)
        self._acts = Shown(moment_of, dict[str, list[acts.Act]])
        self._acts_by_key = Shown(moment_of, dict[str, acts.Act])
        self._lists = Shown(moment_of, dict[str, list[Any]])

    # -- the wire -----------------------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        headers = {"Content-Type": JSON_API, **self._limits(call, is_full=False)}
        try:
            self._check(call)
            match call.method, call.parts:
                case "GET", ("api", *path):
                    return Answer(self._read(call, tuple(path)), headers=headers)
                case "POST", ("api", "campaign-values-reports"):
                    return Answer(self._report(call), headers=headers)
                case "POST", ("api", "data-privacy-deletion-jobs"):
                    self._erase(call)
                    return Answer("", 202, headers)
            raise Refusal(405, "method_not_allowed", "Method not allowed.")
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        self._turn += 1
        if fault == "server_error":
            gateway = "<html><body>upstream connect error</body></html>"
            return Answer(gateway, (503, 500, 524)[self._turn % 3], {"Content-Type": "text/html"})
        headers = self._limits(call, is_full=True) | {"Retry-After": f"{self.faults.wait_seconds:g}"}
        return Answer(error(429, "throttled", "Request was throttled."), 429, headers)

    def expire(self, call: Call) -> None:
        self._is_expired = True

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        """`merge`: whom, and into whom."""
        for what, about in wish.items():
            if what != "merge":
                raise ValueError(f"nothing is called {what}")
            loser, survivor = about
            self.merged[loser] = survivor, self.clock.now

    def missing(self) -> dict[str, dict[str, str]]:
        return {
            "profiles": {key: f"attributes.{lacks}" for key in self._view() if (lacks := self._lacks(key))}
        }

    def _check(self, call: Call) -> None:
        scheme, _, key = call.headers.get("authorization", "").partition(" ")
        if scheme != "Klaviyo-API-Key" or not key:
            raise Refusal(401, "not_authenticated", "Missing or invalid private key.")
        if key.strip() != KEY or self._is_expired:
            self._is_expired = False  # a key has no successor: refused once
            raise Refusal(401, "authentication_failed", "Incorrect authentication credentials.")
        try:
            revision = date.fromisoformat(call.headers.get("revision", "").removesuffix(".pre"))
        except ValueError:
            raise Refusal(400, "invalid", "A revision header is required.") from None
        if revision + SERVED < self.clock.now.date():
            raise Refusal(410, "gone", "This revision is no longer supported.")

    def _limits(self, call: Call, is_full: bool) -> dict[str, str]:
        burst, steady = LIMITS.get(call.parts[1] if len(call.parts) > 1 else "", (10, 150))
        left = "0" if is_full else str(steady - 1)
        told = {"Limit": f"{burst}, {burst};w=1, {steady};w=60", "Remaining": left, "Reset": "1"}
        return {f"RateLimit-{name}": value for name, value in told.items()}

    def _read(self, call: Call, path: tuple[str, ...]) -> Node:
        match path:
            case ("accounts",):
                return {"data": [nodes.account(call.base)]}
            case ("profiles",):
                return self._profiles(call)
            case ("profiles", key):
                return {"data": self._profile(call, key)}
            case ("events",):
                return self._events(call)
            case ("events", key):
                return self._event(call, key)
            case ("metrics",):
                return {
                    "data": [acts.metric(one, call.base) for one in acts.METRICS],
                    "links": {"self": f"{call.base}/api/metrics/", "next": None},
                }
            case ("campaigns",):
                return self._campaigns(call)
        raise not_found()

    # -- profiles -----------------------------------------------------------------------------------

    def _look(self) -> dict[str, tuple[MailContact, datetime]]:
        """Everybody there is by key, each with the moment of their last change."""
        found, now = {}, self.clock.now
        took_over = dict(self.merged.values())
        for contact in self.company.mail_contacts:
            key = nodes.key_of(contact)
            is_gone = key in self.erased or key in self.merged
            if contact.visible_at > now or is_gone or self.faults.hides(self.name, "profiles", key):
                continue
            late = self.faults.came_late(self.name, "profiles", key)
            found[key] = contact, nodes.changed_at(contact, now, late, took_over.get(key))
        return found

    def _profiles(self, call: Call) -> Node:
        page = page_of(call, self.faults, "profiles", self._kept(call, "profiles", self._chosen))
        rows = [self._rendered(call, key) for key in page["data"]]
        # Told twice in one answer, now and then.
        rows += [row for row in rows if self.faults.chooses("repeated", self.name, row["id"])][:2]
        if rows and self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(rows)
        is_part = "less-than(created" in call.params.get("filter", "") or call.params.get("page[size]") == "1"
        if page["links"]["next"] is None and not is_part:
            self.faults.release(self.name, "profiles", self.clock.now)
        return page | {"data": rows}

    def _chosen(self, call: Call) -> list[tuple[datetime, str]]:
        asked = terms("profiles", call.params.get("filter", ""))
        is_by_change = call.params.get("sort", "created").lstrip("-") == "updated"
        since, until, _ = window(asked, "updated", self.clock.now)
        made_since, made_until, _ = window(asked, "created", self.clock.now)
        named = (chosen(asked, "id"), chosen(asked, "email"))
        return [
            (changed if is_by_change else one.created_at, key)
            for key, (one, changed) in self._view().items()
            if (since is None or changed > since) and (until is None or changed < until)
            if (made_since is None or one.created_at > made_since)
            and (made_until is None or one.created_at < made_until)
            if named[0] in (None, key) and named[1] in (None, one.email)
        ]

    def _kept(
        self, call: Call, listed: str, choose: Callable[[Call], list[tuple[datetime, str]]]
    ) -> list[Any]:
        asked = f"{listed}|{call.params.get('sort')}|{call.params.get('filter')}"
        return once(self._lists(), asked, lambda: places(call, listed, choose(call)))

    def _rendered(self, call: Call, key: str) -> Node:
        contact, changed = self._view()[key]
        is_whole = "subscriptions" in call.params.get("additional-fields[profile]", "")
        row = nodes.profile(contact, self.clock.now, changed, call.base, is_whole)
        if self.faults.chooses("unknown_field", self.name, key):
            row["attributes"]["sim_score"] = contact.contact_id % 7
        row["attributes"].pop(self._lacks(key) or "", None)
        return row

    def _lacks(self, key: str) -> str | None:
        if not self.faults.chooses("missing_field", self.name, key):
            return None
        return PROMISED[sum(key.encode()) % len(PROMISED)]

    def _profile(self, call: Call, key: str) -> Node:
        if key not in self._view():
            raise not_found()
        return self._rendered(call, key)

    def _erase(self, call: Call) -> None:
        body = call.json if isinstance(call.json, dict) else {}
        try:
            key = body["data"]["attributes"]["profile"]["data"]["id"]
        except (KeyError, TypeError):
            raise invalid("profile is required", "data") from None
        if key not in self._view():
            raise not_found()
        self.erased.add(key)

    # -- events and campaigns -----------------------------------------------------------------------

    def _made(self, name: str) -> list[acts.Act]:
        view = self._acts()
        if name not in view:
            there = [
                one for one in self.company.mail_contacts if self._owner(nodes.key_of(one)) in self._view()
            ]
            view[name] = acts.made(name, self.company, there, self.clock.now)
            if name == acts.MERGED:
                by_key = {nodes.key_of(one): one for one in there}
                into = [(by_key[one], at, loser) for loser, (one, at) in self.merged.items() if one in by_key]
                view[name] = [acts.Act(name, one, at, at, {"source": loser}) for one, at, loser in into]
        return view[name]

    def _owner(self, key: str) -> str:
        """Whose it is now, after all merging."""
        while key in self.merged:
            key = self.merged[key][0]
        return key

    def _events(self, call: Call) -> Node:
        page = page_of(call, self.faults, "events", self._kept(call, "events", self._done))
        by_key = self._acts_by_key()
        return page | {"data": [self._act(call, by_key[key]) for key in page["data"]]}

    def _done(self, call: Call) -> list[tuple[datetime, str]]:
        asked = terms("events", call.params.get("filter", ""))
        since, until, is_in = window(asked, "datetime", self.clock.now)
        kind, whose = chosen(asked, "metric_id"), chosen(asked, "profile_id")
        found = {}
        for name in acts.METRICS:
            for act in self._made(name) if kind in (None, acts.metric_key(name)) else ():
                is_early = since and (act.at < since or (act.at == since and not is_in))
                if is_early or (until and act.at >= until):
                    continue
                if whose in (None, self._owner(nodes.key_of(act.contact))):
                    found[act.key] = act
        self._acts_by_key().update(found)
        return [(act.at, key) for key, act in found.items()]

    def _act(self, call: Call, act: acts.Act) -> Node:
        return acts.event(act, self._owner(nodes.key_of(act.contact)), call.base)

    def _event(self, call: Call, key: str) -> Node:
        for name in acts.METRICS:
            for act in self._made(name):
                if act.key == key:
                    told = {"data": self._act(call, act)}
                    is_asked = "metric" in call.params.get("include", "")
                    return told | ({"included": [acts.metric(name, call.base)]} if is_asked else {})
        raise not_found()

    def _campaigns(self, call: Call) -> Node:
        asked = terms("campaigns", call.params.get("filter", ""))
        if not (channel := chosen(asked, "messages.channel")):
            raise invalid("A channel filter is required to list campaigns")
        archived, status = chosen(asked, "archived"), chosen(asked, "status") or "Sent"
        there = {
            nodes.campaign_key(one): one
            for one in self.company.mail_campaigns
            if one.sent_at <= self.clock.now and channel == "email" and status == "Sent"
            # Those put away are only told where they are asked for.
            if str(nodes.is_archived(one)).lower() == (archived or "false")
        }
        found = places(call, "campaigns", [(one.sent_at, key) for key, one in there.items()])
        page = page_of(call, self.faults, "campaigns", found)
        return page | {"data": [nodes.campaign(there[key], call.base) for key in page["data"]]}

    def _report(self, call: Call) -> Node:
        return results(call, self.company, self.clock.now, {acts.metric_key(one) for one in acts.METRICS})
