"""A lead in one shape, whichever way it came: by API, pushed, or in the file somebody downloaded.

    lead_id, form_id, campaign_id, adgroup_id, ad_id, asset_group_id, gclid, submitted_at, is_test
    told_by     api, webhook or file
    answers     [{field, value}]: Google's own word for a question it knows (EMAIL), else the words people saw

What heads the columns of the file is documented nowhere: they are read on an assumption, and reported so.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.cells import when
from connectors.form_tools import Asked, asked, line_id
from connectors.google_ads.api import GoogleAds
from connectors.stream import Export, NotThere, Reading, Row

# Our column of a person to what Google calls the question.
FIELDS = {
    "full_name": "FULL_NAME",
    "first_name": "FIRST_NAME",
    "last_name": "LAST_NAME",
    "email": "EMAIL",
    "phone": "PHONE_NUMBER",
    "street": "STREET_ADDRESS",
    "city": "CITY",
    "postcode": "POSTAL_CODE",
    "region": "REGION",
    "country": "COUNTRY",
    "company": "COMPANY_NAME",
    "work_email": "WORK_EMAIL",
    "work_phone": "WORK_PHONE",
    "job_title": "JOB_TITLE",
}
KNOWN = frozenset(FIELDS.values())
IDS = ("form_id", "campaign_id", "adgroup_id", "ad_id", "asset_group_id")
OWN = frozenset({"lead_id", "gclid", "submitted_at", *IDS, "form_name", "campaign_name", "adgroup_name"})
ALIASES = {
    theirs: ours
    for ours, names in {
        "lead_id": "lead_id id_du_prospect id_prospect identifiant_du_prospect",
        "form_id": "form_id lead_form_id id_du_formulaire identifiant_du_formulaire",
        "form_name": "form_name lead_form lead_form_name formulaire nom_du_formulaire",
        "campaign_id": "campaign_id id_de_la_campagne id_campagne",
        "campaign_name": "campaign campaign_name campagne nom_de_la_campagne",
        "adgroup_id": "adgroup_id ad_group_id id_du_groupe_d_annonces",
        "adgroup_name": "ad_group ad_group_name groupe_d_annonces",
        "ad_id": "ad_id creative_id id_de_l_annonce",
        "asset_group_id": "asset_group_id",
        "gclid": "gclid gcl_id google_click_id",
        "submitted_at": "submitted_at submission_date_time submission_time lead_submission_time "
        "lead_submit_time submission_date date_submitted date_d_envoi heure_d_envoi date_de_l_envoi",
        "email": "user_email adresse_e_mail_de_l_utilisateur",
        "phone": "user_phone user_phone_number",
        "work_email": "work_email adresse_e_mail_professionnelle",
        "work_phone": "work_phone work_phone_number telephone_professionnel",
        "job_title": "job_title fonction intitule_du_poste",
        "region": "region state province etat",
    }.items()
    for theirs in names.split()
}


def answered(data: Mapping[str, Any]) -> Row:
    """A lead as the API tells it: of the names of its objects, the numbers."""
    found = {
        "lead_id": data.get("id"),
        "form_id": _tail(data.get("asset")),
        "campaign_id": _tail(data.get("campaign")),
        "adgroup_id": _tail(data.get("adGroup")),
        # customers/1/adGroupAds/<ad group>~<ad>
        "ad_id": _tail(_tail(data.get("adGroupAd")), "~"),
        "gclid": data.get("gclid"),
        # A space where ISO has a T.
        "submitted_at": data.get("submissionDateTime"),
        "told_by": "api",
    }
    known, custom = "leadFormSubmissionFields", "customLeadFormSubmissionFields"
    fields = [(one.get("fieldType"), one.get("fieldValue")) for one in _objects(data, known)]
    fields += [(one.get("questionText"), one.get("fieldValue")) for one in _objects(data, custom)]
    return {name: value for name, value in found.items() if value} | {"answers": answers(fields)}


def answers(fields: Iterable[tuple[Any, Any]]) -> list[Row]:
    """Questions that were answered; spaces around an answer are lost in a file, too."""
    told = [(str(field or ""), "" if value is None else str(value).strip()) for field, value in fields]
    return [{"field": field, "value": value} for field, value in told if value]


def _objects(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = data.get(name)
    return [one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)]


def _tail(name: Any, mark: str = "/") -> Any:
    return name.rpartition(mark)[2] if isinstance(name, str) else name


def to_row(cells: Mapping[str, str], reading: Reading) -> Row:
    """A line of the file: what is no column of Google's is an answer."""
    told = {
        ours if (ours := reading.columns.get(name, name)) in OWN else name: cell
        for name, cell in cells.items()
    }
    row: Row = {name: told[name] for name in ("lead_id", "gclid", *IDS) if name in told}
    if "submitted_at" in told:
        row["submitted_at"] = when(told["submitted_at"], reading)
    row["told_by"] = "file"
    row["answers"] = answers(map(_answer, asked(told, reading, OWN)))
    # The campaign's and the form's numbers are not in every file; the click's is.
    row.setdefault("lead_id", line_id((row.get("gclid"), row.get("submitted_at")), row["answers"]))
    return row


def _answer(column: Asked) -> tuple[str, str]:
    if column.box:  # keeps the words people saw
        return column.label, "yes" if column.box[1] else "no"
    return FIELDS.get(column.ours or "", column.label), column.cell


def owner(row: Row, google: GoogleAds) -> str | None:
    """The account of a line; None where its form is of none."""
    try:
        return google.owner_of(str(row.get("form_id") or ""))
    except NotThere:
        return None


LEAD_EXPORT = Export(
    "leads",
    headers=frozenset({"gclid", "submitted_at"}),
    to_row=to_row,
    known=ALIASES,
    assumed=frozenset(theirs for theirs, ours in ALIASES.items() if ours in OWN),
    account=owner,
)
