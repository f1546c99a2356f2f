"""Numbers as a page writes them."""

from typing import Any

from pipelines.portrait_words import money


def percent(share: Any) -> str:
    """0.123 is 12 %."""
    return f"{100 * float(share):.0f} %"


def plain(value: Any, language: str, digits: int = 0) -> str:
    """1,234 or 1 234, with that many digits after the point."""
    # Nothing has no sign.
    text = money(round(value, digits) + 0, language)
    cut = text[: len(text) - 3] if digits == 0 else text[: len(text) - 2 + digits]
    # A line must not break within a number.
    return cut.replace(" ", "\N{NO-BREAK SPACE}")
