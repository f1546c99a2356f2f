"""JSON as we read and write it: any number as it was said, and the same record always in the same letters.

A record's version is a hash of these letters, so they may never change: where orjson, which is six times as
quick, would write other ones than the standard library, the standard library writes them.
"""

import json
import math
import re
from json.encoder import encode_basestring
from typing import Any

import orjson

_spelled_out = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
# What orjson would take for itself and the standard library refuses.
_PLAIN = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
# The two write 1e-07 and 1e+16 differently. Without digits, and with one sign for all that stands between
# values, such a number is an `e` alone (or it stands in a text, which then is written the slow way as well).
_BETWEEN = bytes.maketrans(b":[]{}", b",,,,,")
_DIGITS = b"0123456789.-+"
_EXPONENT = b",e,"
_SMALL, _BEFORE_NUMBER = b"0.0000", b":,[-"  # and not the end of a time: 09:00:30.000000Z
_EXPONENT_ALONE = b"e"
# Seen sooner: where no digit stands before an `e`, there is none.
_ANY_DIGIT, _MAY_BE_EXPONENT = bytes.maketrans(b"123456789", b"000000000"), b"0e"
# A number of so many digits may be more than orjson reads to the last of them: it would round it. Most that
# are so long stand in a text: behind its quote, and not behind what a number stands behind.
_MANY_DIGITS, _LONG_NUMBER = b"0" * 19, re.compile(rb"(?:^|[\s:,\[-])0{19}")


def parse(text: bytes | bytearray | str) -> Any:
    """What the text says; whole numbers of any length. NaN, infinity and what is beyond a double are no JSON
    that a database takes: some servers write them, and kept as text they break nobody.

    Raises ValueError for what is no JSON.
    """
    if not isinstance(text, str) and not _has_long_number(text.translate(_ANY_DIGIT)):
        try:
            return orjson.loads(text)
        except ValueError:
            pass  # no JSON, or what the standard library is more patient with
    return json.loads(text, parse_constant=str, parse_float=_float)


def _has_long_number(marked: bytes | bytearray) -> bool:
    return _MANY_DIGITS in marked and _LONG_NUMBER.search(marked) is not None


def _float(text: str) -> float | str:
    found = float(text)
    return found if math.isfinite(found) else text


DECODER = json.JSONDecoder(parse_constant=str, parse_float=_float)


def canonical(value: Any) -> str:
    """The one text of a value that `parse` gave: keys in order, no spaces, letters as they are."""
    quick = _quick(value)
    return _spelled_out(value) if quick is None else quick.decode()


def canonical_with(value: Any, part: Any) -> tuple[str, bytes]:
    """The one text of a value, and that of a part of it in UTF-8: where orjson may write all, it may write
    the part."""
    quick = _quick(value)
    if quick is None:
        return _spelled_out(value), _spelled_out(part).encode("utf-8", "replace")
    return quick.decode(), quick if part is value else orjson.dumps(part, option=_PLAIN)


def _quick(value: Any) -> bytes | None:
    """As orjson writes it; None where the standard library would write other letters."""
    try:
        quick = orjson.dumps(value, option=_PLAIN)
    except (TypeError, ValueError):  # numbers above 64 bits, halves of letters
        return None
    if _has_small_number(quick):
        return None
    if _MAY_BE_EXPONENT in quick.translate(_ANY_DIGIT):
        told = quick.translate(_BETWEEN, _DIGITS)
        return None if _EXPONENT in told or told == _EXPONENT_ALONE else quick
    return quick


def _has_small_number(text: bytes) -> bool:
    at = text.find(_SMALL)
    while at > 0 and text[at - 1] not in _BEFORE_NUMBER:
        at = text.find(_SMALL, at + 1)
    return at >= 0


def quoted(text: str) -> bytes:
    """A text as JSON in UTF-8; a lone half of a surrogate pair, which cannot be stored, becomes a `?`."""
    try:
        return orjson.dumps(text)
    except (TypeError, ValueError):
        return encode_basestring(text).encode("utf-8", "replace")
