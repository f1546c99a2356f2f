"""`ownership:` in firsthand.yaml: what no platform tells."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipelines.config.base import Strict


class Followers(Strict):
    """What a platform shows as the number of those who follow us, on a day."""

    count: int = Field(ge=0)
    told_on: date


Channel = Literal["email", "sms", "post", "phone"]


class Ownership(Strict):
    """What a drill cannot know: docs/ownership.md."""

    # The part of what an outage stops that is bought later all the same.
    catch_up: float = Field(0.5, ge=0, le=1)
    # Messages a day that each channel can carry: what a plan allows, what two people can call or write.
    daily_limits: dict[Channel, Annotated[int, Field(ge=1)]] = {
        "email": 10000, "sms": 2000, "post": 500, "phone": 80
    }  # fmt: skip
    # The tools that send for us, where they are not those we read.
    senders: dict[Channel, list[str]] = {}
    followers: dict[str, Followers] = {}
