"""Say that two records are one person, or two: a judgement wins over every rule and survives every rebuild.

A and B are records (platform:account:object:key, as `firsthand customer` shows them) or customer numbers; a
number stands for the record that came first. One number alone means both records of a customer that has
just two. The newest judgement of a pair counts; `withdraw` leaves it to the rules again. It takes effect with
the next run.

examples:
  firsthand judge next                                        the best doubtful pair, side by side
  firsthand judge queue --limit 10
  firsthand judge together files:files:lead:17 shopify:maison.myshopify.test:customer:2 --reason "she called"
  firsthand judge apart 5e1b412e-ac47-817e-ae3d-aadd3dd80d18
  firsthand judge withdraw files:files:lead:17 shopify:maison.myshopify.test:customer:2
  firsthand judge list
"""

import argparse
import getpass
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines import config
from pipelines.home import Home
from pipelines.judge_words import say

if TYPE_CHECKING:
    from pipelines.judging import Pair
    from pipelines.reading import Connection

ANSWERS = {"y": "together", "o": "together", "n": "apart", "s": "skip", "p": "skip", "q": "quit", "": "again"}


def add(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="together|apart|withdraw|list|queue|next"
    )
    for name, text in (
        ("together", "they are one person"),
        ("apart", "they are two people"),
        ("withdraw", "leave the pair to the rules again"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("one", metavar="A")
        action.add_argument("other", metavar="B", nargs="?" if name != "together" else None)
        action.add_argument("--reason", help="why, in your own words; it is kept")
        action.add_argument("--dry-run", action="store_true", help="only say what would happen")
        _common(action, is_judging=True)
    _common(actions.add_parser("list", help="what was judged and is in force"))
    queue = actions.add_parser("queue", help="pairs in doubt, best first")
    queue.add_argument("--limit", type=int, default=20, help="0: all (default: 20)")
    _common(queue)
    _common(actions.add_parser("next", help="show the best pair in doubt, and ask"), is_judging=True)


def _common(parser: argparse.ArgumentParser, *, is_judging: bool = False) -> None:
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")
    if is_judging:
        parser.add_argument("--by", help="who judges (default: your login name)")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import reading
    from pipelines.judging import Refused

    language = args.language or config.read(home).language
    actions = {"list": _list, "queue": _queue, "next": _next}
    with reading.opened(home) as con:
        try:
            return actions.get(args.action, _judge)(con, home, args, language)
        except Refused as refused:
            print(refused)
            return 1


def _judge(con: "Connection", home: Home, args: argparse.Namespace, language: str) -> int:
    from pipelines import foresight, judging, review

    if args.action == "withdraw":
        known = judging.judged(con, home, args.one, args.other, language)
        pair, lines = known.pair, foresight.withdrawn(known, language)
        _introduce(con, zip(pair, known.customers, strict=True))
    else:
        sides = judging.two_sides(con, args.one, args.other, language)
        pair, stands = judging.ordered(*(s.profile_id for s in sides)), judging.standing(con, home)
        if args.action == "together":
            lines = foresight.together(con, *sides, stands, language)
        else:
            is_doubtful = review.evidence(con, pair) is not None
            lines = foresight.apart(con, *sides, stands, is_doubtful, language)
        _introduce(con, ((s.profile_id, s.customer_id) for s in sides))
    print("\n".join(lines))
    if args.dry_run:
        print(say(language, "dry_run"))
        return 0
    _send(con, home, pair, "withdrawn" if args.action == "withdraw" else args.action, args.by, args.reason)
    print(say(language, "sent"))
    return 0


def _introduce(con: "Connection", sides: Iterable[tuple[str, str | None]]) -> None:
    from pipelines import foresight

    for profile_id, customer_id in sides:
        name = foresight.name_of(con, customer_id) if customer_id else "-"
        print(f"  {profile_id}   {name}   {customer_id or ''}".rstrip())


def _send(
    con: "Connection", home: Home, pair: "Pair", verdict: str, by: str | None, reason: str | None
) -> None:
    from pipelines import clock, review
    from pipelines.door import command
    from pipelines.door.judgements import judgement

    command.send(
        home,
        judgement(
            *pair,
            verdict,
            made_by=by or getpass.getuser(),
            made_at=clock.ingest_time(),
            reason=reason,
            evidence=None if verdict == "withdrawn" else review.evidence(con, pair),
        ),
    )


def _list(con: "Connection", home: Home, args: argparse.Namespace, language: str) -> int:
    from pipelines import judging

    stands = sorted(judging.standing(con, home).values(), key=lambda s: (s.judged_at, s.pair), reverse=True)
    for one in stands:
        effect = {True: "in_effect", False: "not_in_effect", None: "record_missing"}[one.is_in_effect]
        who = say(language, "by_on", by=one.judged_by, day=one.judged_at.date())
        now = say(language, "waits" if one.is_waiting else effect)
        print(f"{say(language, one.verdict):<10} {who}   {now}")
        print(
            "".join(f"  {profile_id}\n" for profile_id in one.pair) + (f"  {one.reason}\n" * bool(one.reason))
        )
    print(say(language, "judgements", count=len(stands)) if stands else say(language, "no_judgements"))
    return 0


def _queue(con: "Connection", home: Home, args: argparse.Namespace, language: str) -> int:
    from pipelines import judging, review

    stands = judging.standing(con, home)
    for row in review.queue(con, stands, args.limit):
        print("\n".join(review.side_by_side(row, language)) + "\n")
    count = review.length(con, stands)
    print(say(language, "in_doubt", count=count) if count else say(language, "queue_empty"))
    return 0


def _next(con: "Connection", home: Home, args: argparse.Namespace, language: str) -> int:
    from pipelines import judging, review

    count = 0
    for row in review.queue(con, judging.standing(con, home)):
        print("\n".join(review.side_by_side(row, language)))
        answer = _ask(language)
        if answer == "quit":
            break
        if answer != "skip":
            pair = (row["left_profile_id"], row["right_profile_id"])
            _send(con, home, pair, answer, args.by, None)
            count += 1
        print()
    else:
        print(say(language, "queue_empty"))
    if count:
        print(say(language, "done", count=count))
    return 0


def _ask(language: str) -> str:
    """One of ANSWERS; the end of what is typed is quit."""

    while True:
        print(say(language, "ask"), end="", flush=True)
        typed = sys.stdin.readline()
        answer = ANSWERS.get(typed.strip().lower()[:1], "again") if typed else "quit"
        if answer != "again":
            return answer
        print(say(language, "answer_again"))
