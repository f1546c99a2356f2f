"""The company's own forms: what the receiver took from people's browsers, and their clicks in a mail.

Nobody is called. The receiver shows the forms that firsthand.yaml defines (definition.py), and leaves in the
inbox what it was sent, under our own names. Nothing it was sent names a version of a wording it did not show.
"""

from connectors.erasing import Erasing
from connectors.own_form.client import client
from connectors.own_form.receive import receive, verify
from connectors.stream import Promise, Stream, Webhook, nothing_to_pull

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "WEBHOOK", "client"]

NAME = "own_form"
SECRETS = ("OWN_FORM_SECRET",)

STREAMS = (
    Stream(
        "forms",
        nothing_to_pull,
        promises=(Promise("id", type="text"), Promise("title", type="object"), Promise("boxes", type="list")),
    ),
    Stream(
        "responses",
        nothing_to_pull,
        occurred_at="submitted_at",
        form="form",
        erasing=Erasing(profiles=("response",)),
        # Sent twice, by a second click or by anybody else, it is what it was the first time.
        volatile=("submitted_at",),
        promises=(
            Promise("id", type="text"),
            Promise("form", type="text"),
            Promise("submitted_at", type="time"),
            Promise("answers", type="list"),
            Promise("boxes", type="list"),
            Promise("is_test", type="boolean"),
        ),
    ),
    Stream(
        "confirmations",
        nothing_to_pull,
        occurred_at="confirmed_at",
        form="form",
        erasing=Erasing(owner=("responses", "id")),
        volatile=("confirmed_at",),
        promises=(
            Promise("id", type="text"),
            Promise("form", type="text"),
            Promise("confirmed_at", type="time"),
            Promise("sent_at", type="time"),
        ),
    ),
)
WEBHOOK = Webhook(verify, receive, secrets=SECRETS)
EXPORTS = ()  # nobody exports them but us
