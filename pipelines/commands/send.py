"""An audience to a list of Brevo, Mailchimp or HubSpot: whoever may be written to now, and nobody else.

Without --yes it only shows who would be added, taken off, stay, and who is left out and why. A list is made
for it, or taken where it is empty; a list with people on it that we did not make needs --take-over. Only
differences are sent; killed at any moment, the same command goes on. Nobody who left or bounced there is put
back. Every run takes off our lists whoever may not be written to any more; under `sending:` in
firsthand.yaml it also adds who came.

examples:
  firsthand send second-purchase --to brevo
  firsthand send second-purchase --to brevo --yes
  firsthand send spring --to mailchimp --account a1b2c3d4e5 --purpose newsletter:spring --yes
"""

import argparse
import getpass
from typing import TYPE_CHECKING

from pipelines.config import ConfigError
from pipelines.config.outgoing import Destination
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.sending.send import Sent, Shown

PLATFORMS = ("brevo", "mailchimp", "hubspot")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("audience", metavar="AUDIENCE", help="`firsthand audience list` names them")
    parser.add_argument("--to", required=True, choices=PLATFORMS)
    parser.add_argument("--account", help="which audience of Mailchimp, where there are several")
    parser.add_argument("--list", help="its name there (default: Firsthand: AUDIENCE)")
    parser.add_argument("--purpose", default="marketing", help="marketing, newsletter:<list>, review_request")
    parser.add_argument("--yes", action="store_true", help="do it; else it is only shown")
    parser.add_argument("--take-over", action="store_true", help="a list that we did not make becomes ours")
    parser.add_argument("--reason", help="what it is for; it is recorded")
    parser.add_argument("--by", help="who sends (default: your login name)")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pydantic import ValidationError

    from pipelines.company import Company
    from pipelines.exporting.export import NotBuilt
    from pipelines.keyed import MissingKey
    from pipelines.sending import send

    company, by = Company.at(home), args.by or getpass.getuser()
    language = args.language or company.config.language
    try:
        destination = Destination(
            audience=args.audience, to=args.to, account=args.account, purpose=args.purpose, list=args.list
        )
        if not args.yes:
            print("\n".join(shown(send.show(company, destination, by), language)))
            return 0
        sent = send.send(company, destination, by, reason=args.reason, takes_over=args.take_over)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ConfigError(wrong) from None
    except (NotBuilt, MissingKey) as error:
        raise ConfigError(str(error)) from None
    print("\n".join(told(sent, language)))
    return 0 if sent.done.is_in_step else 1


def shown(what: "Shown", language: str) -> list[str]:
    """What would change: counts and reasons, nobody's name."""
    from pipelines.sending.words import say

    found = what.found
    return [
        say(language, "list" if what.list_id else "new_list", name=what.name),
        *_counts(
            language,
            added=len(found.coming),
            newcomers=len(found.newcomers),
            removed=len(found.leaving),
            staying=len(found.staying),
        ),
        *left_out(what.excluded, len(found.refused), len(found.strangers), language),
        say(language, "laws", laws=what.laws),
        say(language, "dry_run"),
    ]


def told(sent: "Sent", language: str) -> list[str]:
    """What was changed."""
    from pipelines.sending.words import say

    done = sent.done
    return [
        say(language, "list", name=sent.name),
        *_counts(language, added=len(done.added), removed=len(done.removed), members=len(done.members)),
        *left_out(sent.excluded, len(done.refused | done.not_taken), len(done.strangers), language),
        say(language, "in_step" if done.is_in_step else "not_in_step"),
    ]


def _counts(language: str, **counts: int) -> list[str]:
    from pipelines.sending.words import say

    return [f"  {count:>9,}  {say(language, name)}" for name, count in counts.items()]


def left_out(excluded: dict[str, int], refused: int, strangers: int, language: str) -> list[str]:
    from pipelines.portrait_words import word
    from pipelines.sending.words import say

    reasons = [(count, word(language, reason)) for reason, count in excluded.items()]
    reasons += [(refused, say(language, "refused_there"))] if refused else []
    reasons += [(strangers, say(language, "strangers"))] if strangers else []
    return (
        [say(language, "left_out"), *(f"  {count:>9,}  {why}" for count, why in reasons)] if reasons else []
    )
