"""The HTTP side of Trustpilot: tokens for a key and a secret, pages by number with links to the next."""

from random import Random
from typing import Any

from simulator.clock import Clock, Shown, read_moment
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.trustpilot.nodes import UNIT, Node, key_of, review
from simulator.wire import Answer, Call

NAME = "trustpilot"
KEY, SECRET = "sim-trustpilot-key", "sim-trustpilot-secret"
LARGEST = 100
TOKENS = "v1/oauth/oauth-business-users-for-applications/accesstoken"
REVIEWS = f"v1/private/business-units/{UNIT}/reviews"


class Trustpilot:
    name = NAME

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.company, self.clock, self.faults = company, clock, faults
        self.people = {person.person_id: person for person in company.people}
        self.edited: dict[str, Any] = {}
        self._tokens = 0
        self.stock = Shown(lambda: (clock.now, faults.epoch, len(self.edited)), self._look)

    def answer(self, call: Call) -> Answer:
        if (call.method, call.path) == ("POST", TOKENS):
            return self._token(call)
        if call.bearer != f"sim-bearer-{self._tokens}":
            return Answer({"message": "Unauthorized"}, 401)
        if call.method != "GET" or call.path != REVIEWS:
            return Answer({"message": "Not Found", "errorCode": 404}, 404)
        return self._reviews(call)

    def refuse(self, call: Call, fault: str) -> Answer:
        if fault == "throttle":
            return Answer({"message": "API rate limit exceeded"}, 429)
        return Answer({"message": "Internal server error"}, 500)

    def expire(self, call: Call) -> None:
        self._tokens += 1

    def is_spared(self, call: Call) -> bool:
        return call.path == TOKENS

    def change(self, wish: dict[str, Any]) -> None:
        """`edit` takes a review's id: it has one star now."""
        if set(wish) != {"edit"}:
            raise ValueError("known: edit")
        self.edited[str(wish["edit"])] = self.clock.now

    def missing(self) -> dict[str, dict[str, str]]:
        return {"reviews": {row["id"]: "stars" for row in self.stock() if self._lacks(row["id"])}}

    def _lacks(self, key: str) -> bool:
        return self.faults.chooses("missing_field", NAME, key)

    def _token(self, call: Call) -> Answer:
        if call.basic != (KEY, SECRET) or call.form.get("grant_type", "password") not in (
            "client_credentials", "password",
        ):  # fmt: skip
            return Answer({"fault": {"faultstring": "Invalid client identifier"}}, 401)
        hours = 100
        return Answer({"access_token": f"sim-bearer-{self._tokens}", "expires_in": str(hours * 3600)})

    def _look(self) -> list[Node]:
        found = []
        for one in self.company.reviews:
            key = key_of(one.review_id)
            if one.at > self.clock.now or self.faults.hides(NAME, "reviews", key):
                continue
            edited = self.edited.get(key)
            row = review(one, self.people[one.person_id], edited)
            found.append(row | ({"stars": 1} if edited else {}))
        return found

    def _reviews(self, call: Call) -> Answer:
        asked = call.params
        size = int(asked["perPage"]) if asked.get("perPage", "").isdigit() else 20
        page = int(asked["page"]) if asked.get("page", "").isdigit() else 1
        if not 1 <= size <= LARGEST or page < 1:
            return Answer({"message": "perPage must be between 1 and 100", "errorCode": 1001}, 400)
        rows = self.stock()
        if begin := asked.get("startDateTime"):
            rows = [row for row in rows if read_moment(row["createdAt"]) >= read_moment(begin)]
        is_backwards = asked.get("orderBy", "createdat.desc") == "createdat.desc"
        rows = sorted(rows, key=lambda row: (row["createdAt"], row["id"]), reverse=is_backwards)
        shown = [dict(row) for row in rows[(page - 1) * size : page * size]]
        links = []
        if page * size < len(rows):
            links = [{"rel": "next-page", "href": f"{call.base}/{REVIEWS}?page={page + 1}&perPage={size}"}]
        elif "startDateTime" not in asked:
            self.faults.release(NAME, "reviews", self.clock.now)
        if shown and links and self.faults.strikes("empty_page", NAME, call.signature):
            return Answer({"links": links, "reviews": []})
        return Answer({"links": links, "reviews": self._troubled(call, shown)})

    def _troubled(self, call: Call, shown: list[Node]) -> list[Node]:
        if shown and self.faults.strikes("repeated", NAME, call.signature):
            shown = [dict(shown[0]), *shown]
        if shown and self.faults.strikes("reordered", NAME, call.signature):
            Random(call.signature).shuffle(shown)
        for row in shown:
            if self.faults.chooses("unknown_field", NAME, row["id"]):
                row["simPoints"] = 12
            if self._lacks(row["id"]):
                del row["stars"]
        return shown
