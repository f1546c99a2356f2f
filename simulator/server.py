"""All platforms of one made-up company on one loopback port, one path prefix each.

    with running(company, faults="nasty", seed=7) as base_url:
        requests.get(f"{base_url}/meta/v26.0/me/accounts", headers={"Authorization": "Bearer sim-meta-token"})

`/_sim/*` is the operator's side: clock, faults, kill, stats. What the company's people really are is
not served at all. One process, one event loop: a platform answers one call at a time.
"""

import asyncio
import contextlib
import json
import logging
import os
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from simulator.clock import Clock, end_of, read_moment
from simulator.faults import Faults, UnknownFault
from simulator.fleet import FLEET
from simulator.model import Company
from simulator.wire import Answer, Call, Platform

METHODS = ["GET", "POST", "PUT", "DELETE"]


class CutResponse(Response):
    """Promises a whole body and hangs up in the middle of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = self.body[: max(1, len(self.body) // 2)]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        # Returning here makes the server close the connection with bytes still owed.


class World:
    """The company, its platforms, the moment and the troubles."""

    def __init__(self, company: Company, now: datetime | None = None) -> None:
        self.clock = Clock(now or end_of(company.until))
        self.faults = Faults()
        self.platforms: dict[str, Platform] = {
            name: platform.speaks(company, self.clock, self.faults) for name, platform in FLEET.items()
        }
        self.requests: Counter[str] = Counter()
        self.state_file: Path | None = None
        self.base_url = ""

    async def ask(self, request: Request) -> Response:
        """One call to a platform, with whatever goes wrong on the way."""
        name = request.path_params["platform"]
        platform = self.platforms.get(name)
        if platform is None:
            return JSONResponse({"error": f"no platform {name}"}, 404)
        self.requests[name] += 1
        if name in self.faults.dead:
            return Response("Service Unavailable", 503)
        call = await _call(request, name)
        if self._hits("slow", platform, call):
            await asyncio.sleep(self.faults.slow_seconds)
        answer = self.tell(platform, call)
        headers = {"Content-Type": "application/json", **answer.headers}
        # A client that needs the platform's idea of now has this header and nothing else.
        headers["Date"] = format_datetime(self.clock.now, usegmt=True)
        # Of those whose lists others may change.
        if call.method != "GET" and hasattr(platform, "listed") and self._hits("lost_answer", platform, call):
            return Response("upstream request timeout", 504)
        whole = not self._hits("cut", platform, call)
        return (Response if whole else CutResponse)(answer.payload(), answer.status, headers)

    def tell(self, platform: Platform, call: Call) -> Answer:
        """What a platform says to a call, refusals dealt by faults included."""
        for fault in ("throttle", "server_error"):
            if self._hits(fault, platform, call):
                return platform.refuse(call, fault)
        if self._hits("expired_token", platform, call):
            platform.expire(call)
        return platform.answer(call)

    def _hits(self, fault: str, platform: Platform, call: Call) -> bool:
        return not platform.is_spared(call) and self.faults.strikes(fault, platform.name, call.signature)

    async def operate(self, request: Request) -> Response:
        """The operator's side."""
        what = request.path_params["what"]
        wish = json.loads(await request.body() or b"{}") | dict(request.query_params)
        try:
            done = self._operate(what, wish, is_change=request.method == "POST")
        except (KeyError, TypeError, ValueError, UnknownFault) as error:
            return JSONResponse({"error": str(error)}, 400)
        if request.method == "POST":
            self.write_state()
        return JSONResponse(done, 404 if done is None else 200)

    def _operate(self, what: str, wish: dict[str, Any], is_change: bool) -> dict[str, Any] | None:
        match what:
            case "clock" if is_change:
                self.clock.move(read_moment(wish["now"]))
            case "faults" if is_change:
                self.faults.wait_seconds = float(wish.get("wait_seconds", self.faults.wait_seconds))
                self.faults.slow_seconds = float(wish.get("slow_seconds", self.faults.slow_seconds))
                if "faults" in wish:
                    self.faults.set(wish["faults"], int(wish["seed"]) if "seed" in wish else None)
            case "kill" if is_change:
                self.faults.dead.add(self.platforms[wish["platform"]].name)
            case "revive" if is_change:
                self.faults.dead.discard(self.platforms[wish["platform"]].name)
            case "settings" if is_change:
                self.platforms[wish.pop("platform")].change(wish)
            case "missing":
                return {name: platform.missing() for name, platform in self.platforms.items()}
            case "lists":
                return self.platforms[wish["platform"]].listed()
            case "stats":
                return {"requests": dict(self.requests), "faults": self.faults.fired}
            case "clock" | "faults" | "health":
                pass
            case _:
                return None
        return {
            "now": self.clock.now.isoformat(),
            "faults": sorted(self.faults.active),
            "seed": self.faults.seed,
            "dead": sorted(self.faults.dead),
        }

    def write_state(self) -> None:
        """Where a running simulator is found, and where it stands."""
        if self.state_file is None:
            return
        port = int(self.base_url.rpartition(":")[2])
        state = {"port": port, "base_url": self.base_url, "pid": os.getpid()}
        state |= {"now": self.clock.now.isoformat(), "faults": sorted(self.faults.active)}
        draft = self.state_file.with_suffix(".tmp")
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.replace(self.state_file)


async def _call(request: Request, name: str) -> Call:
    host = request.headers.get("host", "127.0.0.1")
    return Call(
        method=request.method,
        path=request.path_params["path"],
        query=tuple(request.query_params.multi_items()),
        raw_query=request.scope["query_string"].decode("latin-1"),
        headers={key.lower(): value for key, value in request.headers.items()},
        body=await request.body(),
        base=f"http://{host}/{name}",
    )


def app(world: World) -> Starlette:
    return Starlette(
        routes=[
            Route("/_sim/{what}", world.operate, methods=["GET", "POST"]),
            Route("/{platform}/{path:path}", world.ask, methods=METHODS),
        ]
    )


def _bound(host: str, port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    return found


def _server(world: World) -> uvicorn.Server:
    # A cut connection is on purpose; uvicorn would log each as an error of ours.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
    config = uvicorn.Config(
        app(world), log_level=None, log_config=None, date_header=False, server_header=False, lifespan="off"
    )
    return uvicorn.Server(config)


def _world(company: Company, faults: str, seed: int, now: datetime | None) -> World:
    world = World(company, now)
    world.faults.set(faults, seed)
    return world


def serve(
    company: Company,
    host: str = "127.0.0.1",
    port: int = 0,
    faults: str = "none",
    seed: int = 0,
    now: datetime | None = None,
    state_file: Path | None = None,
) -> None:
    """Serve until interrupted; prints one line of JSON with the port once it can be asked."""
    world = _world(company, faults, seed, now)
    listening = _bound(host, port)
    world.base_url, world.state_file = f"http://{host}:{listening.getsockname()[1]}", state_file
    world.write_state()
    listening.listen(128)
    print(json.dumps({"port": listening.getsockname()[1], "base_url": world.base_url}), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        _server(world).run(sockets=[listening])


@contextlib.contextmanager
def running(
    company: Company, faults: str = "none", seed: int = 0, now: datetime | None = None
) -> Iterator[str]:
    """The same in a thread of this process, for tests: yields the base address."""
    world = _world(company, faults, seed, now)
    listening = _bound("127.0.0.1", 0)
    listening.listen(128)  # before the thread starts, so that the first call waits and is not refused
    world.base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = _server(world)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield world.base_url
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
        listening.close()
