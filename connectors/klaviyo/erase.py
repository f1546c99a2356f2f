"""Having Klaviyo erase a profile, with its history."""

from connectors.erasing import Outcome, Row
from connectors.klaviyo.api import JSON_API, Klaviyo
from connectors.stream import NotThere


def erase_profile(klaviyo: Klaviyo, key: str, row: Row) -> Outcome:
    """The deletion Klaviyo keeps for such wishes: noted at once, done a little later. By the id: an address
    may be another one's by now."""
    whom = {"data": {"type": "profile", "id": key, "attributes": {}}}
    body = {"data": {"type": "data-privacy-deletion-job", "attributes": {"profile": whom}}}
    try:
        klaviyo.get(f"profiles/{key}", {"fields[profile]": "created"})
        klaviyo.http.post("data-privacy-deletion-jobs", body, {"Content-Type": JSON_API})
    except NotThere:
        return "not_there"
    return "requested"
