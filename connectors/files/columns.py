"""What people call the columns of their files, in French and English -> ours.

Compared after connectors.tables.normalise; `files:` in firsthand.yaml adds what nobody can guess.
"""

from collections.abc import Mapping

from connectors.cells import PERSON_COLUMNS


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
# What was sold at a till, on a market, by telephone: one line per ticket or per article. A negative amount is
# goods brought back, `refund_of` the ticket they were bought on.
SALE_COLUMNS = _columns(
    {
        "id": "id sale_id line_id transaction_id id_vente id_ligne",
        "receipt": "receipt receipt_number receipt_no ticket ticket_number numero_de_ticket n_ticket "
        "n_de_ticket no_ticket invoice invoice_number facture numero_de_facture n_facture n_de_facture "
        "order_name order order_number commande numero_de_commande n_commande no_commande",
        "refund_of": "refund_of original_receipt return_of avoir_sur ticket_d_origine facture_d_origine",
        "store": "store shop till register magasin boutique caisse point_de_vente",
        "product": "product produit sku article designation libelle item",
        "quantity": "quantity qty quantite qte",
        "amount": "amount total total_ttc montant montant_ttc total_amount total_price prix_total "
        "prix_ttc paid montant_paye line_total",
        "tax": "tax tva vat taxes montant_tva dont_tva",
        "currency": "currency devise currency_code code_devise monnaie",
        "campaign": "campaign campaign_name campagne utm_campaign",
    },
    EVENT_COLUMNS,
    PERSON_COLUMNS,
)
# What was paid for being seen where nobody has an API: a podcast, a paper, the radio, a fair. `code`, `link`
# and `heard` are how people who come by it are known: a promotion code, the address it names, their answer.
SPEND_COLUMNS = _columns(
    {
        "id": "id spend_id id_depense reference ref",
        "created_at": "day jour from start start_date du date_de_debut",
        "ended_at": "until end end_date to au date_de_fin",
        "channel": "channel canal medium support media type source",
        "campaign": "campaign campaign_name campagne nom_de_la_campagne operation",
        "placement": "placement emplacement title titre issue numero",
        "cost": "cost spend spent cout depense amount montant montant_ttc price prix",
        "currency": "currency devise currency_code code_devise monnaie",
        "impressions": "impressions circulation tirage diffusion",
        "reach": "reach portee audience readers lecteurs listeners auditeurs visitors visiteurs",
        "interactions": "interactions",
        "clicks": "clicks clics",
        "conversions": "conversions orders_claimed commandes_annoncees",
        "code": "code promo_code code_promo discount_code code_de_reduction",
        "link": "link lien vanity_link url adresse_web",
        "heard": "heard answer reponse heard_from comment_connu",
    },
    EVENT_COLUMNS,
)
