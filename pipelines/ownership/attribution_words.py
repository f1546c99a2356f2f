"""What the page of the four answers is said in, French and English; and how a source is called."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Who brought the revenue: four answers",
        "period": "Orders of {first} to {last}.",
        "orders": "orders",
        "orders.note": "{new} of them somebody's first; net {revenue} {currency}",
        "orders.thin": "fewer than 30: sums, and no share",
        "farthest": "the answers differ most on",
        "farthest.note": "{low} to {high} of revenue, depending on whom one asks",
        "farthest.none": "nobody",
        "unknown": "of unknown source",
        "unknown.note": "by first touch; what customers said leaves {said} open",
        "claims": "leads claimed for each that is here",
        "claims.note": "{claimed} claimed, {held} here",
        "claims.none": "no platform claims leads",
        "revenue": "Net revenue by source",
        "new": "First purchases by source",
        "first_touch": "first touch",
        "last_touch": "last touch",
        "said": "what they said",
        "position": "by position",
        "source": "source",
        "part": "part",
        "nothing": "No order in this time.",
        "claimed": "What platforms claim, and what is here",
        "columns.claimed": "platform|leads claimed|here|claimed for each here",
        "note.answers": "First touch: who brought the person into our table. Last touch: the last source"
        " before the order that was not direct, within thirty days. What they said: their answer to how they"
        " heard of us. None is the truth; where they agree, believe them.",
        "note.position": "By position: of all touches since the order before, 40 % to the first, 40 % to the"
        " last, 20 % to those between; two share alike.",
        "note.claims": "What platforms claim is no part of the sums. Above 1 they count what is not here, or"
        " two count the same.",
        "own": "our own channels",
        "own_mail": "our e-mail",
        "own_sms": "our SMS",
        "referral": "friends",
        "direct": "directly",
        "unknown.source": "unknown",
    },
    "fr": {
        "title": "Qui a amené le chiffre : quatre réponses",
        "period": "Commandes du {first} au {last}.",
        "orders": "commandes",
        "orders.note": "dont {new} premières de quelqu'un ; net {revenue} {currency}",
        "orders.thin": "moins de 30 : des sommes, aucune part",
        "farthest": "les réponses diffèrent le plus sur",
        "farthest.note": "de {low} à {high} du chiffre, selon à qui l'on demande",
        "farthest.none": "personne",
        "unknown": "de source inconnue",
        "unknown.note": "au premier contact ; ce que les clients ont dit en laisse {said} ouverts",
        "claims": "leads annoncés pour un qui est ici",
        "claims.note": "{claimed} annoncés, {held} ici",
        "claims.none": "aucune plateforme n'annonce de leads",
        "revenue": "Chiffre net par source",
        "new": "Premiers achats par source",
        "first_touch": "premier contact",
        "last_touch": "dernier contact",
        "said": "ce qu'ils ont dit",
        "position": "par position",
        "source": "source",
        "part": "part",
        "nothing": "Aucune commande dans ce temps.",
        "claimed": "Ce que les plateformes annoncent, et ce qui est ici",
        "columns.claimed": "plateforme|leads annoncés|ici|annoncés pour un ici",
        "note.answers": "Premier contact : qui a amené la personne dans notre table. Dernier contact : la"
        " dernière source non directe avant la commande, sous trente jours. Ce qu'ils ont dit : leur réponse"
        " à la question comment ils nous ont connus. Aucune n'est la vérité ; là où elles s'accordent, on"
        " peut les croire.",
        "note.position": "Par position : de tous les contacts depuis la commande d'avant, 40 % au premier,"
        " 40 % au dernier, 20 % à ceux entre eux ; deux partagent à égalité.",
        "note.claims": "Ce que les plateformes annoncent n'entre pas dans les sommes. Au-dessus de 1, elles"
        " comptent ce qui n'est pas ici, ou deux comptent la même chose.",
        "own": "nos propres canaux",
        "own_mail": "nos e-mails",
        "own_sms": "nos SMS",
        "referral": "des amis",
        "direct": "directement",
        "unknown.source": "inconnue",
    },
}
OURS = ("own", "own_mail", "own_sms", "referral", "direct")


def source(word: str, language: str) -> str:
    """A firm by its name, ours in the page's language."""
    if word == "unknown":
        return WORDS[language]["unknown.source"]
    return WORDS[language][word] if word in OURS else word
