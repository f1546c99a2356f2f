"""The words of an answer to a person, by language: headings, purposes, rights."""

from pipelines.wording import teller

TITLES = {
    "en": {
        "identity": "Who you are, as each source told us",
        "records": "Records that are about you",
        "events": "What you did and what reached you",
        "orders": "Your orders",
        "permission_acts": "What you said about being contacted, and the wording you were shown",
        "permissions": "Whether we may contact you, and why",
        "stages": "Your stages with us, and their causes",
        "recommendations": "Whom you recommended us to, and who recommended us to you",
        "computed": "What we compute of it",
        "next_act": "What a marketer is suggested to do next about you",
        "numbers": "Numbers you have in our files",
        "as_received": "Every record as we received it",
        "held_back": "Records we received and took in nowhere, for they were not as promised",
        "handed_out": "Where your data was handed out to",
    },
    "fr": {
        "identity": "Qui vous êtes, selon chaque source",
        "records": "Les fiches qui vous concernent",
        "events": "Ce que vous avez fait et ce qui vous est parvenu",
        "orders": "Vos commandes",
        "permission_acts": "Ce que vous avez dit du droit de vous contacter, et le texte que vous avez vu",
        "permissions": "Si nous pouvons vous contacter, et pourquoi",
        "stages": "Vos étapes chez nous, et leurs causes",
        "recommendations": "À qui vous nous avez recommandés, et qui nous a recommandés à vous",
        "computed": "Ce que nous en calculons",
        "next_act": "Ce qu'il est suggéré de faire ensuite à votre sujet",
        "numbers": "Vos numéros dans nos fichiers",
        "as_received": "Chaque fiche telle que reçue",
        "held_back": "Les fiches reçues et reprises nulle part, car elles n'étaient pas comme promis",
        "handed_out": "Où vos données ont été remises",
    },
}
TEXTS = {
    "en": {
        "title": "Your data at {company}",
        "made": "Made on {day}. You asked on {received}; the law gives us until {due}.",
        "extended": "As your request is complex, we extended the time by two months, to {due}.",
        "purposes": "What for, and on what ground",
        "purpose": "{purpose}, by {channel}: {basis}",
        "no_basis": "no ground: we do not contact you for it",
        "accounts": "Orders: the contract with you, and our duty to keep books",
        "sources": "Where it comes from: {sources}.",
        "recipients": "Who else receives it: {recipients}.",
        "nobody": "nobody but those who run our servers for us",
        "stored": "Where it is kept: {place}.",
        "place_unknown": "ask us, the country is not written down here",
        "retention": "How long: until {day}, unless you do something with us again; orders longer,"
        " as the law wants.",
        "computing": "How we compute: stages follow from dated events, such as a first order; scores from how"
        " lately, how often and for how much you ordered. Nobody is refused anything by a computer alone.",
        "rights": "Your rights: to see, correct, erase, restrict and take along your data; to"
        " object, to direct"
        " marketing at any time and without a reason; to complain to your data protection authority.",
        "contact": "Write to: {contact}.",
        "left_out": "Left out: other people's data (whom you recommended, who lives with you), our"
        " secrets, and"
        " notes about others.",
        "portable": "you gave us this (Art. 20 GDPR: yours to take along, in the CSV and JSON files)",
        "empty": "nothing",
        "yes": "yes",
        "no": "no",
    },
    "fr": {
        "title": "Vos données chez {company}",
        "made": "Établi le {day}. Vous avez demandé le {received} ; la loi nous laisse jusqu'au {due}.",
        "extended": "Votre demande étant complexe, le délai est prolongé de deux mois, au {due}.",
        "purposes": "Pour quoi, et sur quelle base",
        "purpose": "{purpose}, par {channel} : {basis}",
        "no_basis": "aucune base : nous ne vous contactons pas pour cela",
        "accounts": "Commandes : le contrat avec vous, et notre obligation de tenir des comptes",
        "sources": "D'où elles viennent : {sources}.",
        "recipients": "Qui d'autre les reçoit : {recipients}.",
        "nobody": "personne, sinon ceux qui font tourner nos serveurs",
        "stored": "Où elles sont gardées : {place}.",
        "place_unknown": "demandez-nous, le pays n'est pas noté ici",
        "retention": "Combien de temps : jusqu'au {day}, sauf nouvel acte de votre part ; les commandes plus"
        " longtemps, comme la loi le veut.",
        "computing": "Comment nous calculons : les étapes suivent d'événements datés, comme une"
        " première commande ;"
        " les notes, de la date, du nombre et du montant de vos commandes. Aucun refus n'est décidé"
        " par une machine"
        " seule.",
        "rights": "Vos droits : consulter, rectifier, effacer, limiter et emporter vos données ;"
        " vous opposer, à la"
        " prospection à tout moment et sans motif ; saisir votre autorité (en France, la CNIL).",
        "contact": "Écrivez à : {contact}.",
        "left_out": "Laissé de côté : les données d'autres personnes (celles que vous avez"
        " recommandées, celles qui"
        " vivent avec vous), nos secrets, et les notes sur autrui.",
        "portable": "vous nous l'avez donné (art. 20 RGPD : à emporter, dans les fichiers CSV et JSON)",
        "empty": "rien",
        "yes": "oui",
        "no": "non",
    },
}


say = teller(TEXTS)
