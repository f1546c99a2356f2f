"""Takes what platforms push, makes sure of the sender, and has it on disk before it says thank you.

    GET  /hooks/<platform>   the handshake, where the platform has one
    GET  /hooks/<platform>/<word>    that we are here, to who knows the word
    POST /hooks/<platform>   one signed body -> inbox/webhooks/<platform>/<stamp>-<hex>.json
    POST /hooks/<platform>/<word>   the same where nothing is signed, and the address is the secret

It opens no warehouse, calls nobody and reads nothing; what a body means is the pipeline's business. Logs
hold platform, size and outcome, never a body, an address or a secret.
"""

import importlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from connectors import PLATFORMS
from connectors.stream import Webhook
from receiver.bodies import keep, read_body

log = logging.getLogger("receiver")

LARGEST_BODY = 1024 * 1024  # Typeform's longest forms stay below a tenth of it
SLOWEST_BODY = 10.0  # seconds; platforms themselves wait no longer for us


def webhooks() -> dict[str, Webhook]:
    """The platforms that push."""
    modules = {name: importlib.import_module(f"connectors.{name}") for name in PLATFORMS}
    return {name: module.WEBHOOK for name, module in modules.items() if hasattr(module, "WEBHOOK")}


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    inbox: Path,
    secrets: Mapping[str, str],
    *,
    hooks: Mapping[str, Webhook] | None = None,
    now: Callable[[], datetime] = _utc_now,
    slowest_body: float = SLOWEST_BODY,
    forms: Sequence[BaseRoute] = (),
) -> Starlette:
    """The application; `inbox` is the folder of webhook bodies, `secrets` what signatures need, `forms` the
    routes of the company's own forms."""
    known = webhooks() if hooks is None else hooks
    for name, hook in known.items():
        for variable in hook.secrets:
            if not secrets.get(variable):
                log.warning("%s is not set: webhooks of %s will be refused", variable, name)

    async def shake_hands(request: Request) -> Response:
        hook = known.get(request.path_params["platform"])
        if hook is None or hook.handshake is None:
            return PlainTextResponse("no such hook", 404)
        challenge = hook.handshake(request.query_params, secrets)
        if challenge is None:
            return PlainTextResponse("refused", 403)
        return PlainTextResponse(challenge) if isinstance(challenge, str) else JSONResponse(challenge)

    async def be_there(request: Request) -> Response:
        """Platforms that sign nothing look whether the address answers before they keep it."""
        hook = known.get(request.path_params["platform"])
        if hook is None or hook.knows_address is None:
            return PlainTextResponse("no such hook", 404)
        is_ours = hook.knows_address(request.path_params["word"], secrets)
        return PlainTextResponse("ok") if is_ours else PlainTextResponse("no such hook", 404)

    async def take(request: Request) -> Response:
        platform = request.path_params["platform"]
        hook = known.get(platform)
        if hook is None:
            return PlainTextResponse("no such hook", 404)
        word = request.path_params.get("word", "")
        if hook.knows_address is None and word:
            return PlainTextResponse("no such hook", 404)
        if hook.knows_address and not hook.knows_address(word, secrets):
            log.warning("%s: address refused", platform)
            return PlainTextResponse("no such hook", 404)
        body = await read_body(request, slowest_body, LARGEST_BODY)
        if isinstance(body, Response):
            log.info("%s: refused, %s", platform, body.status_code)
            return body
        if hook.is_ping and hook.is_ping(body):
            return PlainTextResponse("ok")
        # Headers are ASCII on the wire; anything else is an attempt at something.
        if not hook.verify(dict(request.headers), body, secrets):
            log.warning("%s: signature refused, %d bytes", platform, len(body))
            return PlainTextResponse("signature refused", 401)
        try:
            await to_thread.run_sync(keep, inbox / platform, body, now())
        except OSError as error:
            # No thanks for what is not on disk: the platform will bring it again.
            log.error("%s: could not be written, %s", platform, type(error).__name__)
            return PlainTextResponse("try again later", 503)
        log.info("%s: kept, %d bytes", platform, len(body))
        return PlainTextResponse("ok")

    async def say_alive(request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(
        routes=[
            Route("/hooks/{platform}", shake_hands, methods=["GET"]),
            Route("/hooks/{platform}", take, methods=["POST"]),
            Route("/hooks/{platform}/{word}", be_there, methods=["GET"]),
            Route("/hooks/{platform}/{word}", take, methods=["POST"]),
            Route("/health", say_alive, methods=["GET"]),
            *forms,
        ]
    )
