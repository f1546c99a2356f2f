"""Erase people for good: their records, every copy and every publication with them; orders stay as sums.

Shows first whom that means and what hangs on them. WHO is a customer number, an e-mail address or a phone.
What may be several people is refused with the command that decides. Afterwards nobody comes back by any
door: not by a full pull, an old file or a restored backup. A new act of theirs, dated after today, starts a
new number.

examples:
  firsthand forget marie@maison.example --dry-run
  firsthand forget marie@maison.example --channel email --checked replied_from_address
  firsthand forget 5e1b412e-ac47-817e-ae3d-aadd3dd80d18 --tell-platforms
"""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.company import Company
    from pipelines.erasure.asking import Asked

CHANNELS = ("email", "phone", "letter", "form", "in_person", "other")
CHECKS = ("replied_from_address", "logged_in", "document", "known_in_person", "none")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", nargs="+", metavar="WHO")
    parser.add_argument("--dry-run", action="store_true", help="only show whom and what it would mean")
    parser.add_argument("--yes", action="store_true", help="do not ask again, on a terminal")
    parser.add_argument("--channel", choices=CHANNELS, default="other", help="how they asked")
    parser.add_argument("--checked", choices=CHECKS, default="none", help="how you know it was them")
    parser.add_argument(
        "--tell-platforms", action="store_true", help="have platforms erase them too (else only shown)"
    )
    parser.add_argument("--by", help="who of the company writes it down (default: your login name)")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.company import Company
    from pipelines.erasure import asking
    from pipelines.erasure.words import say

    company = Company.at(home)
    language = args.language or company.config.language
    asked = asking.ask(company, args.who, language)
    print("\n".join(asked.lines))
    if asked.is_refused or not asked.plans:
        return 1
    if args.dry_run:
        print(say(language, "dry_run"))
        return 0
    if not (args.yes or _is_sure(language)):
        print(say(language, "stopped"))
        return 1
    return _erase(company, asked, args, language)


def _is_sure(language: str) -> bool:
    from pipelines.erasure.words import say

    if not sys.stdin.isatty():
        return True
    print(say(language, "sure"), end="", flush=True)
    return sys.stdin.readline().strip().lower()[:1] in ("y", "o")


def _erase(company: "Company", asked: "Asked", args: argparse.Namespace, language: str) -> int:
    from pipelines.erasure import asking

    done = asking.carry_out(
        company,
        asked,
        made_by=args.by or getpass.getuser(),
        channel=args.channel,
        identity_check=args.checked,
        is_telling=args.tell_platforms,
        language=language,
    )
    print("\n".join(done.lines))
    return 0 if done.is_done else 1
