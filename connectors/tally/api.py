"""How to ask Tally, and what its errors mean."""

from connectors.client import Env
from connectors.declared import Api, judging

VERSION = "2025-02-01"  # the first whose list of forms comes in pages


def client(env: Env) -> Api:
    key = env.secret("TALLY_API_KEY")
    return Api(
        env,
        "tally",
        "https://api.tally.so",
        per_second=100 / 60,  # Tally's own limit, of each key (developers.tally.so, rate limits)
        headers={"Authorization": f"Bearer {key}", "tally-version": VERSION},
        judge=judging(
            "the key is refused: make a new one in Tally's settings, into TALLY_API_KEY",
            "the key's user may not see this form or workspace",
        ),
        secrets=(key,),
    )
