"""Bodies off the wire and onto the disk."""

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from connectors.landing import write_durably


def keep(folder: Path, body: bytes, now: datetime) -> Path:
    """Write a body where the inbox looks for it, fsynced when this returns. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S%f}-{hashlib.sha256(body).hexdigest()[:12]}.json"
    write_durably(path, body)
    return path


async def read_body(request: Request, slowest: float, largest: int) -> bytes | Response:
    """The raw body, unless it is too large (bytes), too slow (seconds), empty or cut short."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > largest:
        return PlainTextResponse("too large", 413)
    try:
        async with asyncio.timeout(slowest):
            body = bytearray()
            async for piece in request.stream():
                body += piece
                if len(body) > largest:
                    return PlainTextResponse("too large", 413)
    except TimeoutError:
        return PlainTextResponse("too slow", 408)
    except ClientDisconnect:
        return PlainTextResponse("cut short", 400)
    return bytes(body) or PlainTextResponse("empty", 400)
