"""The HTTP side of Yotpo: a token for a key and a secret, pages by number, the last of them empty."""

from random import Random
from typing import Any

from simulator.clock import Clock, Shown, read_moment
from simulator.faults import Faults
from simulator.model import Company
from simulator.platforms.yotpo.nodes import Node, left, number, review
from simulator.wire import Answer, Call

NAME = "yotpo"
APP_KEY, SECRET = "SIMYOTPOKEY", "sim-yotpo-secret"
LARGEST = 100


class Yotpo:
    name = NAME

    def __init__(self, company: Company, clock: Clock, faults: Faults) -> None:
        self.company, self.clock, self.faults = company, clock, faults
        self.people = {person.person_id: person for person in company.people}
        self.gone: set[int] = set()
        self._tokens = 0
        self.stock = Shown(lambda: (clock.now, faults.epoch, len(self.gone)), self._look)

    def answer(self, call: Call) -> Answer:
        if (call.method, call.path) == ("POST", "oauth/token"):
            return self._token(call)
        if call.params.get("utoken") != f"sim-utoken-{self._tokens}":
            return _refused(401, "Access denied: utoken is not valid.")
        match call.method, *call.parts:
            case "GET", "v1", "apps", key, "reviews" if key == APP_KEY:
                return self._reviews(call)
            case "GET", "apps", key, "unsubscribers" if key == APP_KEY:
                rows = self._page(call, left(self.company, self.clock.now))
                status = {"code": 200, "message": "OK"}
                return Answer({"status": status, "response": {"unsubscribers": rows}})
        return _refused(404, "Not found.")

    def refuse(self, call: Call, fault: str) -> Answer:
        if fault == "throttle":
            wait = {"Retry-After": f"{self.faults.wait_seconds:.0f}"}
            return Answer({"status": {"code": 429, "message": "Too many requests"}}, 429, wait)
        return Answer("<html>502 Bad Gateway</html>", 502, {"Content-Type": "text/html"})

    def expire(self, call: Call) -> None:
        self._tokens += 1

    def is_spared(self, call: Call) -> bool:
        return call.path == "oauth/token"

    def change(self, wish: dict[str, Any]) -> None:
        """`delete` takes a review's number."""
        if set(wish) != {"delete"}:
            raise ValueError("known: delete")
        self.gone.add(int(wish["delete"]))

    def missing(self) -> dict[str, dict[str, str]]:
        return {"reviews": {str(row["id"]): "score" for row in self.stock() if self._lacks(row["id"])}}

    def _lacks(self, key: int) -> bool:
        return self.faults.chooses("missing_field", NAME, str(key))

    def _token(self, call: Call) -> Answer:
        told = call.json if isinstance(call.json, dict) else call.form
        if (told.get("client_id"), told.get("client_secret")) != (APP_KEY, SECRET):
            return _refused(401, "Invalid client credentials.")
        return Answer({"access_token": f"sim-utoken-{self._tokens}", "token_type": "bearer"})

    def _look(self) -> list[Node]:
        now, rows = self.clock.now, []
        for one in self.company.reviews:
            key = number("review", one.review_id)
            if one.at > now or self.faults.hides(NAME, "reviews", str(key)):
                continue
            late = self.faults.came_late(NAME, "reviews", str(key))
            is_gone = key in self.gone
            changed = now if is_gone else max(one.at, late or one.at)
            rows.append(review(one, self.people[one.person_id], changed, is_gone))
        return rows

    def _reviews(self, call: Call) -> Answer:
        asked = call.params
        rows = [row for row in self.stock() if asked.get("deleted") == "true" or not row["deleted"]]
        if begin := asked.get("since_updated_at"):
            rows = [row for row in rows if read_moment(row["updated_at"]) >= read_moment(begin)]
        shown = self._page(call, rows[::-1])
        if not shown and "since_updated_at" not in asked:
            self.faults.release(NAME, "reviews", self.clock.now)
        if shown and self.faults.strikes("empty_page", NAME, call.signature):
            return Answer({"reviews": []})
        if shown and self.faults.strikes("repeated", NAME, call.signature):
            shown = [dict(shown[0]), *shown]
        if shown and self.faults.strikes("reordered", NAME, call.signature):
            Random(call.signature).shuffle(shown)
        for row in shown:
            if self.faults.chooses("unknown_field", NAME, str(row["id"])):
                row["sim_points"] = 12
            if self._lacks(row["id"]):
                del row["score"]
        return Answer({"reviews": shown})

    def _page(self, call: Call, rows: list[Node]) -> list[Node]:
        told = {name: call.params.get(name, "") for name in ("count", "page")}
        size = int(told["count"]) if told["count"].isdigit() else 10
        page = int(told["page"]) if told["page"].isdigit() else 1
        size = min(size, LARGEST) if "reviews" in call.path else size
        return [dict(row) for row in rows[(page - 1) * size : page * size]]


def _refused(status: int, message: str) -> Answer:
    return Answer({"status": {"code": status, "message": message}}, status)
