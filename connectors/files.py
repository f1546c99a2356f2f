"""Files of no particular platform, as CSV or XLSX: leads, referrals, reviews, NPS answers, what customers
made of us, exchange rates.

Rows are flat, in our own columns (below); what we have no column for is kept under `other`. Common French
and English headers are recognised, `files:` in firsthand.yaml maps the rest. A line without an id gets
one computed from who and when, so that the same line in the next export is the same record.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from connectors.cells import LEFT, PERSON_COLUMNS, number, truth, when
from connectors.client import Env
from connectors.erasing import Erasing, never
from connectors.stream import Announced, Export, Page, Promise, Reading, Row, Since, Stream

NAME = "files"
SECRETS = ()
TIMES = frozenset({"created_at", "converted_at", "consent_at"})
TICKS = frozenset(
    {
        "email_opt_in", "sms_opt_in", "phone_opt_in", "post_opt_in", "unsubscribed", "is_rewarded",
        "rights_granted",
    }
)  # fmt: skip
NUMBERS = frozenset({"stars", "score", "amount", "rate"})

# What a tick box of an unknown form permits is never documented in the file itself.
ASSUMED = (TICKS - {"is_rewarded", "rights_granted"}) | {"consent_at", "consent_text"}


def _columns(groups: Mapping[str, str], *bases: Mapping[str, str]) -> dict[str, str]:
    found = {theirs: ours for base in bases for theirs, ours in base.items()}
    return found | {theirs: ours for ours, names in groups.items() for theirs in names.split()}


EVENT_COLUMNS = _columns(
    {
        "created_at": "created_at created created_time date timestamp date_de_creation cree_le horodatage "
        "submitted_at date_heure date_d_inscription date_inscription date_du_lead date_avis answered_at",
        "order_name": "order_name order order_number commande numero_de_commande n_commande no_commande",
    }
)
LEAD_COLUMNS = _columns(
    {
        "id": "id lead_id identifiant id_lead reference ref",
        "source": "source origine lead_source provenance canal",
        "said_they_heard_from": "said_they_heard_from how_did_you_hear how_did_you_hear_about_us heard_from "
        "comment_nous_avez_vous_connu comment_nous_avez_vous_connus comment_avez_vous_entendu_parler_de_nous",
        "campaign": "campaign campaign_name campagne utm_campaign nom_de_la_campagne",
        "form": "form form_name formulaire nom_du_formulaire form_id",
        "interest": "interest need besoin projet interet demande message",
        "email_opt_in": "email_opt_in consent_email optin_email newsletter opt_in optin consent consentement "
        "accepte_les_emails accepts_marketing accepts_email_marketing consentement_email",
        "sms_opt_in": "sms_opt_in consent_sms optin_sms consentement_sms accepte_les_sms",
        "phone_opt_in": "phone_opt_in consent_phone optin_phone consentement_telephone accepte_les_appels",
        "post_opt_in": "post_opt_in consent_post consentement_courrier",
        "unsubscribed": "unsubscribed desabonne desinscrit opt_out optout",
        "consent_text": "consent_text texte_du_consentement mention wording",
        "consent_at": "consent_at date_du_consentement consent_date",
    },
    EVENT_COLUMNS,
    PERSON_COLUMNS,
)
REFERRAL_COLUMNS = _columns(
    {
        "id": "id referral_id id_parrainage",
        "code": "code referral_code code_parrain code_de_parrainage code_parrainage",
        "referrer_email": "referrer_email advocate_email email_parrain parrain_email email_du_parrain "
        "parrain referrer",
        "referrer_phone": "referrer_phone telephone_parrain",
        "referrer_name": "referrer_name advocate_name nom_parrain nom_du_parrain",
        "referee_email": "referee_email friend_email email_filleul filleul_email email_du_filleul filleul "
        "referee",
        "referee_phone": "referee_phone telephone_filleul",
        "referee_name": "referee_name friend_name nom_filleul nom_du_filleul",
        "status": "status statut etat",
        "converted_at": "converted_at date_conversion date_de_conversion",
    },
    EVENT_COLUMNS,
)
REVIEW_COLUMNS = _columns(
    {
        "id": "id review_id id_avis",
        "stars": "stars rating note etoiles nombre_d_etoiles",
        "text": "text review comment avis commentaire texte content body",
        "title": "title titre",
        "product": "product produit sku article",
        "is_rewarded": "is_rewarded rewarded incentivized recompense avis_recompense",
    },
    EVENT_COLUMNS,
    PERSON_COLUMNS,
)
NPS_COLUMNS = _columns(
    {
        "id": "id answer_id response_id id_reponse",
        "score": "score nps nps_score note_nps",
        "comment": "comment text commentaire reponse feedback",
    },
    EVENT_COLUMNS,
    PERSON_COLUMNS,
)
# What customers made of us: a photo, a film, a testimonial; `kind` also knows case_study and reference_call.
CONTENT_COLUMNS = _columns(
    {
        "id": "id content_id id_contenu",
        "kind": "kind type nature type_de_contenu",
        "url": "url link lien adresse_web",
        "text": "text testimonial temoignage texte verbatim",
        "rights_granted": "rights_granted rights permission_to_reuse droits droits_accordes droits_cedes "
        "cession_de_droits autorisation_de_reutilisation",
        "rights_proof": "rights_proof preuve_des_droits preuve proof",
    },
    EVENT_COLUMNS,
    PERSON_COLUMNS,
)
# How many units of the company's own currency one unit of `currency` was worth on that day.
RATE_COLUMNS = _columns(
    {
        "currency": "currency devise currency_code code_devise monnaie",
        "rate": "rate exchange_rate taux taux_de_change cours",
        "created_at": "day jour",
    },
    EVENT_COLUMNS,
)


def to_row(who: tuple[str, ...], cells: Mapping[str, str], reading: Reading) -> Row | None:
    """One line in our columns. `who` names those that make a line without an id recognisable."""
    columns = reading.columns
    row: Row = {}
    other: dict[str, str] = {}
    for name, cell in cells.items():
        ours = columns.get(name)
        if ours is None or ours in row:
            other[name] = cell
        elif ours in TIMES:
            row[ours] = when(cell, reading)
        elif ours in TICKS:
            # A wording or a date in a column of ticks is no yes, and no reason to refuse the lead.
            if isinstance(ticked := truth(cell), bool):
                row[ours] = ticked
                if cell.strip().lower() in LEFT:
                    row["unsubscribed"] = True
            else:
                other[name] = cell
        elif ours in NUMBERS:
            row[ours] = number(cell)
        else:
            row[ours] = cell
    if "id" not in row:
        row["id"] = _computed_id(row, who, other)
    if other:
        row["other"] = other
    return row


def _computed_id(row: Row, who: tuple[str, ...], other: Mapping[str, str]) -> str:
    known = [str(row.get(column, "")).lower() for column in who]
    if not any(known):  # nobody in it: the whole line is its own name
        known = [f"{name}={cell}" for name, cell in sorted({**row, **other}.items())]
    # Spaces and signs in phones change between exports; letters, digits and marks of addresses do not.
    text = "|".join(re.sub(r"[^\w@.|+-]", "", part) for part in known)
    return "row-" + hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Drop:
    account: str = NAME


def client(env: Env) -> Drop:
    """There is nobody to call: files come to us."""
    return Drop()


def nothing_to_pull(drop: Drop, account: str, since: Since) -> Iterator[Page | Announced]:
    yield from ()


COMMON = (
    Promise("id", type="text"),
    Promise("created_at", required=False, type="time"),
    Promise("email", required=False, type="text"),
)


def filled_in_a_form(line: Row) -> bool:
    """Any list may hold anybody; only a line that names its form tells of an act."""
    return bool(line.get("form"))


REFERRAL_SIDES = {
    "referrer": ("referrer_email", "referrer_phone", "referrer_name", "code"),
    "referral": ("referee_email", "referee_phone", "referee_name"),
}
STREAMS = (
    Stream(
        "leads",
        nothing_to_pull,
        occurred_at="created_at",
        form="form",
        erasing=Erasing(profiles=("lead",), is_new_act=filled_in_a_form),
        promises=(
            *COMMON,
            Promise("email_opt_in", required=False, type="boolean"),
            Promise("sms_opt_in", required=False, type="boolean"),
            Promise("phone_opt_in", required=False, type="boolean"),
            Promise("post_opt_in", required=False, type="boolean"),
            Promise("unsubscribed", required=False, type="boolean"),
            Promise("consent_at", required=False, type="time"),
        ),
    ),
    Stream(
        "referrals",
        nothing_to_pull,
        occurred_at="created_at",
        # Who is recommended did nothing yet, and who recommends is not told apart from them by a date.
        erasing=Erasing(profiles=("referral", "referrer"), sides=REFERRAL_SIDES, is_new_act=never),
        promises=(
            Promise("id", type="text"),
            Promise("created_at", type="time"),
            Promise("converted_at", required=False, type="time"),
        ),
    ),
    Stream(
        "reviews",
        nothing_to_pull,
        occurred_at="created_at",
        erasing=Erasing(profiles=("review",)),
        promises=(*COMMON, Promise("stars", type="number")),
    ),
    Stream(
        "nps",
        nothing_to_pull,
        occurred_at="created_at",
        erasing=Erasing(profiles=("nps",)),
        promises=(*COMMON, Promise("score", type="number")),
    ),
    Stream(
        "content",
        nothing_to_pull,
        occurred_at="created_at",
        erasing=Erasing(profiles=("content",)),
        promises=(*COMMON, Promise("rights_granted", required=False, type="boolean")),
    ),
    Stream(
        "rates",
        nothing_to_pull,
        occurred_at="created_at",
        promises=(
            Promise("id", type="text"),
            Promise("created_at", type="time"),
            Promise("currency", type="text", pattern="^[A-Z]{3}$"),
            Promise("rate", type="number"),
        ),
    ),
)


def _export(stream: str, headers: str, columns: Mapping[str, str], who: str) -> Export:
    return Export(
        stream=stream,
        headers=frozenset(headers.split()),
        to_row=partial(to_row, tuple(who.split())),
        assumed=frozenset(theirs for theirs, ours in columns.items() if ours in ASSUMED),
        known=columns,
    )


# `headers` are our own columns here: a file fits where its recognised columns hold them all. The order
# decides when several fit: a file with referrer and referee is never a list of leads.
EXPORTS = (
    _export("rates", "currency rate created_at", RATE_COLUMNS, "currency created_at"),
    _export("content", "rights_granted", CONTENT_COLUMNS, "email phone full_name url created_at"),
    _export(
        "referrals",
        "referrer_email referee_email",
        REFERRAL_COLUMNS,
        "code referrer_email referee_email created_at",
    ),
    _export("nps", "score", NPS_COLUMNS, "email phone created_at"),
    _export("reviews", "stars", REVIEW_COLUMNS, "email phone full_name order_name created_at"),
    _export("leads", "email", LEAD_COLUMNS, "email phone created_at form campaign"),
    _export("leads", "phone", LEAD_COLUMNS, "email phone created_at form campaign"),
)
