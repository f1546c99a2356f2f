"""The receiver in a process of its own, flooded and killed: whatever it thanked for is on disk, whole, once.

Meta's bodies, wrong ones among them. The flood is a few hundred; how fast it is taken is not asked here.
"""

import hashlib
import hmac
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from homes import make_company
from town import ROOT

from connectors.meta.receive import hints
from simulator.home import SECRETS

BODIES, CALLERS = 240, 6
WRONG = 8  # every eighth is signed by somebody else


def body(number: int) -> bytes:
    change = {"field": "leadgen", "value": {"leadgen_id": str(number), "page_id": "1", "form_id": "7"}}
    return json.dumps({"object": "page", "entry": [{"id": "1", "changes": [change]}]}).encode()


def signature(sent: bytes, number: int) -> dict[str, str]:
    secret = SECRETS["META_APP_SECRET"] if number % WRONG else "somebody else's"
    return {"X-Hub-Signature-256": f"sha256={hmac.new(secret.encode(), sent, hashlib.sha256).hexdigest()}"}


@contextmanager
def receiver(root: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "receiver", "--home", str(root), "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                requests.get(f"http://127.0.0.1:{port}/health", timeout=1)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/hooks/meta", process
    finally:
        process.kill()
        process.wait(timeout=10)


def post(address: str, number: int) -> int | None:
    sent = body(number)
    try:
        return requests.post(address, data=sent, headers=signature(sent, number), timeout=10).status_code
    except requests.RequestException:
        return None


def kept(root: Path) -> list[str]:
    """The leads hinted at by what is in the inbox; what is being written has another name."""
    paths = (root / "inbox" / "webhooks" / "meta").glob("*.json")
    return [lead for path in paths for _, lead in hints(path.read_bytes())]


@pytest.mark.parametrize("killed_after", [None, 20, 90])
def test_what_was_thanked_for_is_on_disk(tmp_path: Path, killed_after: int | None) -> None:
    make_company(tmp_path)
    thanked: list[int] = []
    with receiver(tmp_path) as (address, process), ThreadPoolExecutor(CALLERS) as callers:

        def deliver(number: int) -> int | None:
            status = post(address, number)
            if status == 200:
                thanked.append(number)
                if killed_after is not None and len(thanked) == killed_after:
                    process.kill()
            return status

        statuses = list(callers.map(deliver, range(BODIES)))
    found = kept(tmp_path)
    assert {str(number) for number in thanked} <= set(found)
    assert len(found) == len(set(found))
    # Nothing wrong is accepted, killed or not.
    assert not {number for number in map(int, found) if number % WRONG == 0}
    if killed_after is None:
        assert statuses == [200 if number % WRONG else 401 for number in range(BODIES)]
    else:
        # It died in the middle of it: what had no thanks is brought again by the platform.
        assert None in statuses
        with receiver(tmp_path) as (address, _):
            again = [number for number, status in enumerate(statuses) if status is None]
            assert {post(address, number) for number in again} <= {200, 401}
        assert set(kept(tmp_path)) == {str(number) for number in range(BODIES) if number % WRONG}
