"""Enter what somebody told you about being written to or called, and see where it stands.

POINT is an e-mail address or a phone number. A no needs no proof and counts at once, in the next export:
`withdraw` for one channel, `object` for the person as a whole, on every address and number of theirs. A yes
needs its proof: where the recording or the signed form is kept. `notice`: somebody at work was told, for
their role. `contract`: one runs, until a day. Nothing is ever changed; a later entry says otherwise.

examples:
  firsthand consent show marie@maison.example
  firsthand consent withdraw marie@maison.example --reason "told us in the shop"
  firsthand consent withdraw "06 39 98 12 34" --channel sms
  firsthand consent object marie@maison.example
  firsthand consent grant marie@maison.example --channel email --on 2026-11-20 --proof "paper form 12"
  firsthand consent notice jo@lumen.example --role "buyer" --on 2026-11-20
  firsthand consent contract "06 39 98 12 34" --channel phone --until 2027-06-30 --proof "contract 7"
  firsthand consent laws
"""

import argparse
import getpass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from pipelines import config
from pipelines.config import Config, ConfigError
from pipelines.home import Home

# Where a no is said without naming a channel, it is said of all that reach that point.
EVERY = {"email": ["email"], "phone": ["sms", "phone", "whatsapp"]}
ACTIONS = {
    "withdraw": "they said no, or stop",
    "object": "they object to direct marketing as a whole",
    "complaint": "they complained",
    "grant": "they said yes, and this proves it",
    "notice": "at work, they were told that we write about their work",
    "contract": "a contract runs",
}


def add(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="show|laws|" + "|".join(ACTIONS))
    show = actions.add_parser("show", help="every act about it, and what is allowed")
    show.add_argument("point", metavar="POINT")
    show.add_argument("--language", choices=["fr", "en"], help="default: as configured")
    files = actions.add_parser("laws", help="the files of law, their versions and who reviewed them")
    files.add_argument(
        "--table", choices=["consumer", "business", "generic"], help="what they ask for, as a Markdown table"
    )
    for name, text in ACTIONS.items():
        action = actions.add_parser(name, help=text)
        action.add_argument("point", metavar="POINT")
        action.add_argument(
            "--channel",
            action="append",
            choices=["email", "sms", "phone", "whatsapp", "ad_upload"],
            required=name in ("grant", "contract"),
            help="may be repeated" if name in ("grant", "contract") else "default: all that reach it",
        )
        action.add_argument("--purpose", default="marketing", help="default: marketing")
        action.add_argument("--on", type=date.fromisoformat, help="the day they said so (default: now)")
        action.add_argument("--proof", help="where the proof is kept", required=name in ("grant", "contract"))
        action.add_argument("--wording", help="the words they said yes to")
        action.add_argument("--until", type=date.fromisoformat, help="the first day it no longer holds")
        action.add_argument("--role", help="what they do at work", required=name == "notice")
        action.add_argument("--reason", help="in your own words; it is kept")
        action.add_argument("--by", help="who enters it (default: your login name)")


def run(args: argparse.Namespace, home: Home) -> int:
    if args.action == "laws":
        return _laws(args.table)
    settings = config.read(home)
    if args.action == "show":
        return _show(args, home, settings)
    return _enter(args, home, settings)


def _laws(recipient: str | None) -> int:
    from pipelines import laws

    found = laws.read()
    if recipient:
        print(laws.table(found, recipient))
        return 0
    for law in found:
        print(f"{law.word:<26} {law.name['en']:<26} reviewed by: {law.reviewed_by or 'nobody yet'}")
    print(f"{laws.UNKNOWN:<26} the strictest of all {len(found)}; together {laws.digest(found)}")
    return 0


def point_of(words: str, settings: Config) -> tuple[str, str]:
    """Kind and spelling we keep it under. Raises ConfigError."""
    from pipelines import normalise

    if address := normalise.email_contact(words):
        return "email", address
    for region in settings.phone_regions:
        if number := normalise.phone_e164(words, region):
            return "phone", number
    raise ConfigError("neither an e-mail address nor a phone number")


def _enter(args: argparse.Namespace, home: Home, settings: Config) -> int:
    from pydantic import ValidationError

    from pipelines import clock
    from pipelines.door import command, consents

    kind, value = point_of(args.point, settings)
    now = clock.ingest_time()
    zone = ZoneInfo(settings.time_zone)
    try:
        said = consents.entry(
            args.action,
            args.by or getpass.getuser(),
            now,
            contact_type=kind,
            contact_value=value,
            channels=args.channel or EVERY[kind],
            purpose=args.purpose,
            occurred_at=datetime.combine(args.on, time(12), zone) if args.on else now,
            occurred_at_precision="day" if args.on else "second",
            proof=args.proof,
            wording=args.wording,
            until=args.until,
            role=args.role,
            reason=args.reason,
        )
    except ValidationError as error:
        raise ConfigError("; ".join(one["msg"] for one in error.errors(include_input=False))) from None
    command.send(home, said)
    print(
        f"entered: {args.action}, {', '.join(said.channels)}, {said.purpose}. Exports go by it from now on,"
    )
    print("the customer table from the next run on.")
    return 0


def _show(args: argparse.Namespace, home: Home, settings: Config) -> int:
    from pipelines import reading
    from pipelines.portrait import permission_lines
    from pipelines.portrait_words import word

    language = args.language or settings.language
    _, value = point_of(args.point, settings)
    with reading.opened(home) as con:
        acts = reading.rows(
            con,
            "select distinct occurred_at, channel, purpose, act, platform, reason from consents"
            " where contact_value = ? order by occurred_at, channel, purpose, act",
            value,
        )
        for act in acts:
            print(
                f"{act['occurred_at']:%Y-%m-%d}  {act['channel']:<9} {act['purpose']:<12} {act['act']:<15} "
                f"{word(language, act['reason'])} ({act['platform']})"
            )
        for customer_id in reading.find(con, args.point, [settings.default_phone_region]).customer_ids:
            print("\n".join(["", customer_id, *permission_lines(con, customer_id, language)]))
    return 0
