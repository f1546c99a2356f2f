"""Forms as firsthand.yaml defines them: `platforms: own_form:`.

Texts are given per language. A box has no way to be ticked beforehand or to be demanded: what is not free is
no consent.
"""

import hashlib
import re
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Language = Literal["fr", "en"]
Channel = Literal["email", "sms", "phone", "whatsapp", "post", "ad_upload"]
Kind = Literal[
    "email", "phone_number", "text", "long_text", "choice", "first_name", "last_name", "company", "street",
    "city", "postcode", "country",
]  # fmt: skip
PURPOSE = re.compile(r"marketing|review_request|profiling|ad_user_data|ad_personalization|newsletter:[\w-]+")
LANGUAGES = get_args(Language)
Words = Annotated[dict[Language, Annotated[str, Field(min_length=1, max_length=4000)]], Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _origin(text: str) -> str:
    """Scheme and host, as browsers write it; plain HTTP only on this machine, for trying out."""
    parts = urlsplit(text)
    is_plain = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
    if not parts.hostname or not (parts.scheme == "https" or is_plain):
        raise ValueError("begins with https://")
    if text != f"{parts.scheme}://{parts.netloc}" or text != text.lower() or "@" in text:
        raise ValueError("is an origin such as https://www.maison.example: no path, no slash at its end")
    return text


Origin = Annotated[str, AfterValidator(_origin)]


def _purpose(text: str) -> str:
    if not PURPOSE.fullmatch(text):
        raise ValueError(f"{text} is no purpose: marketing, newsletter:<list>, review_request, profiling …")
    return text


class Question(Strict):
    """One question."""

    name: Name
    kind: Kind = "text"
    label: Words
    required: bool = False
    options: list[Words] = []

    @model_validator(mode="after")
    def _has_options(self) -> "Question":
        if (self.kind == "choice") != bool(self.options):
            raise ValueError(f"{self.name}: `options` belong to `kind: choice`, and to nothing else")
        return self


class Box(Strict):
    """One consent, free to give: by which channels, for what, in which words, and their version."""

    name: Name
    version: Annotated[str, Field(pattern=r"^[\w.-]{1,40}$")]
    channels: list[Channel] = Field(min_length=1)
    purposes: list[Annotated[str, AfterValidator(_purpose)]] = Field(["marketing"], min_length=1)
    text: Words

    def shown(self, language: str) -> str:
        """What names these words and no others: the version, and a fingerprint of the text."""
        digest = hashlib.sha256(self.text[language].encode()).hexdigest()  # type: ignore[index]
        return f"{self.version}.{digest[:16]}"


class Mail(Strict):
    """What is written to whoever has to confirm; `{link}` stands in the text."""

    subject: Words
    text: Words

    @model_validator(mode="after")
    def _has_link(self) -> "Mail":
        if not all("{link}" in text for text in self.text.values()):
            raise ValueError("the text needs {link} where the link goes, in every language")
        return self


MAIL = Mail(
    subject={"fr": "Confirmez votre inscription", "en": "Please confirm your subscription"},
    text={
        "fr": "Bonjour,\n\npour confirmer votre inscription, ouvrez ce lien puis appuyez sur le bouton :\n"
        "{link}\n\n"
        "Si vous n'avez rien demandé, ne faites rien : nous ne vous écrirons pas.",
        "en": "Hello,\n\nto confirm your subscription, open this link and press the button:\n{link}\n\n"
        "If you did not ask for this, do nothing: we will not write to you.",
    },
)


class Form(Strict):
    title: Words
    fields: list[Question] = Field(min_length=1, max_length=40)
    boxes: list[Box] = Field([], max_length=20)
    button: Words = {"fr": "Envoyer", "en": "Send"}
    thanks: Words = {"fr": "Merci, c'est bien reçu.", "en": "Thank you, we have received it."}
    notice: Words | None = None
    double_opt_in: bool = False
    confirm_within_days: int = Field(14, ge=1, le=90)
    mail: Mail = MAIL

    @property
    def languages(self) -> list[str]:
        """Those it can be shown in, the first being its own."""
        return list(self.title)

    @property
    def address_field(self) -> str | None:
        return next((field.name for field in self.fields if field.kind == "email"), None)

    @model_validator(mode="after")
    def _is_whole(self) -> "Form":
        names = [one.name for one in (*self.fields, *self.boxes)]
        if len(names) != len(set(names)):
            raise ValueError("two fields or boxes have one name")
        spoken = set(self.languages)
        texts = [one.label for one in self.fields] + [one.text for one in self.boxes]
        texts += [words for one in self.fields for words in one.options]
        texts += [self.button, self.thanks, self.mail.subject, self.mail.text]
        texts += [self.notice] if self.notice else []
        if any(spoken - set(words) for words in texts):
            raise ValueError(
                f"every text of it must be there in {' and '.join(sorted(spoken))}, as the title is"
            )
        if self.double_opt_in and not self.address_field:
            raise ValueError("double_opt_in needs a field of `kind: email`")
        return self


class Definition(Strict):
    """The block of firsthand.yaml."""

    account: str = "own_form"
    address: Origin
    origins: list[Origin] = []
    forms: dict[Name, Form] = Field(min_length=1)


def read(settings: Any) -> Definition:
    """The block, checked. Raises pydantic's ValidationError, which is a ValueError."""
    return Definition.model_validate(settings)


def row(name: str, form: Form) -> dict[str, Any]:
    """A form as raw holds it: its whole wording, so that each version shown is kept."""
    told = form.model_dump(mode="json", include={"fields", "boxes", "notice", "double_opt_in"})
    return {"id": name, "title": form.title, "name": next(iter(form.title.values())), **told}
