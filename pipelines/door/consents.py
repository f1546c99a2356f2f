"""The command `consent`: what somebody told our staff about being written to or called.

    {"command": "consent", ..., "contact_type": "email", "contact_value": "marie@poste.example",
     "channels": ["email"], "purpose": "marketing", "act": "withdraw",
     "occurred_at": "2026-11-20T10:00:00+01:00"}

A no needs no proof. A yes does (a recording, a scanned form): proof is on the sender. Append-only in
door.consent_entries, by contact point; an entry is never changed, a later one says otherwise. A point nobody
gave us yet is no error: it may still come.
"""

import json
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal

from pydantic import AwareDatetime, Field, model_validator

from pipelines import normalise
from pipelines.door.command import Command, new_id
from pipelines.door.schema import Connection

Act = Literal["grant", "withdraw", "deny", "object", "complaint", "notice", "contract"]
Channel = Literal["email", "sms", "phone", "whatsapp", "post", "ad_upload"]
CHANNELS: dict[str, tuple[Channel, ...]] = {
    "email": ("email", "ad_upload"),
    "phone": ("sms", "phone", "whatsapp", "ad_upload"),
}
# What an entry becomes in the ledger: act and basis.
LEDGER = {
    "notice": ("implied_start", "b2b_relevance"),
    "contract": ("implied_start", "contract"),
}
PROOF = {"grant", "contract"}
ADS = ("ad_user_data", "ad_personalization")
PURPOSES = ("marketing", "review_request", "b2b_prospecting", "profiling", *ADS)
PURPOSE = rf"^({'|'.join(PURPOSES)}|newsletter:.{{1,100}})$"


class Said(Command):
    command: Literal["consent"] = "consent"
    contact_type: Literal["email", "phone"]
    contact_value: str = Field(min_length=3, max_length=320)
    channels: list[Channel] = Field(min_length=1)
    purpose: str = Field("marketing", pattern=PURPOSE)
    act: Act
    occurred_at: AwareDatetime
    occurred_at_precision: Literal["second", "day"] = "second"
    proof: str | None = Field(None, max_length=500)
    reason: str | None = Field(None, max_length=2000)
    wording: str | None = Field(None, max_length=10_000)
    locale: str | None = Field(None, max_length=20)
    role: str | None = Field(None, max_length=200)
    until: date | None = None

    @model_validator(mode="after")
    def _can_be_meant(self) -> "Said":
        if self.act in PROOF and not self.proof:
            raise ValueError(f"a {self.act} needs a proof: where the recording or the signed form is kept")
        if self.act == "notice" and not self.role:
            raise ValueError("a notice needs the role of the person: the message has to be about their job")
        if self.until and self.act not in PROOF:
            raise ValueError("only a grant or a contract has an end")
        other = [channel for channel in self.channels if channel not in CHANNELS[self.contact_type]]
        if other:
            raise ValueError(f"no {self.contact_type} is reached by {', '.join(other)}")
        if _normalised(self.contact_type, self.contact_value) != self.contact_value:
            raise ValueError("the contact point is no address in lower case, nor a number such as +33...")
        return self


def _normalised(contact_type: str, value: str) -> str | None:
    if contact_type == "email":
        return normalise.email_contact(value)
    return normalise.phone_e164(value, "ZZ") if value.startswith("+") else None


def entry(act: Act, made_by: str, made_at: datetime, **said: Any) -> Said:
    """A new one, to be sent. Raises pydantic's ValidationError for what cannot be meant."""
    return Said(id=new_id(), act=act, made_by=made_by, made_at=made_at, **said)


def write(con: Connection, said: Said, ingested_at: datetime) -> None:
    act, basis = LEDGER.get(said.act, (said.act, "consent"))
    row = {
        "contact_type": said.contact_type,
        "contact_value": said.contact_value,
        "purpose": said.purpose,
        "act": act,
        "basis": basis,
        # A yes dated after we learned of it would outlive every no until then.
        "occurred_at": min(said.occurred_at, ingested_at),
        "occurred_at_precision": said.occurred_at_precision,
        "ingested_at": ingested_at,
        "made_by": said.made_by,
        "proof_ref": said.proof,
        "wording_version": _version(said.wording) if said.wording else None,
        "wording_text": said.wording,
        "locale": said.locale,
        "expires_on": said.until,
        "evidence": json.dumps({"role": said.role}) if said.role else None,
        "reason": said.reason,
    }
    for channel in dict.fromkeys(said.channels):
        one = {"entry_id": f"{said.id}:{channel}", "channel": channel, **row}
        con.execute(
            f"insert into door.consent_entries ({', '.join(one)}) values ({', '.join('?' * len(one))})",
            list(one.values()),
        )


def _version(wording: str) -> str:
    return f"staff:{sha256(wording.encode()).hexdigest()[:16]}"
