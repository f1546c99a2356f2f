"""python -m receiver --home DIR: listens on loopback; put a reverse proxy with TLS in front of it."""

import argparse
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

import uvicorn

from connectors.files.pushed import webhook
from connectors.own_form import definition
from pipelines import config
from pipelines.home import Home
from receiver.app import create_app, webhooks
from receiver.forms import Desk

MOST_AT_ONCE = 100  # connections; a flood is turned away instead of eating the memory


def own_forms(home: Home, secrets: Mapping[str, str]) -> Desk | None:
    """The forms of firsthand.yaml, where it has any and their secret is set. Raises ConfigError."""
    settings = config.read(home).platforms.get("own_form")
    if settings is None:
        return None
    secret = secrets.get("OWN_FORM_SECRET", "")
    if not secret:
        logging.getLogger("receiver").warning("OWN_FORM_SECRET is not set: no form is shown")
        return None
    inbox = home.webhooks / "own_form"
    return Desk(definition.read(settings), secret, inbox, home.outbox, lambda: datetime.now(UTC))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m receiver", description=__doc__)
    parser.add_argument("--home", help="the company's folder (default: FIRSTHAND_HOME or the current one)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="where to listen; loopback unless you know better"
    )
    parser.add_argument("--port", type=int, default=8090)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    home = Home.at(arguments.home)
    settings = config.read(home)
    hooks = webhooks() | {one.name: webhook(one) for one in settings.webhooks}
    # Of all the company's secrets this process holds only those that signatures need.
    needed = {name for hook in hooks.values() for name in hook.secrets}
    secrets = {name: value for name, value in config.secrets(home).items() if name in needed}
    desk = own_forms(home, secrets)
    if desk:
        desk.announce()
    uvicorn.run(
        create_app(home.webhooks, secrets, hooks=hooks, forms=desk.routes() if desk else ()),
        host=arguments.host,
        port=arguments.port,
        http="h11",
        access_log=False,  # its lines would hold addresses and query strings
        server_header=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=5,
        h11_max_incomplete_event_size=16 * 1024,
    )


if __name__ == "__main__":
    main()
