"""The blocks of firsthand.yaml that say what goes out: publications, lists, alerts, answers, and when."""

from typing import Annotated, Literal

from pydantic import Field

from pipelines.config.base import Strict


class MailAlert(Strict):
    to: list[str]
    sender: str
    host: str
    port: int = 587
    user: str | None = None
    starttls: bool = True


class WebhookAlert(Strict):
    url: str


class Alerts(Strict):
    mail: MailAlert | None = None
    webhook: WebhookAlert | None = None


class Destination(Strict):
    """A list of a mail tool that each run keeps in step with an audience.

    `account`: which audience of Mailchimp; `list`: its name there, else one is made of the audience's.
    """

    audience: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    to: Literal["brevo", "mailchimp", "hubspot"]
    account: str | None = None
    purpose: str = Field(
        "marketing", pattern=r"^(marketing|review_request|b2b_prospecting|newsletter:.{1,100})$"
    )
    list: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class Feedback(Strict):
    """How stages are called at an ad platform: Google's conversion actions, Meta's event names."""

    lead: str = "Lead"
    prospect: str = "Qualified lead"
    first_time_customer: str = "First order"
    repeat_customer: str = "Repeat customer"
    loyal_customer: str = "Loyal customer"
    ambassador: str = "Ambassador"

    def names(self) -> dict[str, str]:
        """By stage."""
        return self.model_dump()


class Publication(Strict):
    keep: int = Field(3, ge=1)
    smallest_share_of_last: float = Field(0.5, ge=0, le=1)
    # Of how many people a group must be to be told in the aggregates.
    smallest_group: int = Field(5, ge=3, le=1000)
    # Which of the published files also goes to PostgreSQL, into which schema, for whom to read: docs/bi.md.
    mirror: Literal["bi", "marketing"] | None = None
    mirror_schema: str = Field("firsthand", pattern="^[a-z][a-z0-9_]{0,30}$")
    mirror_reader: str | None = Field(None, pattern="^[a-z][a-z0-9_]{0,62}$")


class Schedules(Strict):
    leads: str = "5 * * * *"
    everything: str = "20 3 * * *"


class Privacy(Strict):
    """What an answer to a person says of this company: nobody can compute it."""

    contact: str = ""
    stored_in: str = ""  # the country of this machine's disk
    recipients: list[str] = []  # who else is given people's data, in words
