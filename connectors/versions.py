"""Which version of its API a connector speaks, and until when it will be served."""

from dataclasses import dataclass
from datetime import date, timedelta

NOTICE = timedelta(
    days=90
)  # what a vendor grants at the least between a new version and the end of an old one


@dataclass(frozen=True)
class ApiVersion:
    """`ends` is the day from which it may be refused; `is_announced`: by the vendor, else reckoned by us."""

    name: str
    ends: date
    is_announced: bool
    source: str

    def is_over(self, today: date) -> bool:
        """A day that was only reckoned refuses nobody."""
        return self.is_announced and today >= self.ends

    def is_ending(self, today: date) -> bool:
        return today >= self.ends - NOTICE
