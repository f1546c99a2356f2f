"""What somebody at the company typed, as people type: the door cannot land a line of it."""

from pathlib import Path

# Nobody of the company is in it, so that no figure hangs on it.
REVIEWS = """email,stars,date,review
ottilie@refused.example,five,2026-11-02,Lovely
prosper@refused.example,beaucoup,2026-11-03,"<b>Bien</b> : merci"
quentin@refused.example,***,2026-11-04,Fine
romane@refused.example,many,2026-11-05,Again
"""


def drop_reviews(root: Path) -> Path:
    """Into the inbox; the file's path."""
    path = root / "inbox" / "files" / "files" / "reviews-by-hand.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(REVIEWS, encoding="utf-8")
    return path
