"""Recorded answers, played back without a network, and the recorder that makes them.

A page, `tests/pages/<platform>/<stream>.json`:

    account, since, landed    what the fetch is asked for
    settings                  the platform's block of firsthand.yaml, where it needs one
    answers                   in order: what was asked (method and path below the base address), the body;
                              of a file (is_file) its text
    keys, announced           what must come out
    documented                types of the fields that the vendor's own example of a form's answer shows

To record anew from the simulator: `python tests/tape.py [platform ...]`, then read the diff. What an old page
asks for, the new one asks for.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from connectors.client import Answer, Client, Env
from connectors.landing import key_reader
from connectors.stream import Announced, Page, Since, Stream
from simulator import home
from simulator.fleet import FLEET

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEPT_HEADERS = ("X-WP-Total",)
LONGEST_LIST = 4  # rows kept of each recorded answer: a test page is for reading, too


class AnySecret(dict):
    """A value for every variable a connector may ask for."""

    def __missing__(self, name):
        return f"made-up-{name.lower()}"

    def get(self, name, default=""):
        return self[name]


def env(settings: dict[str, Any] | None = None, secrets: Any = None) -> Env:
    """What a connector gets in a test: no waiting, a fixed day."""
    base = {
        "base_url": "https://platform.example", "account": "maison", "shop": "maison-exemple", "at_once": 1
    }  # fmt: skip
    return Env(
        {**base, **(settings or {})},
        AnySecret() if secrets is None else secrets,
        now=lambda: NOW,
        sleep=lambda seconds: None,
    )


def http_of(client: Any) -> Client:
    return client if isinstance(client, Client) else client.http


class Tape:
    """Plays answers in order and fails on any other question."""

    def __init__(self, answers: list[dict[str, Any]]):
        self.answers, self.asked = list(answers), []

    def into(self, client: Any) -> Any:
        http = http_of(client)
        self.base = urlsplit(http.base_url).path
        http._read, http._hear, http.tape = self.read, self.hear, self
        return client

    def hear(self, method: str, url: str, how: dict[str, Any]) -> Answer:
        """As an answer that is read as it comes: its rows are given and not in it."""
        answer = self.read(method, url, how)
        name, give = how["rows"]
        for part in answer.data if isinstance(answer.data, list) else ():
            if isinstance(part, dict) and isinstance(part.get(name), list):
                give(part[name])
        return answer

    def read(self, method: str, url: str, how: dict[str, Any]) -> Answer:
        asked = f"{method} {urlsplit(url).path.removeprefix(self.base)}"
        self.asked.append((asked, how | {"url": url}))
        assert self.answers, f"asked once more than recorded: {asked}"
        answer = self.answers.pop(0)
        assert asked == answer["asked"], f"asked {asked}, recorded {answer['asked']}"
        status, headers, body = answer.get("status", 200), answer.get("headers", {}), answer["body"]
        if answer.get("is_file") and isinstance(body, str):
            return Answer(status, headers, None, body.encode())
        return Answer(status, headers, body)


def fetched(stream: Stream, client: Any, account: str, since: Since) -> tuple[list[Any], dict[str, int]]:
    """All rows of a fetch, and what was announced."""
    rows: list[Any] = []
    announced: dict[str, int] = {}
    for item in stream.fetch(client, account, since):
        if isinstance(item, Page):
            rows += item.rows
        elif isinstance(item, Announced):
            announced[item.form] = item.count
    return rows, announced


def since_of(page: dict[str, Any]) -> Since:
    moment = datetime.fromisoformat(page["since"]) if page.get("since") else None
    return Since(moment, page.get("landed", {}))


def module(platform: str) -> ModuleType:
    return importlib.import_module(f"connectors.{platform}")


def stream(platform: str, name: str) -> Stream:
    return next(one for one in module(platform).STREAMS if one.name == name)


def play(platform: str, *answers: tuple, secrets: Any = None, settings: Any = None) -> Any:
    """A client of `platform` that hears these (question, body[, status[, headers[, is it a file]]])."""
    names = ("asked", "body", "status", "headers", "is_file")
    tape = Tape([dict(zip(names, answer, strict=False)) for answer in answers])
    return tape.into(module(platform).client(env(settings, secrets)))


def asked(client: Any, place: int = -1) -> dict[str, Any]:
    """The parameters or GraphQL variables of one question."""
    how = how_asked(client, place)
    return how.get("params") or how["json"]["variables"]


def how_asked(client: Any, place: int = -1) -> dict[str, Any]:
    return http_of(client).tape.asked[place][1]


# -- recording ------------------------------------------------------------------------------------


def _shortened(value: Any) -> Any:
    if isinstance(value, list):
        return [_shortened(one) for one in value[:LONGEST_LIST]]
    return {name: _shortened(one) for name, one in value.items()} if isinstance(value, dict) else value


def _record(http: Client) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    real, base = http._read, urlsplit(http.base_url).path

    def read(method: str, url: str, how: dict[str, Any]) -> Answer:
        answer = real(method, url, how)
        path = urlsplit(url).path.removeprefix(base)
        if answer.body:
            lines = answer.body.decode().splitlines(keepends=True)[: LONGEST_LIST + 1]
            answers.append({"asked": f"{method} {path}", "body": "".join(lines), "is_file": True})
            return Answer(answer.status, answer.headers, None, answers[-1]["body"].encode())
        kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        told = {"asked": f"{method} {path}", **({"headers": kept} if kept else {})}
        answers.append(told | {"body": _shortened(answer.data)})
        return Answer(answer.status, answer.headers, answers[-1]["body"])

    http._read = read
    return answers


def asked_for(platform: str, stream: Stream) -> dict[str, Any]:
    """What the page of before asked for; a new one asks for everything of the platform's account."""
    path = PAGES / platform / f"{stream.name}.json"
    if not path.exists():
        return {"account": FLEET[platform].account, "since": None}
    page = json.loads(path.read_text(encoding="utf-8"))
    return {name: told for name, told in page.items() if name not in ("answers", "keys", "announced")}


def pages(base_url: str, platforms: list[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Ask the simulator for every stream of these platforms."""
    # A fixed token instead of one the simulator makes: nothing that looks like a secret goes into git.
    secrets = {**home.SECRETS, "SHOPIFY_TOKEN": "shpat_sim"}
    for platform in platforms:
        block = home.ALL[platform]
        for stream in module(platform).STREAMS:
            page = asked_for(platform, stream)
            address = {"base_url": base_url + block["base_url"], "at_once": 1}
            own = {**block, **address, **page.get("settings", {})}
            client = module(platform).client(env(own, secrets))
            answers = _record(http_of(client))
            rows, announced = fetched(stream, client, page["account"], since_of(page))
            key = key_reader(stream.key)
            found = {"answers": answers, "keys": [key(row) for row in rows], "announced": announced}
            yield platform, stream.name, page | found


def main() -> None:
    from datetime import date

    from simulator.company import make, with_everything, with_form_tools
    from simulator.server import running

    company = with_everything(with_form_tools(make(12, 7, date(2026, 11, 20)), "hubspot"))
    with running(company) as base_url:
        for platform, name, page in pages(base_url, sys.argv[1:] or list(FLEET)):
            text = json.dumps(page, indent=1, ensure_ascii=False)
            for address in (base_url + home.ALL[platform]["base_url"], base_url):
                text = text.replace(address, "https://platform.example")
            path = PAGES / platform / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
