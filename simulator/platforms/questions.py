"""What forms ask, in the two languages of the company's people, and which values of the address they keep."""

from simulator.model import Form

TITLES = {
    "fr": {
        "first_name": "Votre prénom",
        "last_name": "Votre nom",
        "full_name": "Votre nom complet",
        "email": "Votre adresse e-mail",
        "phone_number": "Votre téléphone",
        "company": "Votre entreprise",
        "heard_from": "Comment nous avez-vous connus ?",
    },
    "en": {
        "first_name": "Your first name",
        "last_name": "Your last name",
        "full_name": "Your full name",
        "email": "Your email address",
        "phone_number": "Your phone number",
        "company": "Your company",
        "heard_from": "How did you hear about us?",
    },
}
HIDDEN = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"]
YES_NO = {"fr": ("Oui", "Non"), "en": ("Yes", "No")}


def language(form: Form) -> str:
    return "fr" if form.locale.startswith("fr") else "en"


def titles(form: Form) -> dict[str, str]:
    return TITLES[language(form)]
