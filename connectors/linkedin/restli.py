"""How LinkedIn wants to be asked (Rest.li 2.0), and how it names things.

Objects and lists stand in parentheses that must not be encoded, while everything within them must be: no
library for HTTP writes that, so it is written here.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

URN = re.compile(r"urn:li:(\w+):(.+)")
FORM = re.compile(r"urn:li:versionedLeadGenForm:\(urn:li:leadGenForm:(\d+),\s*(\d+)\)")


class Raw(str):
    """Goes into a query as it stands: a projection, whose parentheses and commas are its grammar."""


def query(params: Mapping[str, Any]) -> str:
    return "&".join(f"{name}={encoded(value)}" for name, value in params.items())


def encoded(value: Any) -> str:
    """A value of a query: mappings are objects, lists are lists, all others are text."""
    if isinstance(value, Raw):
        return value
    if isinstance(value, Mapping):
        return f"({','.join(f'{name}:{encoded(part)}' for name, part in value.items())})"
    if isinstance(value, list | tuple):
        return f"List({','.join(map(encoded, value))})"
    return quote(str(value).lower() if isinstance(value, bool) else str(value), safe="")


def urn(kind: str, key: str) -> str:
    return f"urn:li:{kind}:{key}"


def key_of(told: Any, kind: str) -> str | None:
    """What an URN of a kind names, as text; None where it is none."""
    found = URN.fullmatch(told) if isinstance(told, str) else None
    return found[2] if found and found[1] == kind else None


def form_of(told: Any) -> tuple[str, str] | None:
    """Form and version of a versioned form's URN."""
    found = FORM.fullmatch(told) if isinstance(told, str) else None
    return (found[1], found[2]) if found else None
