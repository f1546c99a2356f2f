"""A hand-made company of few records, and a way to ask its platforms without a socket."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from simulator.model import (
    Box,
    Campaign,
    CampaignDay,
    Company,
    ConsentState,
    Form,
    Lead,
    MailCampaign,
    MailContact,
    MailEvent,
    Refund,
    ShopCustomer,
    ShopOrder,
)
from simulator.server import World
from simulator.wire import Answer, Call

UNTIL = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHOP_PATH = "admin/api/2026-07/graphql.json"


def ago(**past: float) -> datetime:
    return NOON - timedelta(**past)


def lead(number: int, at: datetime, form: str = "77", platform: str = "meta", **more: Any) -> Lead:
    told = {
        "visible_at": at,
        "answers": {"full_name": f"Zoé {number}", "email": f"zoe{number}@courriel.example"},
        "boxes": {"news": number % 2 == 0},
        "person_id": f"p{number}",
        "campaign_id": "33" if platform == "meta" else None,
    }
    return Lead(platform, f"90{number:03}", form, at, **(told | more))


def order(number: int, at: datetime, **more: Any) -> ShopOrder:
    told = {
        "customer_id": "7001", "person_id": "p1", "visible_at": at, "email": "ana@courriel.example",
        "phone": None, "first_name": "Ana", "last_name": "Roux", "street": "1 rue de l'Exemple",
        "city": "Lyon", "postcode": "69001", "country": "FR", "total": Decimal("45.90"),
        "tax": Decimal("7.65"), "shipping": Decimal("6.90"), "currency": "EUR",
        "lines": (("VASE-01", "Vase", 1, Decimal("39.00")),),
    }  # fmt: skip
    return ShopOrder(order_id=f"80{number}", name=f"#{1000 + number}", created_at=at, **(told | more))


def contact(number: int, at: datetime, **more: Any) -> MailContact:
    told = {
        "person_id": None, "visible_at": at, "email": f"c{number}@courriel.example", "phone": None,
        "first_name": "Cy", "last_name": "Noir", "lists": (1,), "list_unsubscribed": (),
        "has_double_opt_in": False, "consents": (),
    }  # fmt: skip
    return MailContact(contact_id=number, created_at=at, **(told | more))


def company() -> Company:
    form = Form("meta", "77", "100001", "Devis", "fr_FR", ("full_name", "email"),
                (Box("news", "Recevoir la lettre", "email"),), ago(days=400))  # fmt: skip
    typeform = Form("typeform", "TfOne", "maison", "Guide", "fr_FR", ("full_name", "email"),
                    (Box("news", "Recevoir la lettre", "email"),), ago(days=400))  # fmt: skip
    leads = [lead(n, ago(days=n)) for n in range(1, 8)]
    leads += [lead(50, ago(days=100)), lead(51, ago(days=2), person_id=None)]
    leads += [lead(60, ago(days=5), visible_at=ago(days=1) + timedelta(days=2))]
    leads += [lead(n, ago(hours=n), "TfOne", "typeform") for n in range(1, 6)]
    campaign = Campaign("meta", "act_500001", "33", "Soldes", "44", "Large", "55", "Vidéo",
                        date(2026, 11, 1), UNTIL)  # fmt: skip
    days = [CampaignDay("meta", "33", UNTIL - timedelta(days=n), Decimal("14.30"), "EUR", 1000 if n else 0,
                        800, 12, 3, 10) for n in range(4)]  # fmt: skip
    said = (
        ConsentState(ago(days=30), "email", "subscribed"),
        ConsentState(ago(days=3), "email", "unsubscribed", reason="complaint"),
    )
    ana = ShopCustomer("7001", "p1", ago(days=200), ago(days=200), "Ana", "Roux", "ana@courriel.example",
                       "+33639980001", "2 rue Exemple", "Lyon", "69001", "FR", "fr", (), said)  # fmt: skip
    orders = [order(n, ago(days=10 * n)) for n in range(1, 10)]
    orders.append(order(20, ago(days=5), refunds=(Refund("1", ago(days=1), Decimal("45.90")),)))
    orders.append(order(21, ago(days=4), customer_id=None))
    contacts = [contact(n, ago(days=50 - n)) for n in range(1, 6)]
    contacts.append(contact(6, ago(days=40), consents=said))
    contacts.append(contact(7, ago(days=40), email=None, phone="33639980007"))
    contacts.append(contact(8, ago(days=40), email=None, phone="33639980008"))
    letters = [MailCampaign(n, f"Lettre {n}", "Bonjour", ago(days=300 * n), 100, 98, 40, 9, 1, 1, 0, 2)
               for n in (0, 1)]  # fmt: skip
    visits = [MailEvent(1, "site_visit", ago(days=n), ago(days=n), {"page": "/"}) for n in (1, 2, 300)]
    return Company(
        seed=1, until=UNTIL, campaigns=[campaign], campaign_days=days, forms=[form, typeform], leads=leads,
        shop_customers=[ana], shop_orders=orders, mail_contacts=contacts, mail_campaigns=letters,
        mail_events=visits,
    )  # fmt: skip


def world(faults: Any = "none", seed: int = 1, now: datetime = NOON) -> World:
    made = World(company(), now)
    made.faults.set(faults, seed)
    return made


def ask(
    world: World,
    platform: str,
    path: str,
    params: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    body: Any = None,
    method: str = "GET",
) -> Answer:
    """One question, through the same steps as over HTTP, without the socket."""
    sent = b"" if body is None else (body.encode() if isinstance(body, str) else json.dumps(body).encode())
    call = Call(
        method="POST" if body is not None and method == "GET" else method,
        path=path,
        query=tuple((k, str(v)) for k, v in (params or {}).items()),
        headers={k.lower(): v for k, v in (headers or {}).items()},
        body=sent,
        base=f"http://127.0.0.1:1/{platform}",
    )
    return world.tell(world.platforms[platform], call)


def graph(world: World, path: str, token: str | None = None, method: str = "GET", **params: Any) -> Answer:
    """Meta, as page 100001 unless told otherwise."""
    token = token or world.platforms["meta"].tokens.of_page("100001")
    return ask(world, "meta", f"v26.0/{path}", params, {"Authorization": f"Bearer {token}"}, method=method)


def typeform(world: World, path: str, token: str | None = None, **params: Any) -> Answer:
    headers = {"Authorization": f"Bearer {token or 'sim-typeform-token'}"}
    return ask(world, "typeform", path, params, headers)


def shop(
    world: World, text: str, token: str | None = None, path: str = SHOP_PATH, **variables: Any
) -> Answer:
    """Shopify, by its fixed token unless told otherwise."""
    headers = {"X-Shopify-Access-Token": token or "shpat_sim"}
    return ask(world, "shopify", path, headers=headers, body={"query": text, "variables": variables})


def brevo(world: World, path: str, **params: Any) -> Answer:
    return ask(world, "brevo", f"v3/{path}", params, {"api-key": "xkeysib-sim"})


def form_body(**fields: str) -> str:
    return urlencode(fields)
