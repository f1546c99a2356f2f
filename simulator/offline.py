"""What Maison Exemple pays for where no platform has an API: fairs, a podcast, a magazine.

Who came by a fair says so on a form; nobody can tell who read the magazine.
"""

from datetime import date, timedelta
from decimal import Decimal

from simulator.model import OfflineSpend
from simulator.timeline import DAYS, start_of

# Channel, campaign, first day, days, cost, seen by, what people answer.
TABLE = (
    ("salon", "Salon de l'artisanat A1", 90, 4, "1800.00", 2600, "Salon de l'artisanat"),
    ("podcast", "Voix du bois A1", 200, 90, "1000.00", 4100, None),
    ("presse", "Belles Maisons A1", 260, 1, "1450.00", 38000, None),
    ("craft fair", "Craft fair A2", 520, 3, "900.00", 1500, "Craft fair"),
)


def spend(until: date) -> list[OfflineSpend]:
    first = start_of(until).date()
    return [
        OfflineSpend(
            channel=channel,
            campaign=campaign,
            first_day=first + timedelta(days=start),
            last_day=first + timedelta(days=min(start + days, DAYS) - 1),
            cost=Decimal(cost),
            reach=reach,
            heard=heard,
        )
        for channel, campaign, start, days, cost, reach, heard in TABLE
    ]
