"""The made-up company, as plain data: what happened, on which platform, to whom.

`company.py` makes one from a seed; the servers in `simulator/platforms/` only render it. `person_id`
is the truth and is never served. Every record carries `visible_at`, the moment from which its
platform shows it: usually the moment it happened, later for late records. All times are UTC.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Person:
    person_id: str
    household_id: str
    first_name: str
    last_name: str
    country: str  # FR, CA, BE
    language: str  # fr, en
    city: str
    postcode: str
    street: str
    birth_date: date
    company: str | None
    emails: tuple[str, ...]
    mobile: str  # E.164
    landline: str | None  # E.164, shared by the household


@dataclass(frozen=True)
class Campaign:
    platform: str
    account_id: str  # ad account: act_…
    campaign_id: str
    name: str
    adset_id: str
    adset_name: str
    ad_id: str
    ad_name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class CampaignDay:
    platform: str
    campaign_id: str
    day: date
    spend: Decimal
    currency: str
    impressions: int
    reach: int
    clicks: int
    likes: int
    leads: int
    orders_claimed: int = 0  # by the platform; more than it brought


@dataclass(frozen=True)
class Post:
    """Something published; figures over its whole life."""

    surface: str  # fb, ig
    account_id: str  # the page, or the Instagram account
    post_id: str
    at: datetime
    text: str
    kind: str
    views: int
    reach: int
    reactions: int
    comments: int
    shares: int
    saves: int
    clicks: int


@dataclass(frozen=True)
class Box:
    """A consent box of a form, with the wording people saw."""

    key: str
    text: str
    channel: str  # email, sms, phone
    is_required: bool = False
    is_checked_by_default: bool = False


@dataclass(frozen=True)
class Form:
    platform: str  # meta, typeform
    form_id: str
    account_id: str  # Meta: the page; Typeform: the workspace
    name: str
    locale: str  # fr_FR, en_CA
    questions: tuple[
        str, ...
    ]  # subset of first_name last_name full_name email phone_number company, in order
    boxes: tuple[Box, ...]
    created_at: datetime
    privacy_url: str = "https://maison-exemple.example/privacy"


@dataclass(frozen=True)
class Lead:
    """One answered form, as typed by the person: `answers` by question, `boxes` by box key."""

    platform: str
    lead_id: str
    form_id: str
    created_at: datetime
    visible_at: datetime
    answers: dict[str, str]
    boxes: dict[str, bool]
    person_id: str | None  # None: a test lead
    campaign_id: str | None = None
    is_organic: bool = False
    surface: str = "fb"  # fb, ig
    utm: dict[str, str] = field(default_factory=dict)
    said_they_heard_from: str | None = None


@dataclass(frozen=True)
class ConsentState:
    """A dated permission state of a shop customer or mail contact."""

    at: datetime
    channel: str  # email, sms
    state: str  # subscribed, unsubscribed, not_subscribed, pending
    level: str = "SINGLE_OPT_IN"
    reason: str | None = None  # unsubscribed, complaint, hard_bounce, admin


@dataclass(frozen=True)
class ShopCustomer:
    customer_id: str
    person_id: str | None  # None: a test account
    created_at: datetime
    visible_at: datetime
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    street: str | None
    city: str | None
    postcode: str | None
    country: str | None
    locale: str
    tags: tuple[str, ...]
    consents: tuple[ConsentState, ...]


@dataclass(frozen=True)
class Refund:
    refund_id: str
    at: datetime
    amount: Decimal


@dataclass(frozen=True)
class ShopOrder:
    order_id: str
    name: str  # #1044
    customer_id: str | None  # None: guest checkout
    person_id: str | None
    created_at: datetime
    visible_at: datetime
    email: str | None
    phone: str | None
    first_name: str | None
    last_name: str | None
    street: str | None
    city: str | None
    postcode: str | None
    country: str | None
    total: Decimal  # what was paid, tax and shipping included
    tax: Decimal
    shipping: Decimal
    currency: str
    lines: tuple[tuple[str, str, int, Decimal], ...]  # sku, title, quantity, unit price
    refunds: tuple[Refund, ...] = ()
    cancelled_at: datetime | None = None
    is_test: bool = False
    discount_code: str | None = None
    utm: dict[str, str] = field(default_factory=dict)
    referrer_url: str | None = None


@dataclass(frozen=True)
class MailContact:
    contact_id: int
    person_id: str | None
    created_at: datetime
    visible_at: datetime
    email: str | None  # None: known by phone only
    phone: str | None  # digits, no plus
    first_name: str | None
    last_name: str | None
    lists: tuple[int, ...]
    list_unsubscribed: tuple[tuple[int, datetime], ...]
    has_double_opt_in: bool
    consents: tuple[ConsentState, ...]
    shop_customer_id: str | None = None  # EXT_ID


@dataclass(frozen=True)
class MailCampaign:
    campaign_id: int
    name: str
    subject: str
    sent_at: datetime
    sent: int
    delivered: int
    unique_views: int
    unique_clicks: int
    hard_bounces: int
    soft_bounces: int
    complaints: int
    unsubscriptions: int


@dataclass(frozen=True)
class MailEvent:
    """A custom event of the mail tool, keyed by contact (no address)."""

    contact_id: int
    name: str  # site_visit, quote_requested, add_to_cart
    at: datetime
    visible_at: datetime
    properties: dict[str, str]


@dataclass(frozen=True)
class Referral:
    referral_id: str
    at: datetime
    code: str
    referrer_person_id: str
    referrer_email: str
    referee_person_id: str
    referee_email: str
    order_name: str | None


@dataclass(frozen=True)
class Review:
    review_id: str
    person_id: str
    at: datetime
    stars: int
    text: str
    order_name: str
    email: str


@dataclass(frozen=True)
class NpsAnswer:
    answer_id: str
    person_id: str
    at: datetime
    score: int
    email: str


@dataclass(frozen=True)
class OfflineSpend:
    """A line of the spend file: days inclusive, euros."""

    channel: str
    campaign: str
    first_day: date
    last_day: date
    cost: Decimal
    reach: int
    heard: str | None


@dataclass
class Company:
    """Everything that happened up to `until`, in the order of time within each list."""

    seed: int
    until: date
    name: str = "Maison Exemple"
    people: list[Person] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    campaign_days: list[CampaignDay] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    shop_customers: list[ShopCustomer] = field(default_factory=list)
    shop_orders: list[ShopOrder] = field(default_factory=list)
    mail_contacts: list[MailContact] = field(default_factory=list)
    mail_campaigns: list[MailCampaign] = field(default_factory=list)
    mail_events: list[MailEvent] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    nps_answers: list[NpsAnswer] = field(default_factory=list)
    offline_spend: list[OfflineSpend] = field(default_factory=list)
