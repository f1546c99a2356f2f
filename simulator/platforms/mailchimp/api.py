"""The answers of <dc>.api.mailchimp.com/3.0: offset pages, archived members hidden from the plain list.

No header tells a limit; under load comes a problem document, or a bare page where JSON was due.
"""

from bisect import bisect_right
from datetime import datetime
from random import Random
from typing import Any

from simulator.clock import Clock, Shown, once, read_moment
from simulator.faults import Faults
from simulator.model import Company, MailCampaign, MailContact
from simulator.platforms.mailchimp import nodes
from simulator.platforms.mailchimp.nodes import AUDIENCES, Audience
from simulator.platforms.mailchimp.problems import Refusal, not_found, problem
from simulator.platforms.mailchimp.segments import Segments
from simulator.wire import Answer, Call

KEY = "sim-mailchimp-us1"
PROMISED = ("last_changed", "status", "id")


class Mailchimp:
    name = "mailchimp"

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.company, self.clock, self.faults = company, clock, faults
        self._is_expired, self._turn = False, 0
        self.erased: set[tuple[str, str]] = set()
        self.segments = Segments(company, faults)
        moment_of = lambda: (clock.now, faults.epoch, len(self.erased), len(self.segments.leavers.when))  # noqa: E731
        self._view = Shown(moment_of, self._look)
        self._standing = Shown(lambda: (id(self._view()),), self._judge)
        self._lists = Shown(moment_of, dict[str, list[Any]])

    def answer(self, call: Call) -> Answer:
        try:
            self._check_key(call)
            match call.method, call.parts:
                case "POST", ("3.0", "lists", listed, "members", key, "actions", "delete-permanent"):
                    return self._erase(self._audience(listed), key)
                case "POST", ("3.0", "lists", listed, "segments", *which):
                    return Answer(self.segments.change(call, self._audience(listed), which, self._standing()))
                case "GET", ("3.0", "lists", listed, "segments", *which):
                    return Answer(self._segments(call, self._audience(listed), which))
                case "GET", ("3.0", *path):
                    return Answer(self._dispatch(call, tuple(path)))
            raise Refusal(405, "Method Not Allowed", "The requested method and resource are not compatible.")
        except Refusal as refusal:
            return refusal.answer

    def refuse(self, call: Call, fault: str) -> Answer:
        self._turn += 1
        if fault == "server_error":
            return Answer("<html><body>Service Unavailable</body></html>", 503, {"Content-Type": "text/html"})
        if self._turn % 2:
            return Answer("<html><body>Access Denied</body></html>", 403, {"Content-Type": "text/html"})
        detail = "You have exceeded the limit of 10 simultaneous connections."
        return problem(429, "Too Many Requests", detail)

    def expire(self, call: Call) -> None:
        self._is_expired = True

    def is_spared(self, call: Call) -> bool:
        return False

    def change(self, wish: dict[str, Any]) -> None:
        """`block`: an address whose person leaves by themselves; `delete_list`: a segment's number."""
        self.segments.operate(wish, self.clock.now)

    def listed(self) -> dict[str, Any]:
        """For the operator: who has which tag, and everybody who ever had it or lost it."""
        return self.segments.told()

    def missing(self) -> dict[str, dict[str, str]]:
        keys = {nodes.key_of(one.email or "") for listed in self._view().values() for one, _ in listed}
        return {"members": {key: lacks for key in sorted(keys) if (lacks := self._lacks(key))}}

    def _check_key(self, call: Call) -> None:
        bearer = call.headers.get("authorization", "").removeprefix("Bearer ")
        told = call.basic[1] if call.basic else bearer  # any name will do
        if told.strip() != KEY or self._is_expired:
            self._is_expired = False  # a key has no successor: refused once
            raise Refusal(401, "API Key Invalid", "Your API key may be invalid, or the wrong datacenter.")

    def _dispatch(self, call: Call, path: tuple[str, ...]) -> dict[str, Any]:
        match path:
            case ("ping",):
                return {"health_status": "Everything's Chimpy!"}
            case ("lists",):
                rows = [nodes.audience(one, len(self._view()[one.list_id])) for one in AUDIENCES]
                return self._page(call, "lists", rows)
            case ("lists", listed):
                one = self._audience(listed)
                return nodes.audience(one, len(self._view()[one.list_id]))
            case ("lists", listed, "interest-categories"):
                return self._page(call, "categories", nodes.categories(self._audience(listed)))
            case ("lists", listed, "interest-categories", category, "interests"):
                found = nodes.interests(self._audience(listed), category)
                if found is None:
                    raise not_found()
                return self._page(call, "interests", found)
            case ("lists", listed, "members"):
                return self._members(call, self._audience(listed))
            case ("lists", listed, "members", key):
                return self._member(self._audience(listed), key)
            case ("reports",):
                since = _moment(call, "since_send_time")
                rows = [nodes.report(one, AUDIENCES[0]) for one in self._sent()]
                return self._page(
                    call,
                    "reports",
                    [row for row in rows if not since or read_moment(row["send_time"]) > since],
                )
            case ("reports", letter, what):
                return self._of_letter(call, letter, what)
        raise not_found()

    # -- members ----------------------------------------------------------------------------------

    def _look(self) -> dict[str, list[tuple[MailContact, datetime]]]:
        """Audience -> its members with the moment of their last change, in the order they came."""
        now, view = self.clock.now, {}
        for one in AUDIENCES:
            view[one.list_id] = []
            for contact in map(self.segments.leavers.as_now, nodes.members(one, self.company.mail_contacts)):
                key = nodes.key_of(contact.email or "")
                is_hidden = self.faults.hides(self.name, one.list_id, key)
                if contact.visible_at > now or is_hidden or (one.list_id, key) in self.erased:
                    continue
                late = self.faults.came_late(self.name, one.list_id, key)
                view[one.list_id].append((contact, nodes.changed_at(contact, now, late)))
        return view

    def _judge(self) -> dict[str, list[tuple[MailContact, datetime, str]]]:
        """The same, each with their status."""
        audiences, now = {one.list_id: one for one in AUDIENCES}, self.clock.now
        return {
            name: [(contact, at, nodes.status(contact, audiences[name], now)) for contact, at in listed]
            for name, listed in self._view().items()
        }

    def _members(self, call: Call, audience: Audience) -> dict[str, Any]:
        asked, since = call.params.get("status"), _moment(call, "since_last_changed")
        found = [
            (contact, at)
            for contact, at, standing in self._standing()[audience.list_id]
            # After the moment, and not at it; archived members only where they are asked for.
            if (since is None or at > since) and standing == (asked or standing)
            if asked or standing != "archived"
        ]
        if call.params.get("sort_field") == "last_changed":
            found.sort(key=lambda one: one[1])
        page = self._page(call, "members", found)
        # Told twice, and counted once.
        page["members"] = [
            self._render(contact, audience, at)
            for contact, at in page["members"]
            for _ in range(1 + self.faults.chooses("repeated", self.name, str(contact.contact_id)))
        ]
        if asked == "archived" and int(call.params.get("count", 10)) > 1:
            self.faults.release(self.name, audience.list_id, self.clock.now)
        if self.faults.strikes("reordered", self.name, call.signature):
            Random(call.signature).shuffle(page["members"])
        if page["members"] and self.faults.strikes("empty_page", self.name, call.signature):
            page["members"] = []
        return page | {"list_id": audience.list_id}

    def _render(self, contact: MailContact, audience: Audience, at: datetime) -> dict[str, Any]:
        row = nodes.member(contact, audience, self.clock.now, at)
        key = row["id"]
        if self.faults.chooses("unknown_field", self.name, key):
            row["sim_engagement"] = {"score": contact.contact_id % 7}
        row.pop(self._lacks(key) or "", None)
        return row

    def _lacks(self, key: str) -> str | None:
        if not self.faults.chooses("missing_field", self.name, key):
            return None
        return PROMISED[int(key[:4], 16) % 2]  # an id is never missing: the address gives it

    def _member(self, audience: Audience, key: str) -> dict[str, Any]:
        for contact, at in self._view()[audience.list_id]:
            if nodes.key_of(contact.email or "") == key:
                return self._render(contact, audience, at)
        raise not_found()

    def _segments(self, call: Call, audience: Audience, which: list[str]) -> dict[str, Any]:
        if which[1:] != ["members"]:
            return self._page(call, "segments", self.segments.read(call, audience, which))
        tagged = set(self.segments.tagged(call, audience, which[0]))
        hidden = {"archived"} | {
            status
            for status in ("unsubscribed", "cleaned", "transactional")
            if call.params.get(f"include_{status}", "").lower()
            != "true"  # the vendor's client writes a capital
        }
        found = [
            (contact, at)
            for contact, at, standing in self._standing()[audience.list_id]
            if nodes.key_of(contact.email or "") in tagged and standing not in hidden
        ]
        page = self._page(call, "members", found)
        page["members"] = [self._render(contact, audience, at) for contact, at in page["members"]]
        return page

    def _erase(self, audience: Audience, key: str) -> Answer:
        self._member(audience, key)
        self.erased.add((audience.list_id, key))
        return Answer("", 204)

    def _audience(self, listed: str) -> Audience:
        found = next((one for one in AUDIENCES if one.list_id == listed), None)
        if found is None:
            raise not_found()
        return found

    # -- what was sent ----------------------------------------------------------------------------

    def _sent(self) -> list[MailCampaign]:
        sent = [one for one in self.company.mail_campaigns if one.sent_at <= self.clock.now]
        return sorted(sent, key=lambda one: one.sent_at, reverse=True)

    def _of_letter(self, call: Call, letter: str, what: str) -> dict[str, Any]:
        sent, one = self._sent()[::-1], AUDIENCES[0]
        campaign = next((letters for letters in sent if nodes.letter_of(letters) == letter), None)
        if campaign is None:
            raise not_found()
        if what == "email-activity":
            since = _moment(call, "since")
            found = once(
                self._lists(), f"{letter} {since}", lambda: nodes.readers(campaign, self._there(), since)
            )
            page = self._page(call, "emails", found)
            page["emails"] = [
                nodes.reader(campaign, one, contact, self.clock.now, since) for contact in page["emails"]
            ]
            return page | {"campaign_id": letter}
        times = [other.sent_at for other in sent]
        later = bisect_right(times, campaign.sent_at)
        until = times[later] if later < len(times) else None
        reasons = {
            "unsubscribed": ("unsubscribes", "unsubscribed"),
            "abuse-reports": ("abuse_reports", "complaint"),
        }
        if what not in reasons:
            raise not_found()
        things, reason = reasons[what]
        told = once(
            self._lists(),
            f"{letter} {reason}",
            lambda: nodes.leavers(campaign, one, self._there(), reason, self.clock.now, until),
        )
        return self._page(call, things, told) | {"campaign_id": letter}

    def _there(self) -> list[MailContact]:
        return [contact for contact, _ in self._view()[AUDIENCES[0].list_id]]

    def _page(self, call: Call, things: str, rows: list[Any]) -> dict[str, Any]:
        count, offset = call.params.get("count", "10"), call.params.get("offset", "0")
        if not count.isdigit() or not offset.isdigit() or int(count) > 1000:
            raise Refusal(400, "Invalid Resource", "The resource submitted could not be validated.")
        shown = rows[int(offset) : int(offset) + int(count)]
        return {things: shown, "total_items": len(rows), "_links": []}


def _moment(call: Call, name: str) -> datetime | None:
    text = call.params.get(name)
    if not text:
        return None
    try:
        return read_moment(text.strip().replace(" ", "+"))
    except ValueError:
        raise Refusal(400, "Invalid Resource", f"{name} is no time") from None
