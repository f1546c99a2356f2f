"""One spelling per contact point: what the door's tombstones hash and what dbt matches on.

Contact form is what we write to; match form says whether two spellings are the same mailbox. Keep
`macros/normalise_email.sql` in step with this file (tests/test_normalise.py holds both to one table).
Phones go through phonenumbers, over distinct values only: it takes tens of microseconds a number.
"""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

# Domains that are the same mailbox whatever the dots before the @; the second stands for it in made-up data.
DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"} | {
    "gmail.example": "gmail.example",
    "googlemail.example": "gmail.example",
}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
EMAIL = re.compile(r"[^@\s<>\"(),:;\\]+@[^@\s<>\"(),:;\\]+\.[^@\s<>\"(),:;\\.]+")


def email_contact(raw: str | None) -> str | None:
    """Trimmed, lower case, without invisible characters or a `mailto:`; None where it is no address."""
    if not raw:
        return None
    text = unicodedata.normalize("NFC", raw).translate(INVISIBLE).lower().strip(" <>\t\n\r\xa0")
    text = text.removeprefix("mailto:")
    return text if EMAIL.fullmatch(text) else None


def email_match(raw: str | None) -> str | None:
    """The mailbox behind the spelling: plus tags gone, and the dots where the provider ignores them."""
    contact = email_contact(raw)
    if contact is None:
        return None
    local, _, domain = contact.rpartition("@")
    # "+tag@" alone has no mailbox before the plus: leave it as it is.
    local = local.partition("+")[0] or local
    if domain in DOTLESS:
        local, domain = local.replace(".", "") or local, DOTLESS[domain]
    return f"{local}@{domain}"


@lru_cache(maxsize=200_000)
def phone_e164(raw: str | None, region: str) -> str | None:
    """+33639981234 for what someone in `region` typed; None where no such number can exist."""
    number = phone_number(raw, region)
    return number and phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_number(raw: str | None, region: str) -> phonenumbers.PhoneNumber | None:
    """What phonenumbers reads, if such a number can exist."""
    if not raw:
        return None
    try:
        # 00 is how most of the world dials abroad; a form filled in from there says so, whatever the region.
        typed = re.sub(r"^00(?=[1-9])", "+", raw.translate(INVISIBLE).strip())
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def name_match(raw: str | None) -> str | None:
    """Without accents, case, hyphens and points: "Jean-François" and "jean francois" are one."""
    if not raw:
        return None
    plain = unicodedata.normalize("NFKD", raw.translate(INVISIBLE)).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", plain)
    return " ".join(words) or None
