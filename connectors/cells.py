"""What a cell of a file means: dates, ticks and the French and English names of common columns."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.stream import Reading

YES = frozenset({"1", "true", "yes", "y", "oui", "o", "vrai", "x", "checked", "on", "subscribed", "ok"})
# Not a box left empty, but a person who went.
LEFT = frozenset(
    {"unsubscribed", "désabonné", "desabonne", "désabonnée", "désinscrit", "desinscrit", "désinscrite"}
)
NO = frozenset({"0", "false", "no", "n", "non", "faux", "unchecked", "off"}) | LEFT
SLASHED = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[\sT,à]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?\s*([ap]m)?)?$",
    re.IGNORECASE,
)
SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")

# Our column, then what people call it; compared after connectors.tables.normalise.
PERSON_COLUMNS: Mapping[str, str] = {
    theirs: ours
    for ours, names in {
        "email": "email e_mail mail courriel email_address adresse_email adresse_e_mail adresse_mail "
        "adresse_courriel adresse_electronique votre_email your_email votre_adresse_email "
        "votre_adresse_e_mail your_email_address",
        "phone": "phone phone_number mobile mobile_phone cell telephone tel numero_de_telephone "
        "n_de_telephone portable telephone_portable telephone_mobile gsm sms numero_telephone "
        "votre_telephone your_phone_number",
        "first_name": "first_name firstname given_name prenom forename votre_prenom your_first_name",
        "last_name": "last_name lastname surname family_name nom_de_famille nom votre_nom your_last_name",
        "full_name": "full_name fullname name nom_complet nom_et_prenom prenom_et_nom nom_prenom prenom_nom "
        "customer_name contact_name votre_nom_complet your_full_name",
        "company": "company company_name societe entreprise organisation organization raison_sociale "
        "votre_entreprise your_company",
        "street": "street address address1 address_1 street_address adresse rue adresse_postale adresse_1",
        "city": "city town ville localite commune",
        "postcode": "postcode postal_code zip zip_code code_postal cp",
        "country": "country country_code pays code_pays",
        "language": "language langue locale lang",
        "birth_date": "birth_date birthdate date_of_birth date_de_naissance naissance birthday dob",
        "national_id": "national_id numero_national numero_de_securite_sociale nas social_insurance_number",
    }.items()
    for theirs in names.split()
}


def when(text: str, reading: Reading) -> str:
    """A time as ISO text with an offset; text nobody can read as a time stays as it is, to be refused."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _unusual(text, reading.day_first)
        if found is None:
            return text
    if found.tzinfo is None:
        found = found.replace(tzinfo=reading.zone)
    return found.astimezone(UTC).isoformat()


def _unusual(text: str, day_first: bool) -> datetime | None:
    text = SPACED_OFFSET.sub(
        "", text.strip().removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else "")
    )
    try:
        if text.isdigit() and len(text) in {10, 13}:
            return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)
        if parts := SLASHED.match(text):
            first, second, year, hour, minute, seconds, half = parts.groups()
            day, month = (first, second) if day_first else (second, first)
            clock = int(hour or 0) % 12 + 12 * (half.lower() == "pm") if half else int(hour or 0)
            return datetime(int(year), int(month), int(day), clock, int(minute or 0), int(seconds or 0))
        return datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None


def day_comes_first(texts: list[str]) -> bool | None:
    """Whether dates like 13/02/2026 in a file show the day first; None while every one reads both ways.

    Without any such date there is no doubt, and the answer is True.
    """
    dates = [parts for text in texts if (parts := SLASHED.match(text))]
    if any(int(parts[1]) > 12 for parts in dates) or not dates:
        return True
    return False if any(int(parts[2]) > 12 for parts in dates) else None


def truth(text: str) -> bool | str:
    """A tick as true or false; anything else stays as it is, and is refused rather than guessed."""
    word = text.strip().lower()
    if word in YES:
        return True
    return False if word in NO else text


def number(text: str) -> int | float | str:
    """`4,5` and `4.5` as a number; anything else stays text."""
    try:
        found = float("".join(text.split()).replace(",", "."))
    except ValueError:
        return text
    return int(found) if found.is_integer() else found


SIGNS = {"€": "EUR", "£": "GBP"}  # a dollar sign is of many countries
AMOUNT = re.compile(r"[-+(]?\s*([A-Z]{3}|[€£$])?\s*[-+]?([\d.,'\s]*\d)\s*([A-Z]{3}|[€£$])?\s*[-)]?$")


def money(text: str) -> tuple[float | str, str | None]:
    """`1 234,50 €`, `$1,234.50`, `(12.00)`, `12,00-` as an amount, and its currency where it says so.

    Money has no three decimals: what three digits follow is a thousand. Anything else stays text.
    """
    found = AMOUNT.match(text.strip())
    if not found:
        return text, None
    digits = re.sub(r"[\s']", "", found[2])
    mark = max(digits.rfind("."), digits.rfind(","))
    if mark >= 0 and len(digits) - mark - 1 != 3:
        whole, cents = re.sub(r"[.,]", "", digits[:mark]), digits[mark + 1 :]
    else:
        whole, cents = re.sub(r"[.,]", "", digits), ""
    amount = float(f"{whole or 0}.{cents or 0}")
    sign = found[1] or found[3]
    is_negative = "-" in text or text.strip().startswith("(")
    return -amount if is_negative else amount, SIGNS.get(sign, sign if sign and sign.isalpha() else None)
