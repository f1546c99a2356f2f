"""What the page of what the money left behind is said in, French and English."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "What the money left behind",
        "day": "Up to {day}.",
        "none": "no figure",
        "undefined": "undefined",
        "cac.media": "a new customer, advertising alone",
        "cac.all": "a new customer, with tools and people",
        "cac.note": "{count} won in a year; {media} {currency} of advertising, {other} of tools and people",
        "unconverted": "; {count} days of cost without an exchange rate are left out",
        "owned": "a contact of our own",
        "owned.note": "{count} reached by a channel of ours, for {cost} {currency}",
        "owned.none": "nobody yet whom a campaign of a month ago brought and a channel of ours reaches",
        "asset": "what those we reach may leave in a year",
        "asset.note": "{count} people; {low} to {high} in 95 of 100 cases",
        "asset.none": "fewer than 30 people known for a year to learn from",
        "rent": "rent: part that hangs on paid contacts",
        "rent.note": "{unknown} is of nobody known; with it at most {high}",
        "rent.few": "{count} orders in a year, fewer than 30",
        "rent.unknown": "{share} is of nobody known, more than 40 %",
        "months": "What a new customer cost, month by month",
        "columns.months": "month|advertising|tools and people|new customers|advertising alone|all",
        "year": "365 days",
        "cohorts": "Customers by quarter of first order",
        "quarter": "{year}Q{number}",
        "parts": "active|no longer",
        "columns.cohorts": "quarter|customers|cost of one|paid back|left in 12 months|times its"
        " cost|in 24|month 6 of month 1|month 12 of month 1|active",
        "nobody": "Nobody has bought yet.",
        "too_few": "too few",
        "immature": "immature",
        "not_yet": "not yet in {months}",
        "month": "month {month}",
        "between": "{low} to {high}",
        "assets": "What they are expected to leave in the next twelve months",
        "columns.assets": "stage|activity|reached|each|together|95 of 100 cases|learnt from",
        "width.1": "same stage and activity",
        "width.2": "same stage",
        "width.3": "everybody",
        "campaigns": "Campaign by campaign, dearest first",
        "columns.campaigns": "campaign|cost|a lead|an own contact|a customer|after it stopped|capital for 1",
        "nothing": "No campaign has cost anything that can be followed.",
        "more": "{count} more with --json.",
        "note.margin": "No margin rate is configured (costs.margin_rate): all is revenue, so"
        " nothing is paid back and no cost is set against it.",
        "note.cac": "A cost by none is undefined, not without end. No target is set: three to one"
        " is a rule of thumb of software by subscription.",
        "note.cohorts": "Each month of life begins with one's own first order; immature: not all"
        " have lived it. Of fewer than 30 people nothing is told. What is refunded counts on the day"
        " of its order; what is paid for several years is earned month by month (costs.months).",
        "note.asset": "Expected: what people of the same stage and activity a year ago have left"
        " since, on average; of fewer than 30, of the same stage, else everybody.",
        "note.stop": "After it stopped: revenue of its people in the 90 days after, of that during"
        " it. Capital: what its people whom we reach may leave in a year, for each unit of its cost."
        " * without days that have no rate.",
    },
    "fr": {
        "title": "Ce que l'argent a laissé",
        "day": "Jusqu'au {day}.",
        "none": "pas de chiffre",
        "undefined": "indéfini",
        "cac.media": "un nouveau client, publicité seule",
        "cac.all": "un nouveau client, outils et personnes compris",
        "cac.note": "{count} gagnés en un an ; {media} {currency} de publicité, {other} d'outils et"
        " de personnes",
        "unconverted": " ; {count} jours de coût sans taux de change n'y sont pas",
        "owned": "un contact à nous",
        "owned.note": "{count} joignables par un canal à nous, pour {cost} {currency}",
        "owned.none": "encore personne qu'une campagne d'il y a un mois ait amené et qu'un canal à"
        " nous touche",
        "asset": "ce que ceux que l'on touche peuvent laisser en un an",
        "asset.note": "{count} personnes ; de {low} à {high} dans 95 cas sur 100",
        "asset.none": "moins de 30 personnes connues depuis un an pour l'apprendre",
        "rent": "loyer : la part qui dépend de contacts payés",
        "rent.note": "{unknown} n'est de personne de connu ; avec elle, au plus {high}",
        "rent.few": "{count} commandes en un an, moins de 30",
        "rent.unknown": "{share} n'est de personne de connu, plus de 40 %",
        "months": "Ce qu'un nouveau client a coûté, mois par mois",
        "columns.months": "mois|publicité|outils et personnes|nouveaux clients|publicité seule|tout",
        "year": "365 jours",
        "cohorts": "Clients par trimestre de première commande",
        "quarter": "{year}T{number}",
        "parts": "actifs|plus actifs",
        "columns.cohorts": "trimestre|clients|coût d'un|remboursé|laissé en 12 mois|fois son"
        " coût|en 24|mois 6 sur mois 1|mois 12 sur mois 1|actifs",
        "nobody": "Personne n'a encore acheté.",
        "too_few": "trop peu",
        "immature": "trop jeune",
        "not_yet": "pas encore en {months}",
        "month": "mois {month}",
        "between": "{low} à {high}",
        "assets": "Ce qu'on attend d'eux dans les douze mois",
        "columns.assets": "étape|activité|joignables|chacun|ensemble|95 cas sur 100|appris de",
        "width.1": "même étape et activité",
        "width.2": "même étape",
        "width.3": "tout le monde",
        "campaigns": "Campagne par campagne, de la plus chère à la moins chère",
        "columns.campaigns": "campagne|coût|un lead|un contact à nous|un client|après l'arrêt|capital pour 1",
        "nothing": "Aucune campagne suivie n'a coûté.",
        "more": "{count} de plus avec --json.",
        "note.margin": "Aucun taux de marge n'est configuré (costs.margin_rate) : tout est du"
        " chiffre d'affaires, donc rien n'est remboursé et aucun coût n'y est rapporté.",
        "note.cac": "Un coût pour personne est indéfini, non infini. Aucune cible : trois pour un"
        " est une règle des logiciels par abonnement.",
        "note.cohorts": "Chaque mois de vie commence à la première commande de chacun ; trop jeune"
        " : tous ne l'ont pas vécu. Sous 30 personnes rien n'est dit. Un remboursement compte au jour"
        " de sa commande ; ce qui est payé pour plusieurs années est acquis mois par mois (costs.months).",
        "note.asset": "Attendu : ce que les personnes de même étape et activité il y a un an ont"
        " laissé depuis, en moyenne ; sous 30, celles de même étape, sinon tout le monde.",
        "note.stop": "Après l'arrêt : chiffre de ses clients dans les 90 jours d'après, sur celui"
        " pendant. Capital : ce que ses clients joignables peuvent laisser en un an, par unité de"
        " coût. * sans les jours sans taux.",
    },
}
