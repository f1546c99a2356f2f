"""The audit log: who or what exported, forgot, judged, restored or changed a rule, and whether it is whole.

examples:
  firsthand audit list
  firsthand audit verify              exit code 1 where an entry was changed, left out or cut off
"""

import argparse

from pipelines import config
from pipelines.home import Home

WORDS = {
    "en": {
        "whole": "{count} entries, all as they were written",
        "broken": "NOT WHOLE: {why}",
        "none": "no entry yet",
    },
    "fr": {
        "whole": "{count} entrées, toutes telles qu'écrites",
        "broken": "PAS ENTIER : {why}",
        "none": "aucune entrée",
    },
}


def add(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|verify")
    for name, text in (("list", "every entry, oldest first"), ("verify", "is it as it was written?")):
        action = actions.add_parser(name, help=text)
        action.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import audit_log
    from pipelines.audit_log import Tampered
    from pipelines.keyed import Keyed
    from pipelines.serving import folders

    words = WORDS[args.language or config.read(home).language]
    try:
        if args.action == "list":
            for entry in audit_log.entries(home):
                facts = ", ".join(f"{name} {value}" for name, value in entry.facts.items())
                print(f"{entry.n:>6}  {entry.at:%Y-%m-%d %H:%M}  {entry.by:<16} {entry.what:<16} {facts}")
            return 0
        keyed = Keyed.of(config.secrets(home))
        count = audit_log.verify(home, keyed, folders.witnesses(home.serving))
    except Tampered as broken:
        print(words["broken"].format(why=broken))
        return 1
    print(words["whole"].format(count=count) if count else words["none"])
    return 0
