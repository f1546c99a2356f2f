"""`console:` in firsthand.yaml: who may log in, and by whose word. The secret is OIDC_CLIENT_SECRET."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from pipelines.config.base import Strict

LOOPBACK = ("127.0.0.1", "localhost", "::1")
Role = Literal["reader", "marketer", "steward", "admin"]


def encrypted(address: str) -> str:
    """Raises ValueError for an address whose answers others could read or change on the way."""
    parts = urlsplit(address)
    if not parts.hostname or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    ):
        raise ValueError("is https:// and a name")
    return address


class Oidc(Strict):
    """A sign-in service of the company (OpenID Connect). `role_claim`: which of its words is about roles."""

    issuer: Annotated[str, AfterValidator(encrypted)]
    client_id: str = Field(min_length=1, max_length=200)
    label: str = Field("", max_length=60)
    scopes: list[str] = ["openid", "email"]
    role_claim: str = ""
    # By that claim's values; without a claim, by e-mail address.
    roles: dict[str, Role] = {}
    # Some services never say that they looked: only for one where nobody can type an address of their own.
    accept_unverified_email: bool = False

    @model_validator(mode="after")
    def _knows_roles(self) -> "Oidc":
        if not (self.role_claim or self.roles):
            raise ValueError("says nobody's role: name role_claim, or roles by e-mail address")
        if "openid" not in self.scopes:
            raise ValueError("scopes: openid is one of them")
        return self


class Console(Strict):
    local_accounts: bool = True
    oidc: Oidc | None = None

    @model_validator(mode="after")
    def _lets_somebody_in(self) -> "Console":
        if not self.local_accounts and self.oidc is None:
            raise ValueError("nobody could log in: local_accounts is off and there is no oidc")
        return self
