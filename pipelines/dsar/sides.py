"""Of a line that names two people, what is one's own."""

from collections.abc import Mapping, Sequence
from typing import Any


def own_side(content: Any, sides: Mapping[str, Sequence[str]], word: str) -> Any:
    """The fields of that side; what has no column may be either's. Without sides, all of it."""
    if not sides:
        return content
    others = {field for side, fields in sides.items() if side != word for field in fields} - set(sides[word])
    return {name: value for name, value in content.items() if name not in others | {"other"}}
