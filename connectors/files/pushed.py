"""Webhooks of tools we have no connector for, declared in firsthand.yaml: how they sign, where what stands.

Each becomes a Webhook like a platform's, under the name it was given; its rows are those of a dropped file.
The name is the account, so that two tools that both count from one are not mixed up.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors import PLATFORMS, files
from connectors.files.rows import TIMES
from connectors.json_text import parse
from connectors.landing import at
from connectors.signatures import is_same, is_signed_in_base64, is_signed_in_hex
from connectors.stream import BadAnswer, Hook, Reading, Webhook
from connectors.times import iso, moment

MOST_ROWS = 1000
# The endings by which secrets are known, and kept out of logs.
VARIABLE = r"^[A-Z][A-Z0-9_]*(TOKEN|SECRET|KEY|PASSWORD)$"
Path = Annotated[str, Field(pattern=r"^[^.\s][^\s]*$", max_length=200)]


def _new_name(name: str) -> str:
    if name in PLATFORMS:
        raise ValueError(f"{name} is a platform of its own: its webhook needs no declaration")
    return name


def _not_ours(variable: str) -> str:
    if variable.startswith("FIRSTHAND_"):
        raise ValueError(f"{variable} is nobody else's: give the tool a secret of its own")
    return variable


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Signature(Strict):
    """How a body proves whose it is. `secret` names the variable in .env that holds it.

    `hmac_hex` and `hmac_base64`: HMAC-SHA256 of the raw body, in `header` after `prefix`. `header`: the
    secret itself in `header`. `address`: nothing is signed, the secret is the last part of the address.
    """

    kind: Literal["hmac_hex", "hmac_base64", "header", "address"]
    secret: Annotated[str, Field(pattern=VARIABLE), AfterValidator(_not_ours)]
    header: str = ""
    prefix: str = ""

    @model_validator(mode="after")
    def _has_header(self) -> "Signature":
        if (self.kind == "address") == bool(self.header):
            raise ValueError("needs `header`, except for `kind: address`, which has none")
        return self

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]) -> bool:
        secret, given = secrets.get(self.secret, ""), headers.get(self.header.lower(), "")
        if self.kind == "hmac_hex":
            return is_signed_in_hex(body, secret, given, self.prefix)
        if self.kind == "hmac_base64":
            return is_signed_in_base64(body, secret, given, self.prefix)
        return self.kind == "address" or (bool(secret) and is_same(self.prefix + secret, given))

    def knows_address(self, word: str, secrets: Mapping[str, str]) -> bool:
        secret = secrets.get(self.secret, "")
        return bool(secret) and is_same(secret, word)


class Pushed(Strict):
    """One webhook: `rows` is the dotted path to its record or list of records, nothing for the body itself.

    `fields` gives our column -> dotted path in a record; `only` keeps the bodies that say so: path -> value.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$"), AfterValidator(_new_name)]
    stream: Literal["leads", "referrals", "reviews", "nps", "content", "sales", "rates", "spend"] = "leads"
    signature: Signature
    rows: Path | None = None
    only: dict[Path, str | int | bool] = {}
    fields: dict[str, Path] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_known_columns(self) -> "Pushed":
        known = files.columns_of(self.stream)
        if unknown := sorted(set(self.fields) - known):
            raise ValueError(
                f"{', '.join(unknown)}: no column of {self.stream}; known: {', '.join(sorted(known))}"
            )
        return self


def webhook(pushed: Pushed, zone: tzinfo = UTC) -> Webhook:
    """As a platform's. `zone` holds for times without an offset."""
    signature = pushed.signature
    return Webhook(
        signature.verify,
        lambda body, drop: receive(body, pushed, zone),
        secrets=(signature.secret,),
        knows_address=signature.knows_address if signature.kind == "address" else None,
    )


def receive(body: bytes, pushed: Pushed, zone: tzinfo) -> Iterator[Hook]:
    try:
        told = parse(body)
    except (ValueError, RecursionError):
        raise BadAnswer(f"{pushed.name}: the body is no JSON") from None
    if any(at(told, path) != value for path, value in pushed.only.items()):
        return
    found = told if pushed.rows is None else at(told, pushed.rows)
    records = found if isinstance(found, list) else [found]
    if not all(isinstance(one, dict) for one in records) or len(records) > MOST_ROWS:
        raise BadAnswer(
            f"{pushed.name}: no record at {pushed.rows or 'the top'}; mend `rows:` in firsthand.yaml"
        )
    export = next(one for one in files.EXPORTS if one.stream == pushed.stream)
    reading = Reading({ours: ours for ours in pushed.fields}, zone, file=pushed.name)
    rows = []
    for record in records:
        cells = {
            ours: cell for ours, path in pushed.fields.items() if (cell := _cell(ours, at(record, path)))
        }
        if not cells:
            raise BadAnswer(
                f"{pushed.name}: none of its `fields:` is in a record; mend them in firsthand.yaml"
            )
        # Whole beside what is read of it, as lines of files keep their other columns.
        rows.append(export.to_row({**cells, "sent": json.dumps(record, sort_keys=True)}, reading))
    yield Hook(pushed.stream, pushed.name, [row for row in rows if row is not None])


def _cell(ours: str, value: Any) -> str:
    """A value as a file would tell it; several of them side by side, an object not at all."""
    if isinstance(value, list):
        return "; ".join(filter(None, (_cell(ours, one) for one in value if not isinstance(one, list))))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and ours in TIMES:
        return iso(moment(value)) or str(value)
    return str(value).strip() if isinstance(value, str | int | float) else ""
