"""Signing in by a service of the company: OpenID Connect, the code flow with PKCE, state and nonce.

https://openid.net/specs/openid-connect-core-1_0.html. Authlib speaks the protocol, joserfc looks at
signatures; here is what must hold before anybody is let in.
"""

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from console.roles import ROLES
from pipelines.config.console import Oidc, encrypted

# Signed with a key of theirs that we can look up; never with one we share, and never not at all.
SIGNED = ["RS256", "PS256", "ES256", "EdDSA"]
PATIENCE, LEEWAY = 10, 60  # seconds: for an answer of the service; that its clock may differ from ours
# Somebody types a password and a code meanwhile. Of those who never come back only so many are remembered.
UNDER_WAY, MOST = 600.0, 1000


class NotVouched(Exception):
    """Nobody is let in; the text says why in a few words for the log, and quotes nobody."""


@dataclass(frozen=True)
class Begun:
    """What we remember of one who went to the service, by the state they bring back."""

    browser: str
    nonce: str
    verifier: str
    back: str
    at: float


@dataclass
class UnderWay:
    """Those who went, in this process; each comes back once, in the browser they went with."""

    clock: Callable[[], float] = time.monotonic
    _known: dict[str, Begun] = field(default_factory=dict)

    def begin(self, browser: str, back: str) -> tuple[str, Begun]:
        now = self.clock()
        for state in [state for state, one in self._known.items() if now - one.at > UNDER_WAY]:
            self._known.pop(state, None)
        while len(self._known) >= MOST:
            self._known.pop(next(iter(self._known)), None)
        state = secrets.token_urlsafe(32)
        begun = Begun(browser, secrets.token_urlsafe(32), secrets.token_urlsafe(48), back, now)
        self._known[state] = begun
        return state, begun

    def end(self, state: str, browser: str) -> Begun:
        """Raises NotVouched."""
        begun = self._known.pop(state, None)
        if begun is None or self.clock() - begun.at > UNDER_WAY:
            raise NotVouched("unknown or old state")
        if not hmac.compare_digest(begun.browser, browser):
            raise NotVouched("another browser's state")
        return begun


@dataclass(frozen=True)
class Vouched:
    """Whom the service vouched for."""

    email: str
    role: str


@dataclass(frozen=True)
class Service:
    """`come_back`: the address of ours that the service sends people to; it must know it."""

    said: Oidc
    secret: str | None
    come_back: str

    def address(self, state: str, begun: Begun) -> str:
        """Where to send somebody. Raises NotVouched."""
        with self._session() as session:
            about = self._discover(session)
            address, _ = session.create_authorization_url(
                about["authorization_endpoint"], state=state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        return address

    def whom(self, code: str, begun: Begun) -> Vouched:
        """Trade the code for a token, look at it from all sides, and see what they may. Raises NotVouched."""
        try:
            with self._session() as session:
                about = self._discover(session)
                token = session.fetch_token(
                    about["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=begun.verifier,
                    timeout=PATIENCE,
                    allow_redirects=False,
                )
                claims = self._claims(session, about, token.get("id_token"), begun.nonce)
                claims = self._with_user_info(session, about, claims)
        except OAuthError as error:
            raise NotVouched(f"the code was refused: {str(error.error)[:40]}") from None
        except (JoseError, RequestException, ValueError, KeyError, TypeError) as error:
            raise NotVouched(type(error).__name__) from None
        return self._admitted(claims)

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            self.said.client_id,
            self.secret,
            scope=" ".join(self.said.scopes),
            redirect_uri=self.come_back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self.secret else "none",
        )

    def _discover(self, session: OAuth2Session) -> dict[str, Any]:
        """What the service says of itself; every address in it as safe as its issuer's."""
        try:
            about = self._get(session, f"{self.said.issuer.rstrip('/')}/.well-known/openid-configuration")
            if about["issuer"] != self.said.issuer:
                raise NotVouched("another issuer's configuration")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                encrypted(about[name])
        except (RequestException, ValueError, KeyError, TypeError) as error:
            raise NotVouched(f"no configuration: {type(error).__name__}") from None
        return about

    def _get(self, session: OAuth2Session, address: str) -> Any:
        # Without the token, that is for one of its addresses only; and a redirect is no answer.
        answer = session.get(address, withhold_token=True, timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()

    def _claims(
        self, session: OAuth2Session, about: dict[str, Any], id_token: Any, nonce: str
    ) -> dict[str, Any]:
        if not isinstance(id_token, str):
            raise NotVouched("no id token")
        keys = KeySet.import_key_set(self._get(session, about["jwks_uri"]))
        claims = jwt.decode(id_token, keys, algorithms=SIGNED).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self.said.issuer},
            aud={"essential": True, "value": self.said.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        is_for_others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (is_for_others or "azp" in claims) and claims.get("azp") != self.said.client_id:
            raise NotVouched("made for another client")
        return claims

    def _with_user_info(
        self, session: OAuth2Session, about: dict[str, Any], claims: dict[str, Any]
    ) -> dict[str, Any]:
        """Some services keep all but the number of a person for a second question."""
        needed = {"email", self.said.role_claim or "email"}
        if needed <= claims.keys() or "userinfo_endpoint" not in about:
            return claims
        answer = session.get(encrypted(about["userinfo_endpoint"]), timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        told = answer.json()
        if told["sub"] != claims["sub"]:
            raise NotVouched("somebody else's particulars")
        return told | claims

    def _admitted(self, claims: dict[str, Any]) -> Vouched:
        email = claims.get("email")
        if not isinstance(email, str) or "@" not in email:
            raise NotVouched("no e-mail address")
        if claims.get("email_verified") is not True and not self.said.accept_unverified_email:
            raise NotVouched("an address that nobody looked at")
        email = email.strip().lower()
        told = claims.get(self.said.role_claim) if self.said.role_claim else email
        role = self._role_of(told if isinstance(told, list) else [told])
        if role is None:
            raise NotVouched("no role")
        return Vouched(email, role)

    def _role_of(self, words: list[Any]) -> str | None:
        """The highest that any of these words stands for; a role's own name stands for itself in a claim."""
        known = {word.lower(): role for word, role in self.said.roles.items()}
        if self.said.role_claim and not known:
            known = {role: role for role in ROLES}
        found = [known[word.lower()] for word in words if isinstance(word, str) and word.lower() in known]
        return max(found, key=ROLES.index) if found else None
