"""`firsthand`: the command line. Thin: each command is a call into the code Dagster runs as well.

Exit codes: 0 all well, 1 done but something needs you (or it failed), 2 wrong use or configuration.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from connectors.redaction import redact_database_error
from connectors.stream import ConnectorError
from pipelines.config import ConfigError
from pipelines.home import Home

# In the order in which a newcomer meets them.
COMMANDS = {
    "demo": "a made-up company, pulled, matched, published and printed; needs no account",
    "init": "write a firsthand.yaml and a .env to start from",
    "doctor": "look at configuration, credentials, disk, versions and backups, in plain words",
    "run": "read the platforms and the inbox, build and publish",
    "customers": "list customers",
    "customer": "one customer: who, stages, permissions, why the profiles are one person",
    "funnel": "who reaches the next stage, how long it takes, who came and left; of any day",
    "drill": "a platform is down or has closed the account: who is still reached, what it costs",
    "dependence": "how much hangs on one platform, and how much is your own; month by month",
    "useful": "campaigns and posts from what was seen to what was sold; loud but empty, quiet but fertile",
    "left": "what the money left: cost of an own contact and of a customer, payback, what is left to come",
    "attribution": "who brought the revenue: first touch, last touch, what they said, what platforms claim",
    "holdout": "would switching a channel off tell what it brings; and what a pause told",
    "letter": "to the owner, once a month: what changed in plain words, and the three acts worth most",
    "leads": "days until platforms delete what was not read; sold against landed, by form",
    "as-of": "where everybody stood on any day, with what we know today or with what we knew then",
    "calibrate": "how often activity was wrong on your own customers, by their rhythm and by fixed days",
    "why": "why two records are one person, or why they are two: links, rules, weights, values",
    "match": "which records of any file are one person: CSV, XLSX or Parquet in, groups out",
    "judge": "say that two records are one person, or two; the queue of pairs in doubt",
    "consent": "what somebody told you about being written to: a no at once, a yes with its proof",
    "audience": "whom conditions mean, without SQL: how many, who may be written to, who not and why",
    "export": "those we may write to, into a file: CSV, XLSX, Parquet or JSON; the only way out",
    "send": "an audience to a list of Brevo, Mailchimp or HubSpot; kept in step by every run",
    "feedback": "what became of an ad platform's leads, stage by stage, as a file it takes in",
    "suppression": "who said no, for a tool or partner that writes to people; nobody it does not know",
    "preview": "who would merge and who would part under another rule, list or threshold",
    "train-matcher": "learn from your own records what each agreement is worth; never part of a run",
    "forget": "erase people for good: every copy of their records; orders stay as sums",
    "retention": "who was kept for long enough; ask them, erase them, or hold them back",
    "dsar": "all that is held about one person, in a folder for them",
    "audit": "who exported, forgot, judged or changed a rule; is the log whole",
    "quarantine": "records the door held back: list, show, replay, dismiss",
    "rollback": "show an older publication again, in one step",
    "backup": "save what cannot be pulled again",
    "restore": "bring a backup back",
    "dev": "the Dagster pages on this machine, with schedules",
    "daemon": "schedules and sensors only, for a server",
    "pages": "the Dagster pages only, beside a running daemon",
    "serve": "the console: pages for marketers, with accounts and roles; `users` adds them",
    "mcp": "questions in plain words: tools for a program with a language model, on bi.duckdb only",
    "receiver": "take webhooks (the only part that may face the internet)",
}
EPILOG = """\
examples:
  firsthand demo
  firsthand --home /srv/maison init
  firsthand --home /srv/maison run
  firsthand --home /srv/maison customer marie@maison.example
"""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="firsthand",
        description="First-party customer data: from the platforms to one owned customer table.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--home", help="the company's folder (default: FIRSTHAND_HOME, else the current folder)")
    commands = top.add_subparsers(dest="command", metavar="command", required=True)
    for name, what in COMMANDS.items():
        module = importlib.import_module(f"pipelines.commands.{name.replace('-', '_')}")
        sub = commands.add_parser(
            name,
            help=what,
            description=(module.__doc__ or what).strip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add(sub)
        sub.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse_args(argv)
    try:
        return args.run(args, Home.at(args.home))
    except (ConfigError, ConnectorError) as error:
        print(f"firsthand: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # `firsthand customers | head` is no error.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("\nfirsthand: stopped; nothing is lost, the next run goes on from here", file=sys.stderr)
        return 130
    except Exception as error:
        if not _is_of_database(error):
            raise
        # It may quote a record, and a screen is scrolled back, copied and sent.
        print(f"firsthand: {redact_database_error(str(error)).splitlines()[0]}", file=sys.stderr)
        return 1


def _is_of_database(error: Exception) -> bool:
    """Looked up, not imported: most commands need no database to say that they were misspelt."""
    database = sys.modules.get("duckdb")
    return database is not None and isinstance(error, database.Error)


if __name__ == "__main__":
    sys.exit(main())
