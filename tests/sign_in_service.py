"""A sign-in service on loopback: OpenID Connect of the parts Authlib has for servers, over real HTTP.

It asks for PKCE, a client's secret and a nonce that was not used, and signs with a key of its own. `says` is
what it tells of whoever logs in; what a test puts in there it signs as well, be it an end long past.
"""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, jsonify, request
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENT, SECRET = "firsthand", "a made-up secret of the client"
SOMEBODY = {"sub": "7", "email": "Ines@Maison.example", "email_verified": True}


@dataclass
class Service:
    """`about`: laid over what it says of itself; `user_info`: what only a second question tells."""

    says: dict[str, Any] = field(default_factory=lambda: dict(SOMEBODY))
    about: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] | None = None
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k", "use": "sig"}))
    shown_key: RSAKey | None = None
    address: str = ""
    comes_back: str = ""
    codes: dict[str, Any] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def again(self) -> None:
        """As it was in the beginning, at the same address."""
        fresh = Service()
        self.says, self.about, self.user_info, self.shown_key = fresh.says, fresh.about, None, None
        self.asked.clear()


class Client:
    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_client_secret(self, said: str) -> bool:
        return said == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


class Code(SimpleNamespace):
    """An authorization code and what it was asked for."""

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    get_acr = get_amr = get_auth_time


def application(service: Service) -> Flask:
    class Known(Client):
        def check_redirect_uri(self, uri: str) -> bool:
            return uri == service.comes_back

    class Grant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, asked: Any) -> None:
            said = asked.payload.data
            service.nonces.add(said["nonce"])
            service.codes[code] = Code(
                code=code,
                redirect_uri=asked.payload.redirect_uri,
                scope=asked.payload.scope,
                nonce=said.get("nonce"),
                code_challenge=said.get("code_challenge"),
                code_challenge_method=said.get("code_challenge_method"),
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return service.codes.get(code)

        def delete_authorization_code(self, code: Code) -> None:
            del service.codes[code.code]

        def authenticate_user(self, code: Code) -> Any:
            return SimpleNamespace(id="7")

    class Tokens(OpenIDCode):
        def exists_nonce(self, nonce: str, asked: Any) -> bool:
            return nonce in service.nonces

        def resolve_client_private_key(self, client: Client) -> RSAKey:
            return service.key

        def get_client_algorithm(self, client: Client) -> str:
            return "RS256"

        def get_client_claims(self, client: Client) -> dict[str, Any]:
            return {"iss": service.address, "aud": [CLIENT]}

        def get_encode_header(self, client: Client) -> dict[str, str]:
            return {"alg": "RS256", "kid": "k"}

        def generate_user_info(self, user: Any, scope: str) -> UserInfo:
            return UserInfo(**service.says)

    app = Flask("sign_in_service")
    app.secret_key = "for its own cookies"
    server = AuthorizationServer(
        app,
        query_client=lambda name: Known() if name == CLIENT else None,
        save_token=lambda token, asked: None,
    )
    server.register_grant(Grant, [Tokens(require_nonce=True), CodeChallenge(required=True)])

    @app.before_request
    def _note() -> None:
        service.asked.append(request.path)

    @app.get("/authorize")
    def _authorize() -> Any:
        grant = server.get_consent_grant(end_user=SimpleNamespace(id="7"))
        return server.create_authorization_response(grant=grant, grant_user=SimpleNamespace(id="7"))

    @app.post("/token")
    def _token() -> Any:
        return server.create_token_response()

    @app.get("/keys")
    def _keys() -> Any:
        return jsonify(KeySet([service.shown_key or service.key]).as_dict(private=False))

    @app.get("/me")
    def _me() -> Any:
        return jsonify(service.user_info) if "Authorization" in request.headers else ("", 401)

    @app.get("/.well-known/openid-configuration")
    def _about() -> Any:
        said = {
            "issuer": service.address,
            "authorization_endpoint": f"{service.address}/authorize",
            "token_endpoint": f"{service.address}/token",
            "jwks_uri": f"{service.address}/keys",
            "userinfo_endpoint": f"{service.address}/me",
        }
        return jsonify(said | service.about)

    return app


class Quiet(WSGIRequestHandler):
    def log(self, *said: Any) -> None:
        pass


@contextlib.contextmanager
def serving() -> Iterator[Service]:
    service = Service()
    server = make_server("127.0.0.1", 0, application(service), threaded=True, request_handler=Quiet)
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join(30)
        server.server_close()
