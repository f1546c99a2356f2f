"""What goes when a platform goes: the firm behind the word, with all it owns, and the channels it carries."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.config import Config, ConfigError
from pipelines.places import DBT_PROJECT

CHANNELS = ("email", "sms", "post", "phone")
# Tools that send for us, and what. Ours are the list and the permission, so that a channel stands while one does.
SENDERS = {"brevo": ("email", "sms"), "mailchimp": ("email",), "klaviyo": ("email", "sms")}
TOUCHES = {"email": "own_mail", "sms": "own_sms"}


@dataclass(frozen=True)
class Loss:
    """`words` as asked; `owners`: firms; `platforms`: connectors of theirs; `channels`: ours that fall silent."""

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


def owners() -> dict[str, str]:
    """Every word of the seed and the firm behind it, but for what is ours."""
    with (DBT_PROJECT / "seeds" / "channel_owners.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["word"]: row["owner"] for row in rows if row["kind"] in ("rented", "shop")}


def of(words: Sequence[str], settings: Config) -> Loss:
    """What goes with these platforms, all at once. Raises ConfigError for a word that is nobody's."""
    known = owners()
    asked = tuple(dict.fromkeys(word.lower() for word in words))
    firms = {known[word] for word in asked if word in known}
    tools = {word for word in asked if word in SENDERS}
    if unknown := [word for word in asked if word not in known and word not in SENDERS]:
        said = ", ".join(sorted({*known, *known.values(), *SENDERS}))
        if still := [word for word in unknown if word not in known.values()]:
            raise ConfigError(f"no platform: {', '.join(still)}; known: {said}")
        firms |= set(unknown)
    platforms = tuple(sorted(word for word in settings.platforms if known.get(word) in firms))
    return Loss(asked, tuple(sorted(firms)), platforms, _silent(tools, settings))


def _silent(tools: set[str], settings: Config) -> tuple[str, ...]:
    """Channels whose every tool is gone. Where none is named, those we pull from are all there are."""
    found = []
    for channel in CHANNELS:
        used = settings.ownership.senders.get(channel) or [
            tool for tool, sends in SENDERS.items() if channel in sends and tool in settings.platforms
        ]
        if used and set(used) <= tools:
            found.append(channel)
    return tuple(found)
