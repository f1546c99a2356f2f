"""Who is examined by the doctor, and what a finding is."""

from dataclasses import dataclass
from typing import Any, Literal

from pipelines.company import Company
from pipelines.doctor_words import WORDS

Level = Literal["good", "warn", "bad"]


@dataclass(frozen=True)
class Finding:
    level: Level
    about: str
    text: str


@dataclass(frozen=True)
class Patient:
    """The company under examination, and how to speak of it."""

    company: Company
    language: str
    is_offline: bool

    def say(self, level: Level, about: str, **values: Any) -> Finding:
        """`about` is a key of WORDS; its part before the dot is the heading."""
        return Finding(level, about.split(".")[0], WORDS[self.language][about].format(**values))
