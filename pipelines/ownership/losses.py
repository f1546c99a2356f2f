"""What goes when a platform goes: the firm behind the word, with all it owns, and the channels it carries."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.config import Config, ConfigError
from pipelines.config.ownership import Followers
from pipelines.places import DBT_PROJECT

CHANNELS = ("email", "sms", "post", "phone")
# Tools we read that send for us, and what; ownership.senders names others. The list and the permission are
# ours: a channel stands while one tool does.
SENDERS = {
    "brevo": ("email", "sms"),
    "mailchimp": ("email",),
    "hubspot": ("email",),
    "klaviyo": ("email", "sms"),
}
TOUCHES = {"email": "own_mail", "sms": "own_sms"}


@dataclass(frozen=True)
class Loss:
    """`words` as asked; firms; what we read of theirs; channels of ours that fall silent."""

    words: tuple[str, ...]
    owners: tuple[str, ...]
    platforms: tuple[str, ...]
    channels: tuple[str, ...]

    @property
    def touches(self) -> list[str]:
        """What order_ownership.touched_by names them by."""
        return [*self.owners, *(TOUCHES[one] for one in self.channels if one in TOUCHES)]

    @property
    def name(self) -> str:
        return " + ".join(self.words)

    @property
    def key(self) -> str:
        """One for one loss, whichever words asked for it and in what order."""
        return " + ".join([*self.owners, *self.channels]) or "nothing"


def owners() -> dict[str, str]:
    """Every word of the seeds and the firm behind it, but for what is ours."""
    rows = [row for row in _seed("channel_owners") if row["kind"] in ("rented", "shop")]
    firms = {row["owner"] for row in [*rows, *_seed("relay_domains")]}
    return {row["word"]: row["owner"] for row in rows} | {firm: firm for firm in firms}


def relays() -> list[str]:
    """Domains whose mail a firm passes on: an address there is that firm's."""
    return [row["domain"] for row in _seed("relay_domains")]


def of(words: Sequence[str], settings: Config) -> Loss:
    """What goes with these platforms, all at once. Raises ConfigError for a word that is nobody's."""
    known, named = owners(), _named(settings)
    tools = {*SENDERS, *(tool for several in named.values() for tool in several)}
    asked = tuple(dict.fromkeys(word.lower() for word in words))
    if unknown := [word for word in asked if word not in known and word not in tools]:
        said = ", ".join(sorted({*known, *tools}))
        raise ConfigError(f"no platform: {', '.join(unknown)}; known: {said}")
    firms = {known[word] for word in asked if word in known}
    platforms = tuple(sorted(word for word in settings.platforms if known.get(word) in firms))
    return Loss(asked, tuple(sorted(firms)), platforms, _silent(set(asked) & tools, named, settings))


def followers(settings: Config) -> dict[str, Followers]:
    """How many follow us, by a word of the seeds. Raises ConfigError for a word that is nobody's."""
    known = owners()
    told = {word.lower(): count for word, count in settings.ownership.followers.items()}
    if unknown := sorted(told.keys() - known.keys()):
        said = ", ".join(sorted(known))
        raise ConfigError(f"ownership.followers: no platform: {', '.join(unknown)}; known: {said}")
    return told


def _seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _named(settings: Config) -> dict[str, list[str]]:
    """The tools of each channel as the company names them, in small letters as every word asked."""
    senders = settings.ownership.senders
    return {channel: [tool.lower() for tool in tools] for channel, tools in senders.items()}


def _silent(gone: set[str], named: dict[str, list[str]], settings: Config) -> tuple[str, ...]:
    """Channels whose every tool is gone. Where none is named, those we pull from are all there are."""
    found = []
    for channel in CHANNELS:
        used = named.get(channel) or [
            tool for tool, sends in SENDERS.items() if channel in sends and tool in settings.platforms
        ]
        if used and set(used) <= gone:
            found.append(channel)
    return tuple(found)
