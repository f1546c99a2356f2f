"""Audiences: whom a condition means, how many may be written to, and why the others may not. No SQL.

An audience is a file of yours, audiences/<name>.yaml: conditions on customers, on what they did within some
days, on other audiences, joined by all, any and not (docs/audiences.md). Some are shipped. Every version
saved is kept. Days count back from the day of the publication. They leave by `firsthand export --audience`.

examples:
  firsthand audience list
  firsthand audience count second-purchase
  firsthand audience show second-purchase > spring.yaml
  firsthand audience check spring.yaml
  firsthand audience save spring.yaml
  firsthand export --audience spring --channel email --out spring.csv
"""

import argparse
import getpass
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.audiences.store import Kept

ACTIONS = {
    "list": "all of them, the company's own and the shipped ones",
    "show": "what one says; with --version as it was saved then",
    "check": "can it be asked: a name, or a file that is not saved yet",
    "count": "how many, by which channel, who not and why, value, overlap with all the others",
    "sample": "a few of them, without addresses",
    "save": "keep a new version: of a file, or of a name whose file was edited",
    "history": "every version, when and by whom",
}


def add(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="|".join(ACTIONS))
    for name, text in ACTIONS.items():
        action = actions.add_parser(name, help=text)
        if name != "list":
            action.add_argument("audience", metavar="FILE|NAME" if name in ("check", "save") else "NAME")
        action.add_argument("--language", choices=["fr", "en"], help="default: as configured")
        if name == "show":
            action.add_argument("--version", type=int)
        if name == "sample":
            action.add_argument("--size", type=int, default=10)
        if name in ("count", "sample"):
            action.add_argument("--json", action="store_true", help="as JSON")
        if name == "save":
            action.add_argument("--name", help="default: that of the file")
            action.add_argument("--by", help="who saves it (default: your login name)")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.audiences.problems import Wrong

    language = args.language or config.read(home).language
    try:
        return globals()[f"_{args.action}"](args, home, language)
    except Wrong as wrong:
        raise ConfigError(wrong.text(language)) from None


def _list(args: argparse.Namespace, home: Home, language: str) -> int:
    from pipelines.audiences import store
    from pipelines.audiences.words import WORDS

    words = WORDS[language]
    for name in store.names(home):
        try:
            kept = store.read(home, name)
        except ConfigError:
            print(f"{name:<28}  {words['wrong'].format(name=name)}")
            continue
        print(f"{name:<28}  {_standing(kept, words):<22}  {kept.audience.title[language]}")
    return 0


def _standing(kept: "Kept", words: dict[str, str]) -> str:
    if kept.is_shipped:
        return words["shipped"]
    return words["edited"] if kept.is_edited else words["version"].format(number=kept.version)


def _show(args: argparse.Namespace, home: Home, language: str) -> int:
    from pipelines.audiences import store

    if args.version is None:
        print(store.find(home, args.audience).audience.text, end="")
        return 0
    for version in store.history(home, args.audience):
        if version.number == args.version:
            print(version.text, end="")
            return 0
    raise ConfigError(f"{args.audience} has no version {args.version}")


def _check(args: argparse.Namespace, home: Home, language: str) -> int:
    from pipelines.audiences import asking
    from pipelines.audiences.words import WORDS

    name, text = _named(args, home)
    with asking.opened(home) as asker:
        count = asker.count(asker.read(name, text))
    print(WORDS[language]["good"].format(name=name, count=count))
    return 0


def _count(args: argparse.Namespace, home: Home, language: str) -> int:
    from pipelines.audiences import asking, store, words

    kept = store.find(home, args.audience)
    with asking.opened(home) as asker:
        figures = asker.figures(kept.audience, store.names(home))
    if args.json:
        print(json.dumps(asdict(figures), default=str, ensure_ascii=False))
        return 0
    print(kept.audience.title[language])
    print("\n".join(words.lines(figures, language)))
    return 0


def _sample(args: argparse.Namespace, home: Home, language: str) -> int:
    from pipelines.audiences import asking, store
    from pipelines.audiences.words import WORDS
    from pipelines.portrait_words import word

    if not 1 <= args.size <= 100:
        raise ConfigError("--size is 1 to 100")
    with asking.opened(home) as asker:
        people = asker.sample(store.find(home, args.audience).audience, args.size)
    for one in people:
        if args.json:
            print(json.dumps(one, default=str, ensure_ascii=False))
            continue
        named = one["display_name"] or "-"
        cells = (named[:28].ljust(28), word(language, one["stage"]).ljust(20), one["country"] or "  ")
        print("  ".join((*cells, one["customer_id"])))
    if not people and not args.json:
        print(WORDS[language]["none"])
    return 0


def _save(args: argparse.Namespace, home: Home, language: str) -> int:
    from pipelines import clock
    from pipelines.audiences import asking, store
    from pipelines.audiences.words import WORDS

    name, text = _named(args, home)
    with asking.opened(home) as asker:
        asker.question(asker.read(name, text))
    kept, is_new = store.save(home, name, text, args.by or getpass.getuser(), clock.ingest_time())
    print(WORDS[language]["saved" if is_new else "unchanged"].format(name=name, number=kept.version))
    return 0


def _history(args: argparse.Namespace, home: Home, language: str) -> int:
    from pipelines.audiences import store

    store.find(home, args.audience)
    for version in store.history(home, args.audience):
        print(f"{version.number:>4}  {version.saved_at:%Y-%m-%d %H:%M}  {version.saved_by}")
    return 0


def _named(args: argparse.Namespace, home: Home) -> tuple[str, str]:
    """A name and what it says: of a file anywhere, or of the company's own."""
    from pipelines.audiences import store

    path = Path(args.audience)
    if path.suffix not in (".yaml", ".yml"):
        return args.audience, store.text(home, args.audience)
    name = getattr(args, "name", None) or path.stem
    if not store.NAME.fullmatch(name):
        raise ConfigError(f"{name!r} is no name for an audience: small letters, digits, - and _; --name")
    return name, store.text_of(path)
