"""Where one can go from every page: address, word and least role, in the order of a working day."""

from dataclasses import dataclass

from console.roles import may


@dataclass(frozen=True)
class Place:
    path: str
    word: str
    least: str
    # Where the pages beside it lie, where that is not under its own address.
    under: str = ""

    def holds(self, path: str) -> bool:
        """Whether that page lies here."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.under or self.path}/"))


PLACES = (
    Place("/", "overview", "reader"),
    Place("/people", "people", "marketer"),
    Place("/funnel", "funnel", "reader"),
    Place("/audiences", "audiences", "marketer"),
    Place("/exports", "exports", "marketer"),
    Place("/ownership/dependence", "ownership", "reader", "/ownership"),
    Place("/review", "review", "steward"),
    Place("/quarantine", "quarantine", "steward"),
    Place("/audit", "audit", "admin"),
)


def places(role: str | None) -> list[Place]:
    return [place for place in PLACES if role and may(role, place.least)]
