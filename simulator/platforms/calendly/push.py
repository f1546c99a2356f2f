"""The webhook of a booking: the invitee with the event inside, signed together with the time, as of now."""

import hashlib
import hmac
import json
import time

from simulator.model import Form, Lead
from simulator.platforms.calendly.nodes import USER, Booking, bookings, event, invitee, stamp

SIGNING_KEY = "sim-calendly-signing-key"


def delivery(lead: Lead, form: Form) -> tuple[dict[str, str], bytes]:
    """Headers and body of one POST: somebody booked. What came of it later, nobody knew then."""
    return told(next(bookings(lead, lead.created_at)), form, "invitee.created")


def told(booking: Booking, form: Form, what: str) -> tuple[dict[str, str], bytes]:
    body = {
        "event": what,
        "created_at": stamp(booking.ended_at or booking.booked_at),
        "created_by": USER,
        "payload": invitee(booking, form) | {"scheduled_event": event(booking, form)},
    }
    sent = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    at = int(time.time())  # an old signature is none
    signature = hmac.new(SIGNING_KEY.encode(), f"{at}.".encode() + sent, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "Calendly-Webhook-Signature": f"t={at},v1={signature}"}
    return headers, sent
