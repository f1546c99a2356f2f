"""The connection to the PostgreSQL server, from one address in the environment.

    FIRSTHAND_MIRROR_DSN=postgresql://writer:password@db.maison.example:5432/bi?sslmode=verify-full

Another machine is spoken to through TLS with its certificate checked, unless `sslmode=require` (unchecked) or
`disable` says otherwise; `sslrootcert` names the authority's file. `?host=/folder` is a socket here.
"""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import parse_qs, unquote, urlsplit

import pg8000.native
from pg8000.exceptions import DatabaseError, InterfaceError

VARIABLE = "FIRSTHAND_MIRROR_DSN"
LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}
CONNECT_SECONDS = 20
Server = pg8000.native.Connection


class MirrorFailed(Exception):
    """The mirror is as it was; the text says why, and holds nobody's data."""


def connect(secrets: Mapping[str, str]) -> Server:
    """Raises MirrorFailed."""
    text = secrets.get(VARIABLE, "")
    if not text:
        raise MirrorFailed(f"{VARIABLE} is not set: postgresql://user:password@host:5432/database")
    try:
        found = urlsplit(text)
        asked = {name: values[-1] for name, values in parse_qs(found.query).items()}
        socket = asked.get("host", "")
        arguments = {
            "user": unquote(found.username or ""),
            "password": unquote(found.password) if found.password else None,
            "database": unquote(found.path.lstrip("/")) or None,
            "port": found.port or 5432,
        }
    except ValueError:
        raise MirrorFailed(f"{VARIABLE} is no address such as postgresql://user:password@host/db") from None
    if socket:
        arguments["unix_sock"] = f"{socket}/.s.PGSQL.{arguments['port']}"
    else:
        host = found.hostname or ""
        arguments |= {"host": host or "localhost", "ssl_context": _tls(host, asked)}
    try:
        server = Server(application_name="firsthand mirror", timeout=CONNECT_SECONDS, **arguments)
        # Copying may take longer than being let in.
        server._usock.settimeout(None)
        return server
    except (DatabaseError, InterfaceError, OSError) as error:
        raise MirrorFailed(f"the PostgreSQL server does not let us in: {reason(error)}") from None


def close(server: Server) -> None:
    """Also one whose other end is gone."""
    with suppress(DatabaseError, InterfaceError, OSError):
        server.close()


def reason(error: Exception) -> str:
    """What the server says, without the detail lines that may quote a row."""
    said = error.args[0] if error.args else error
    return said.get("M", "no reason given") if isinstance(said, dict) else str(error)


def code(error: DatabaseError) -> str:
    """SQLSTATE."""
    said = error.args[0] if error.args else {}
    return said.get("C", "") if isinstance(said, dict) else ""


def _tls(host: str, asked: Mapping[str, str]) -> ssl.SSLContext | bool:
    """False is without: of None, pg8000 makes TLS that checks nothing, if the server has it."""
    mode = asked.get("sslmode") or ("disable" if host in LOOPBACK else "verify-full")
    if mode == "disable":
        return False
    if mode not in {"require", "verify-full"}:
        raise MirrorFailed(f"{VARIABLE}: sslmode is disable, require or verify-full")
    try:
        context = ssl.create_default_context(cafile=asked.get("sslrootcert"))
    except OSError as error:  # ssl's own errors are such
        raise MirrorFailed(f"{VARIABLE}: sslrootcert holds no certificate: {reason(error)}") from None
    if mode == "require":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
