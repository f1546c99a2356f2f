"""What a browser sent, against the form it was shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.own_form.definition import Form

MOST_FIELDS = 120
LONGEST, LONGEST_TEXT = 400, 5000
# Where people came from, as the page's address told it: campaigns, and the clicks of each ad platform.
CARRIED = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id",
    "fbclid", "gclid", "gbraid", "wbraid", "dclid", "ttclid", "li_fat_id", "msclkid", "epik", "sccid",
    "twclid", "rdt_cid",
)  # fmt: skip
TRAP, ONCE, LANGUAGE, TEST, PAGE = "_website", "_once", "_lang", "_test", "_page"
TICKED = "box_"
ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s.,;<>\"]{2,}")
NUMBER = re.compile(r"[+(]?[0-9][0-9 ().+/-]{5,30}")
ONCE_SHAPE = re.compile(r"[\w-]{8,64}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Sent:
    """`wrong` names fields to mend, never their values; `is_stale`: a ticked box was shown in other words."""

    values: Mapping[str, str]
    language: str
    answers: list[dict[str, str]] = field(default_factory=list)
    boxes: list[dict[str, Any]] = field(default_factory=list)
    wrong: tuple[str, ...] = ()
    is_stale: bool = False

    @property
    def is_trapped(self) -> bool:
        """Filled in where no person sees anything to fill in."""
        return bool(self.values.get(TRAP))

    @property
    def is_test(self) -> bool:
        return self.values.get(TEST) == "1"

    @property
    def once(self) -> str:
        given = self.values.get(ONCE, "")
        return given if ONCE_SHAPE.fullmatch(given) else ""

    @property
    def carried(self) -> dict[str, str]:
        return {name: self.values[name] for name in CARRIED if self.values.get(name)}

    @property
    def page(self) -> str | None:
        """Where the form stood: host and path, for a query string may hold anything."""
        try:
            parts = urlsplit(self.values.get(PAGE, ""))
        except ValueError:
            return None
        return f"https://{parts.netloc}{parts.path}"[:LONGEST] if parts.scheme in {"http", "https"} else None


def must_confirm(form: Form, sent: Sent) -> bool:
    """Whether a yes counts only after the click in a mail; one to text messages is confirmed by none."""
    return form.double_opt_in and any(box["is_ticked"] and "email" in box["channels"] for box in sent.boxes)


def parsed(body: bytes) -> dict[str, str] | None:
    """The fields by name, the first of each; None where the body is none of a form."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:  # UnicodeDecodeError is one
        return None
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, CONTROL.sub("", value).strip())
    return found


def read(form: Form, values: Mapping[str, str]) -> Sent:
    """The answers and boxes of a submission, in the words the form has now."""
    language = values.get(LANGUAGE, "")
    language = language if language in form.languages else form.languages[0]
    wrong, answers = [], []
    for one in form.fields:
        value = values.get(one.name, "")
        options = [words[language] for words in one.options]  # type: ignore[index]
        if not _is_right(one.kind, value, options) or (one.required and not value):
            wrong.append(one.name)
        elif value:
            label = one.label[language]  # type: ignore[index]
            answers.append({"name": one.name, "kind": one.kind, "label": label, "value": value})
    if not answers and not wrong:
        wrong = [one.name for one in form.fields]
    shown = {box.name: values.get(TICKED + box.name, "") for box in form.boxes}
    boxes = [
        {
            "name": box.name,
            "is_ticked": bool(shown[box.name]),
            "version": box.shown(language),
            "text": box.text[language],  # type: ignore[index]
            "channels": list(box.channels),
            "purposes": list(box.purposes),
        }
        for box in form.boxes
    ]
    is_stale = any(
        ticked and ticked != box.shown(language)
        for box, ticked in zip(form.boxes, shown.values(), strict=True)
    )
    return Sent(values, language, answers, boxes, tuple(wrong), is_stale)


def _is_right(kind: str, value: str, options: list[str]) -> bool:
    if not value:
        return True
    if len(value) > (LONGEST_TEXT if kind == "long_text" else LONGEST):
        return False
    if kind == "email":
        return bool(ADDRESS.fullmatch(value))
    if kind == "phone_number":
        return bool(NUMBER.fullmatch(value))
    return kind != "choice" or value in options
