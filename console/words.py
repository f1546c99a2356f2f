"""What the console itself says, by language. Stages, channels, reasons: pipelines/portrait_words.py."""

from pipelines.wording import teller

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "skip": "Skip to the page",
        "navigation": "Pages",
        "other_language": "fr",
        "other_language.name": "Français",
        "logout": "Log out",
        "login": "Log in",
        "login.name": "Account",
        "login.password": "Password",
        "login.go": "Log in",
        "login.wrong": "No account has this name and password.",
        "login.often": "Too many tries. Try again in five minutes.",
        "role.reader": "reader",
        "role.marketer": "marketer",
        "role.steward": "steward",
        "role.admin": "administrator",
        "place.overview": "Overview",
        "overview.as_of": "Published {at}, with data until {until}.",
        "overview.known": "people known",
        "overview.reachable": "reached by channels of our own",
        "overview.reachable.note": "{count} of them: permission, an address or number that works",
        "overview.came": "new people in {month}",
        "overview.stages": "Who is where",
        "overview.stage": "stage",
        "overview.all": "all",
        "overview.reached": "reached",
        "overview.parts": "with us|slipping away|gone quiet",
        "overview.no_flow": "Who came and who left",
        "overview.sources": "How old each source is",
        "overview.sources.columns": "source|last read (UTC)|hours ago|state",
        "overview.note": "With us: active or interested now. Slipping away: at risk or cooling. Gone"
        " quiet: the rest.",
        "source.fresh": "fresh",
        "source.stale": "STALE: look why",
        "source.losing": "LATE: the platform is about to delete leads",
        "source.never": "never read to its end",
        "source.none": "No platform is configured to be read.",
        "to_overview": "To the overview",
        "error.403": "Not for you",
        "error.403.why": "Your role does not open this page, or the form was too old: go back, load the"
        " page again and"
        " send it once more.",
        "error.404": "There is no such page",
        "error.404.why": "Nothing is at this address.",
        "error.bad": "That could not be read",
        "error.bad.why": "What was sent is no form of this page. Go back, load the page again and try"
        " once more.",
        "error.500": "Something went wrong here",
        "error.500.why": "It was noted in the console's log. Nothing was changed.",
        "error.unpublished": "Nothing is published yet",
        "error.unpublished.why": "These pages show what a run publishes; `firsthand run` first. After an"
        " update, the next run"
        " adds what is missing.",
    },
    "fr": {
        "skip": "Aller à la page",
        "navigation": "Pages",
        "other_language": "en",
        "other_language.name": "English",
        "logout": "Se déconnecter",
        "login": "Connexion",
        "login.name": "Compte",
        "login.password": "Mot de passe",
        "login.go": "Se connecter",
        "login.wrong": "Aucun compte n'a ce nom et ce mot de passe.",
        "login.often": "Trop d'essais. Réessayez dans cinq minutes.",
        "role.reader": "lecture",
        "role.marketer": "marketing",
        "role.steward": "responsable des données",
        "role.admin": "administration",
        "place.overview": "Vue d'ensemble",
        "overview.as_of": "Publié le {at}, avec des données jusqu'au {until}.",
        "overview.known": "personnes connues",
        "overview.reachable": "joignables par nos propres canaux",
        "overview.reachable.note": "{count} : autorisation, et une adresse ou un numéro qui marche",
        "overview.came": "nouvelles personnes en {month}",
        "overview.stages": "Qui se trouve où",
        "overview.stage": "étape",
        "overview.all": "tous",
        "overview.reached": "joignables",
        "overview.parts": "avec nous|s'éloignent|silencieux",
        "overview.no_flow": "Qui est venu, qui est parti",
        "overview.sources": "L'âge de chaque source",
        "overview.sources.columns": "source|dernière lecture (UTC)|il y a (heures)|état",
        "overview.note": "Avec nous : actifs ou intéressés en ce moment. S'éloignent : à risque ou"
        " refroidis. Silencieux : les"
        " autres.",
        "source.fresh": "à jour",
        "source.stale": "ANCIENNE : regardez pourquoi",
        "source.losing": "EN RETARD : la plateforme va effacer des leads",
        "source.never": "jamais lue jusqu'au bout",
        "source.none": "Aucune plateforme n'est à lire.",
        "to_overview": "Vers la vue d'ensemble",
        "error.403": "Pas pour vous",
        "error.403.why": "Votre rôle n'ouvre pas cette page, ou le formulaire était trop vieux :"
        " revenez, rechargez la page et"
        " envoyez de nouveau.",
        "error.404": "Cette page n'existe pas",
        "error.404.why": "Il n'y a rien à cette adresse.",
        "error.bad": "Illisible",
        "error.bad.why": "Ce qui a été envoyé n'est pas un formulaire de cette page. Revenez, rechargez"
        " la page et réessayez.",
        "error.500": "Quelque chose n'a pas marché ici",
        "error.500.why": "C'est noté dans le journal de la console. Rien n'a été changé.",
        "error.unpublished": "Rien n'est encore publié",
        "error.unpublished.why": "Ces pages montrent ce qu'un passage publie ; d'abord `firsthand run`."
        " Après une mise à jour,"
        " le prochain passage ajoute ce qui manque.",
    },
}

say = teller(WORDS)
