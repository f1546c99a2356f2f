"""Words that somebody else wrote, such as a campaign's name: data, whatever they say.

A name can hold a sentence that a language model might take for an order. So it is short, one line, without
signs that cannot be seen, and stands between marks that it cannot hold itself.
"""

import re
import unicodedata

LONGEST = 80
OPEN, CLOSE = "⟦", "⟧"
# What our own words look like: stages, platforms, countries, months.
OURS = re.compile(r"[a-z0-9_]{1,40}|[A-Z]{2,3}|\d{4}-\d{2}(-\d{2})?|\((other|unknown)\)")


def cleaned(text: str) -> str:
    """One line without control and format characters, nor our marks; cut at LONGEST."""
    seen = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text)
    line = " ".join(seen.replace(OPEN, "").replace(CLOSE, "").split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def quoted(text: str | None, *, is_free: bool = False) -> str | None:
    """Marked as somebody else's, unless the column holds our words only and this looks like one."""
    if text is None:
        return None
    return text if not is_free and OURS.fullmatch(text) else f"{OPEN}{cleaned(text)}{CLOSE}"


def unquoted(text: str) -> str:
    """As it was asked for, with or without the marks it was told in."""
    return text.removeprefix(OPEN).removesuffix(CLOSE)


def lines(text: str) -> str:
    """Several lines of ours that may repeat what was asked: without signs that cannot be seen."""
    return "\n".join(
        "".join(" " if unicodedata.category(one)[0] == "C" else one for one in line)
        for line in text.splitlines()
    )
