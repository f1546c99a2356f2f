"""What all blocks of firsthand.yaml have in common."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict


class ConfigError(Exception):
    """firsthand.yaml is missing or wrong; the text names the line of thought to mend."""


class Strict(BaseModel):
    """Takes no word it does not know, and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def each_once(words: list[str]) -> list[str]:
    """The same words. Raises ValueError naming those that are there twice."""
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        raise ValueError(f"named twice: {', '.join(twice)}")
    return words


def zone(word: str) -> str:
    """The same word. Raises ValueError where no time zone is called so."""
    try:
        ZoneInfo(word)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone is called {word}; one is Europe/Paris") from None
    return word
