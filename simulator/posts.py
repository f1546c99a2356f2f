"""What Maison Exemple publishes on its pages and Instagram accounts: one post a week each, some of them loud.

Figures are those at the end of a post's life; a platform shows them growing over its first days.
"""

from datetime import datetime, timedelta
from random import Random

from simulator.marketing import PAGES
from simulator.model import Post
from simulator.timeline import DAYS, start_of

EVERY_DAYS = 7
INSTAGRAM = {"fr": "17841400000000101", "en": "17841400000000102"}
TEXTS = {
    "fr": (
        "Nouveau dans l'atelier",
        "Un vase né ce matin",
        "Merci pour vos photos",
        "Les coulisses du bois tourné",
    ),
    "en": (
        "New in the workshop",
        "A vase made this morning",
        "Thank you for your photos",
        "Turning wood, step by step",
    ),
}
KINDS = {
    "fb": ("added_photos", "added_video", "mobile_status_update"),
    "ig": ("IMAGE", "VIDEO", "CAROUSEL_ALBUM"),
}


def posts(seed: int, until: datetime) -> list[Post]:
    """All of both languages and both surfaces, in the order of time; `until` is the last moment."""
    made = [
        post
        for language in PAGES
        for surface in KINDS
        for post in _of(Random(f"{seed}:posts:{language}:{surface}"), language, surface, until)
    ]
    return sorted(made, key=lambda post: (post.at, post.post_id))


def _of(rng: Random, language: str, surface: str, until: datetime) -> list[Post]:
    made = []
    for week in range(DAYS // EVERY_DAYS):
        at = start_of(until.date()) + timedelta(
            days=week * EVERY_DAYS, seconds=rng.randrange(7 * 3600, 20 * 3600)
        )
        number = rng.randrange(10**14, 9 * 10**14)
        reach = int(400 * rng.lognormvariate(0, 0.9) * (6 if rng.random() < 0.06 else 1))
        if at >= until:
            continue
        made.append(
            Post(
                surface=surface,
                account_id=PAGES[language] if surface == "fb" else INSTAGRAM[language],
                post_id=f"{PAGES[language]}_{number}" if surface == "fb" else f"180{number}",
                at=at,
                # An emoji lies outside the plane that some databases can store.
                text=f"{rng.choice(TEXTS[language])} {'🪵' if surface == 'ig' else ''}".strip(),
                kind=rng.choice(KINDS[surface]),
                views=int(reach * rng.uniform(1.1, 2.4)),
                reach=reach,
                reactions=int(reach * rng.uniform(0.01, 0.06)),
                comments=rng.randrange(0, 9),
                shares=rng.randrange(0, 5),
                saves=rng.randrange(0, 12) if surface == "ig" else 0,
                clicks=int(reach * rng.uniform(0.002, 0.02)) if surface == "fb" else 0,
            )
        )
    return made
