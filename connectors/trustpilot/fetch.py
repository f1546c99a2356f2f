"""What is read from Trustpilot: pages by number, for as long as each leads to a next; tokens of some days."""

import base64
from collections.abc import Iterator
from itertools import count
from typing import Any

from connectors.client import Client, Env
from connectors.declared import judging
from connectors.oauth import Access
from connectors.offsets import BELIEVED_EMPTY
from connectors.stream import BadAnswer, MissingCredential, Page, Row, Since

LARGEST = 100  # the largest page
TOKENS = "v1/oauth/oauth-business-users-for-applications/accesstoken"


class Trustpilot:
    """One business unit by the key and the secret of its business account."""

    def __init__(self, env: Env) -> None:
        key, secret = env.secret("TRUSTPILOT_KEY"), env.secret("TRUSTPILOT_SECRET")
        self.unit = str(env.settings.get("business_unit") or "")
        if not self.unit:
            raise MissingCredential("set platforms.trustpilot.business_unit to the id of your business unit")
        self.account = str(env.settings.get("account", self.unit))
        basic = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self.http = Client.of(
            env,
            "trustpilot",
            env.settings.get("base_url", "https://api.trustpilot.com"),
            per_second=10,  # of 833 in five minutes and 10,000 an hour that its help names for a key
            # Who asks for a token says who they are; a call with a token says the token instead.
            headers={"Authorization": f"Basic {basic}", "apikey": key},
            judge=judging(
                "the key or the secret is refused: take both from Trustpilot Business (Integrations, "
                "Developers, APIs) into TRUSTPILOT_KEY and TRUSTPILOT_SECRET",
                "this account may not read the private reviews of platforms.trustpilot.business_unit",
            ),
            secrets=(secret, basic),
        )
        self.access = Access(env, "trustpilot", fixed="", seed=secret, renew=self._renew)

    def _renew(self, secret: str) -> Any:
        return self.http.form(TOKENS, {"grant_type": "client_credentials"}).data

    def page(self, number: int) -> tuple[list[Any], bool]:
        """The reviews of a page, and whether another follows."""
        path = f"v1/private/business-units/{self.unit}/reviews"
        asked = {"perPage": LARGEST, "page": number, "orderBy": "createdat.asc"}
        told = self.access.use(
            lambda token: self.http.get(path, asked, {"Authorization": f"Bearer {token}"}).data
        )
        rows, links = (told.get(name) if isinstance(told, dict) else None for name in ("reviews", "links"))
        if not isinstance(rows, list) or not isinstance(links, list | None):
            raise BadAnswer("trustpilot: no list of reviews in the answer")
        found = [one.get("rel") for one in links or () if isinstance(one, dict)]
        return rows, "next-page" in found


def client(env: Env) -> Trustpilot:
    return Trustpilot(env)


def reviews(trustpilot: Trustpilot, account: str, since: Since) -> Iterator[Page]:
    """All reviews, the oldest first: what is written meanwhile stands at the end."""
    for number in count(1):
        for _ in range(BELIEVED_EMPTY):
            rows, has_next = trustpilot.page(number)
            if rows or not has_next:
                break
        if rows:
            yield Page([_dated(row) for row in rows])
        if not has_next:
            return


def _dated(row: Any) -> Any:
    """A review that was never edited was last changed when it was written."""
    if not isinstance(row, dict):
        return row
    changed: Row = {"changed_at": row.get("updatedAt") or row.get("createdAt")}
    return row | (changed if changed["changed_at"] else {})
