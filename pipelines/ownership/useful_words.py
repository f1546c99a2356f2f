"""What the page of seen against useful is said in, French and English."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "What was seen, and what was useful",
        "day": "All campaigns and posts up to {day}.",
        "none": "no figure",
        "by.reach": "do the most seen sell most? rank correlation, -1 to 1",
        "by.interactions": "do the most applauded sell most? the same",
        "unknown.why": "{share} of revenue is of unknown source, more than 40 %",
        "few.why": "{count} campaigns ended 90 days ago with reach and sales to compare; from 8 on",
        "rho.sells": "yes: {low} to {high} in 95 of 100 cases, over {count} campaigns",
        "rho.repels": "the reverse: {low} to {high} in 95 of 100 cases, over {count} campaigns",
        "rho.cannot": "nobody can tell: {low} to {high} in 95 of 100 cases, over {count} campaigns",
        "claim.leads": "leads claimed for each one we hold",
        "claim.orders": "orders claimed for each one there was",
        "claim.none": "no platform claims any",
        "claim.nothing": "{claimed} claimed, none here",
        "claim.note": "{claimed} claimed, {held} real; above 1 the same is sold twice",
        "unknown": "revenue of unknown source",
        "unknown.note": "{amount} {currency}; {people} of {known} people",
        "bars": "The most seen: whom they brought",
        "parts": "bought|not yet",
        "columns.bars": "campaign|reach|interactions|clicks|brought|bought|revenue of 90 days",
        "nothing": "No campaign has figures yet.",
        "funnel": "Campaign by campaign, by revenue",
        "columns.funnel": "campaign|cost|leads|brought|reachable|qualified|first"
        " orders|repeat|net|refunds|margin|verdict",
        "tags": "What stands out",
        "columns.tags": "verdict|which|how many",
        "loud_but_empty": "loud but empty",
        "quiet_but_fertile": "quiet but fertile",
        "between": "neither",
        "too_few": "too few",
        "immature": "immature",
        "not_followed": "cannot be followed",
        "post": "post {name}",
        "more": "{count} more with --json.",
        "unconverted": "* Some days of its cost have no exchange rate and are left out.",
        "note.first": "People and revenue belong to what first brought each person; nobody counts"
        " twice. Revenue is net of refunds. Rates stand for 30 people or more, with the bounds that"
        " hold the true one in 95 of 100 cases; reachable, of those who came a month ago or more.",
        "note.tags": "Loud but empty: reach in the upper quarter, revenue of 90 days in the lower;"
        " quiet but fertile: the reverse. Only of what ended 90 days ago, with 30 leads or 10 orders."
        " Cannot be followed: nothing we hold names it, or it ended before its leads were first read;"
        " nobody can tell what it sold.",
        "note.reach": "Reach is the platform's word and adds up days, so it is the most it can be.",
        "note.margin": "No margin rate is configured (costs.margin_rate): revenue only.",
    },
    "fr": {
        "title": "Ce qui a été vu, ce qui a servi",
        "day": "Toutes les campagnes et publications jusqu'au {day}.",
        "none": "pas de chiffre",
        "by.reach": "les plus vues vendent-elles le plus ? corrélation de rang, de -1 à 1",
        "by.interactions": "les plus applaudies vendent-elles le plus ? de même",
        "unknown.why": "{share} du chiffre est de source inconnue, plus de 40 %",
        "few.why": "{count} campagnes finies il y a 90 jours, avec portée et ventes à comparer ; à"
        " partir de 8",
        "rho.sells": "oui : {low} à {high} dans 95 cas sur 100, sur {count} campagnes",
        "rho.repels": "l'inverse : {low} à {high} dans 95 cas sur 100, sur {count} campagnes",
        "rho.cannot": "nul ne peut le dire : {low} à {high} dans 95 cas sur 100, sur {count} campagnes",
        "claim.leads": "leads annoncés pour un que nous tenons",
        "claim.orders": "commandes annoncées pour une vraie",
        "claim.none": "aucune plateforme n'en annonce",
        "claim.nothing": "{claimed} annoncés, aucun ici",
        "claim.note": "{claimed} annoncés, {held} réels ; au-dessus de 1 le même est vendu deux fois",
        "unknown": "chiffre de source inconnue",
        "unknown.note": "{amount} {currency} ; {people} personnes sur {known}",
        "bars": "Les plus vues : qui elles ont amené",
        "parts": "ont acheté|pas encore",
        "columns.bars": "campagne|portée|interactions|clics|amenés|ont acheté|chiffre de 90 jours",
        "nothing": "Aucune campagne n'a encore de chiffres.",
        "funnel": "Campagne par campagne, par chiffre",
        "columns.funnel": "campagne|coût|leads|amenés|joignables|qualifiés|1res"
        " commandes|suivantes|net|remboursé|marge|verdict",
        "tags": "Ce qui ressort",
        "columns.tags": "verdict|lesquelles|combien",
        "loud_but_empty": "bruyante mais vide",
        "quiet_but_fertile": "discrète mais fertile",
        "between": "ni l'un ni l'autre",
        "too_few": "trop peu",
        "immature": "trop jeune",
        "not_followed": "ne peut être suivie",
        "post": "publication {name}",
        "more": "{count} de plus avec --json.",
        "unconverted": "* Certains jours de son coût n'ont pas de taux de change et n'y sont pas.",
        "note.first": "Les personnes et le chiffre reviennent à ce qui a amené chacun d'abord ;"
        " personne ne compte deux fois. Le chiffre est net des remboursements. Les taux valent à"
        " partir de 30 personnes, avec les bornes qui tiennent le vrai dans 95 cas sur 100 ;"
        " joignables, parmi celles venues il y a un mois ou plus.",
        "note.tags": "Bruyante mais vide : portée dans le quart du haut, chiffre de 90 jours dans"
        " celui du bas ; discrète mais fertile : l'inverse. Seulement si finie il y a 90 jours, avec"
        " 30 leads ou 10 commandes. Ne peut être suivie : rien de ce que nous tenons ne la nomme, ou"
        " elle a fini avant que ses leads soient lus ; nul ne peut dire ce qu'elle a vendu.",
        "note.reach": "La portée est la parole de la plateforme et additionne des jours : c'est un maximum.",
        "note.margin": "Aucun taux de marge n'est configuré (costs.margin_rate) : le chiffre seulement.",
    },
}
