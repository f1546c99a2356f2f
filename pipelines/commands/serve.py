"""The console: pages for marketers, on this machine; French and English. Accounts first, then serve.

Roles, each with the rights of those before it: reader (figures, nobody's name), marketer (people), steward
(who is who), admin (the audit log). A password is asked for, or read from one line of standard input; never
an argument, for others see those. To be reached from elsewhere it needs TLS: put a reverse proxy before it
and say by which address (docs/console.md).

examples:
  firsthand serve users add ines --role steward
  firsthand serve users list
  firsthand serve users role ines admin
  firsthand serve
  firsthand serve --port 8100 --address https://console.maison.example
"""

import argparse
import getpass
import sys
from urllib.parse import urlsplit

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PORT = 8080


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=LOOPBACK[0], help="where to listen (default: loopback)")
    parser.add_argument("--port", type=int, default=PORT, help=f"(default: {PORT})")
    parser.add_argument(
        "--address", help="https://... that browsers use, where a proxy with TLS is before it"
    )
    parser.set_defaults(action=None)
    users = parser.add_subparsers(dest="what", metavar="users").add_parser("users", help="accounts")
    actions = users.add_subparsers(dest="action", required=True, metavar="add|list|role|password|remove")
    new = actions.add_parser("add", help="a new account; asks for its password")
    new.add_argument("name")
    new.add_argument("--role", default="reader", help="reader, marketer, steward or admin (default: reader)")
    actions.add_parser("list", help="names and roles")
    role = actions.add_parser("role", help="another role; ends its sessions")
    role.add_argument("name")
    role.add_argument("role")
    for action, what in (("password", "another password"), ("remove", "no account any more")):
        actions.add_parser(action, help=f"{what}; ends its sessions").add_argument("name")


def run(args: argparse.Namespace, home: Home) -> int:
    config.read(home)
    return _serve(args, home) if args.what is None else _users(args, home)


def _users(args: argparse.Namespace, home: Home) -> int:
    from console import accounts
    from pipelines.audit_trail import note_by_hand

    if args.action == "list":
        for account in accounts.everybody(home):
            print(f"{account.name:<24} {account.role}")
        return 0
    facts = {"account": args.name}
    if args.action == "add":
        accounts.add(home, args.name, args.role, _password())
        facts["role"] = args.role
    elif args.action == "role":
        accounts.change_role(home, args.name, args.role)
        facts["role"] = args.role
    elif args.action == "password":
        accounts.change_password(home, args.name, _password())
    else:
        accounts.remove(home, args.name)
    note_by_hand(home, f"account_{args.action}", facts)
    print(f"{args.name}: {args.action}, done")
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("password: ")
    if getpass.getpass("once more: ") != password:
        raise ConfigError("these were two different passwords; nothing was changed")
    return password


def _serve(args: argparse.Namespace, home: Home) -> int:
    address = _address(args)
    from console.server import serve

    serve(home, args.host, args.port, address)
    return 0


def _address(args: argparse.Namespace) -> str | None:
    """The host of --address. Raises ConfigError where passwords would go over a network in clear."""
    if args.address is None:
        if args.host not in LOOPBACK:
            raise ConfigError(
                f"on {args.host} passwords and people would cross the network unencrypted. Leave --host out"
                " and put a reverse proxy with TLS before it; or, where the proxy is on another machine, say"
                " --address https://... as well"
            )
        return None
    parts = urlsplit(args.address)
    if parts.scheme != "https" or not parts.hostname:
        raise ConfigError(f"--address {args.address}: is https:// and a name")
    return parts.hostname
