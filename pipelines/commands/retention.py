"""Who has been kept for long enough: list them, ask them before, erase them; or hold somebody's data back.

The time runs from a person's own last act (an order, a form, a review; not an opened letter, not an import)
and is as long as seeds/retention.csv says for their country. A purge leaves what an erasure leaves, and shuts
nobody out.

examples:
  firsthand retention due
  firsthand retention notice --out stay-or-go.csv         for `firsthand export --customers stay-or-go.csv`
  firsthand retention purge --dry-run
  firsthand retention hold 5e1b412e-ac47-817e-ae3d-aadd3dd80d18 --reason "file 12/2026"
  firsthand retention release 5e1b412e-ac47-817e-ae3d-aadd3dd80d18
"""

import argparse
import getpass
from datetime import date
from pathlib import Path

from pipelines import config
from pipelines.home import Home

NOTICE_DAYS = 90
WORDS = {
    "en": {
        "due": "{count} customers were kept for long enough on {day}, {held} of them are on hold",
        "notice": "{count} customers are kept until within {days} days of {day}",
        "held": "on hold",
        "asked": "{count} are being erased; {doubtful} are in doubt and stay: `firsthand judge queue`",
        "dry_run": "nothing was written: --dry-run",
        "report": "report: {path}",
        "form": """\
{company}: purge of {made}, by {by}

kept for long enough on   {day}
asked to erase            {asked}
erased                    {people}, {records} records; {orders} orders stay as sums; done {done_at}
in doubt, kept            {doubtful}
on hold, kept             {held}

No address or number is shut out: who comes back is welcome. What is not erased yet, the next run erases.
""",
        "kept": "kept in the inbox; the next run (`firsthand run`) puts it into effect",
    },
    "fr": {
        "due": "{count} clients sont gardés depuis assez longtemps au {day}, dont {held} sous séquestre",
        "notice": "{count} clients sont gardés jusqu'à moins de {days} jours après le {day}",
        "held": "sous séquestre",
        "asked": "{count} sont en cours d'effacement ; {doubtful} en doute restent : `firsthand judge queue`",
        "dry_run": "rien n'a été écrit : --dry-run",
        "report": "rapport : {path}",
        "form": """\
{company} : purge du {made}, par {by}

gardés assez longtemps au   {day}
à effacer                   {asked}
effacés                     {people}, {records} fiches ; {orders} commandes restent en sommes ; fait {done_at}
en doute, gardés            {doubtful}
sous séquestre, gardés      {held}

Aucune adresse ni aucun numéro n'est écarté : qui revient est le bienvenu. Le reste part à la prochaine.
""",
        "kept": "gardé à l'entrée ; la prochaine exécution (`firsthand run`) l'applique",
    },
}


def add(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="due|notice|purge|hold|release")
    for name, text in (
        ("due", "whose time is over"),
        ("notice", "whose time ends soon: ask them whether they want to stay"),
        ("purge", "erase those whose time is over"),
        ("hold", "keep somebody's data, whatever happens"),
        ("release", "no longer"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("--language", choices=["fr", "en"], help="default: as configured")
        if name in ("due", "notice", "purge"):
            action.add_argument("--day", type=date.fromisoformat, help="default: today")
        if name in ("due", "notice"):
            action.add_argument("--out", type=Path, help="their numbers, one a line")
        if name == "purge":
            action.add_argument("--dry-run", action="store_true", help="only count")
        if name in ("hold", "release"):
            action.add_argument("number", metavar="NUMBER")
            action.add_argument("--reason", help="why; it is kept")
        if name in ("purge", "hold", "release"):
            action.add_argument("--by", help="who decides (default: your login name)")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import clock, retention
    from pipelines.company import Company

    company = Company.at(home)
    words = WORDS[args.language or company.config.language]
    if args.action in ("hold", "release"):
        return _hold(company, args, words)
    day = args.day or clock.today(config.read(home))
    if args.action == "notice":
        found = retention.noticed(company, day, NOTICE_DAYS)
        title = words["notice"].format(count=len(found), days=NOTICE_DAYS, day=day)
    else:
        found = retention.due(company, day)
        title = words["due"].format(count=len(found), day=day, held=sum(one.is_held for one in found))
    for one in found:
        print(f"{one.customer_id}  {one.purge_on}  {words['held'] if one.is_held else ''}".rstrip())
    print(title)
    if args.action == "purge":
        return _purge(company, found, day, args, words)
    if args.out:
        _write(args.out, [one.customer_id for one in found if not one.is_held])
    return 0


def _hold(company: object, args: argparse.Namespace, words: dict[str, str]) -> int:
    from pipelines import clock
    from pipelines.config import ConfigError
    from pipelines.door import command, holds
    from pipelines.reading import NUMBER

    number = args.number.strip().lower()
    if not NUMBER.fullmatch(number):
        raise ConfigError(f"{args.number} is no customer number")
    said = holds.hold(
        number,
        args.by or getpass.getuser(),
        clock.ingest_time(),
        args.reason,
        is_held=args.action == "hold",
    )
    command.send(company.home, said)
    print(words["kept"])
    return 0


def _purge(company: object, found: list, day: date, args: argparse.Namespace, words: dict[str, str]) -> int:
    from pipelines import retention

    if args.dry_run:
        print(words["dry_run"])
        return 0
    made_by = args.by or getpass.getuser()
    purge = retention.ask_to_purge(company, found, day, made_by)
    print(words["asked"].format(count=len(purge.requests), doubtful=len(purge.doubtful)))
    if not purge.requests:
        return 0
    from pipelines import running

    outcome = running.run(company, only=[])
    if outcome.troubles:
        print("\n".join(outcome.troubles))
    print(words["report"].format(path=retention.report(company, purge, made_by, words["form"])))
    return 0 if outcome.succeeded else 1


def _write(path: Path, numbers: list[str]) -> None:
    from connectors.landing import write_durably

    write_durably(path, "".join(f"{number}\n" for number in numbers).encode())
