"""The console as a process: uvicorn, one of it, quiet."""

import logging

import uvicorn

from console import accounts
from console.app import create_app
from pipelines import shared_file
from pipelines.home import Home

MOST_AT_ONCE = 100  # connections; a flood is turned away instead of eating the memory


def serve(home: Home, host: str, port: int, address: str | None) -> None:
    """Until it is stopped. `address`: the host of the proxy with TLS before it, if there is one."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    shared_file.one_thread_each()
    app = create_app(home, host=address, is_secure=address is not None)
    if not accounts.everybody(home):
        logging.getLogger("console").warning("nobody has an account yet: `firsthand serve users add`")
    shown = f"[{host}]" if ":" in host else host
    print(f"{app.state.settings.company}: {f'https://{address}' if address else f'http://{shown}:{port}'}/")
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,  # its lines would hold addresses
        server_header=False,
        log_level="warning",
        # A proxy says who asks; without one nobody is believed.
        proxy_headers=address is not None,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
    )
