"""The made-up company from the command line: serve it, export it, or tell the truth about it.

The truth goes to files only; no server ever hands it out.
"""

import argparse
import json
from datetime import UTC, date, datetime
from pathlib import Path

from simulator.company import make
from simulator.model import Company


def main() -> None:
    arguments = _parser().parse_args()
    arguments.do(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    commands = parser.add_subparsers(required=True)
    world = argparse.ArgumentParser(add_help=False)
    world.add_argument("--people", type=int, default=2000)
    world.add_argument("--seed", type=int, default=7)
    world.add_argument("--until", type=date.fromisoformat, default=datetime.now(UTC).date())

    serve = commands.add_parser("serve", parents=[world], help="speak the platforms' protocols on loopback")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0 takes a free one and prints it")
    serve.add_argument("--faults", default="none", help="none, nasty, or a list of fault names")
    serve.add_argument("--state-file", type=Path, help="where its address and clock are written")
    serve.set_defaults(do=_serve)

    for name, do, text in (
        ("truth", _truth, "who is who, and what was really earned"),
        ("exports", _exports, "the files a marketer would download"),
        ("summary", _summary, "how many of each thing there are"),
    ):
        command = commands.add_parser(name, parents=[world], help=text)
        if name != "summary":
            command.add_argument("--out", type=Path, required=True)
        command.set_defaults(do=do)

    bulk = commands.add_parser("leads-file", help="a big CSV of generic leads, for benchmarks")
    bulk.add_argument("--people", type=int, default=1_000_000, help="rows, repeats included")
    bulk.add_argument("--seed", type=int, default=7)
    bulk.add_argument("--until", type=date.fromisoformat, default=datetime.now(UTC).date())
    bulk.add_argument("--out", type=Path, required=True)
    bulk.set_defaults(do=_leads_file)
    return parser


def _company(arguments: argparse.Namespace) -> Company:
    return make(arguments.people, arguments.seed, arguments.until)


def _serve(arguments: argparse.Namespace) -> None:
    from simulator.server import serve

    serve(
        _company(arguments),
        host=arguments.host,
        port=arguments.port,
        faults=arguments.faults,
        seed=arguments.seed,
        state_file=arguments.state_file,
    )


def _truth(arguments: argparse.Namespace) -> None:
    from simulator.truth import write

    _report(write(_company(arguments), arguments.out))


def _exports(arguments: argparse.Namespace) -> None:
    from simulator.exports import exports

    _report(exports(_company(arguments), arguments.out))


def _leads_file(arguments: argparse.Namespace) -> None:
    from simulator.leads_file import write

    _report([write(arguments.people, arguments.seed, arguments.until, arguments.out)])


def _summary(arguments: argparse.Namespace) -> None:
    parts = vars(_company(arguments)).items()
    print(json.dumps({name: len(rows) for name, rows in parts if isinstance(rows, list)}, indent=2))


def _report(paths: list[Path]) -> None:
    for path in paths:
        print(path)


if __name__ == "__main__":
    main()
