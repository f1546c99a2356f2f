"""The newsletter: when it went out, to how many, and what they did with it."""

from datetime import datetime, timedelta
from random import Random

from simulator.model import MailCampaign, MailContact
from simulator.timeline import DAYS


def letters(contacts: list[MailContact], seed: int, start: datetime) -> list[MailCampaign]:
    """A letter every other Thursday morning, to those subscribed at that moment."""
    rng, made = Random(f"{seed}:letters"), []
    first = start + timedelta(days=(3 - start.weekday()) % 7, hours=8)
    changes = sorted(
        (s.at, 1 if s.state == "subscribed" else -1)
        for c in contacts
        for s in c.consents
        if s.channel == "email"
    )
    subscribed = turn = 0
    for i in range(DAYS // 14):
        sent_at = first + timedelta(days=14 * i)
        while turn < len(changes) and changes[turn][0] <= sent_at:
            subscribed, turn = subscribed + changes[turn][1], turn + 1
        sent = max(subscribed, 0)
        hard, soft = int(sent * rng.uniform(0, 0.01)), int(sent * rng.uniform(0, 0.02))
        delivered = sent - hard - soft
        views = int(delivered * rng.uniform(0.25, 0.45))
        made.append(
            MailCampaign(
                campaign_id=101 + i,
                name=f"Lettre {i + 1}",
                subject=f"Des nouvelles de l'atelier n° {i + 1}",
                sent_at=sent_at,
                sent=sent,
                delivered=delivered,
                unique_views=views,
                unique_clicks=int(views * rng.uniform(0.05, 0.18)),
                hard_bounces=hard,
                soft_bounces=soft,
                complaints=int(delivered * rng.uniform(0, 0.002)),
                unsubscriptions=int(delivered * rng.uniform(0, 0.008)),
            )
        )
    return made
