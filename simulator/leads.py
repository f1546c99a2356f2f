"""Answered forms: Meta lead ads and Typeform, as people typed them, repeats and tests included."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from simulator import mess
from simulator.journeys import Journey, Signature, sign
from simulator.marketing import PARIS, Plan, pick_plan
from simulator.model import Form, Lead
from simulator.timeline import later, shown

PROJECTS = (
    "Une bibliothèque sur mesure",
    "Refaire la cuisine",
    "Une table pour 8",
    "Je ne sais pas encore",
    "Dressing",
)
HEARD = {
    "fr": (
        "Bouche à oreille",
        "Instagram",
        "Facebook",
        "Une amie",
        "Google",
        "Salon de l'artisanat",
        None,
        None,
    ),
    "en": ("A friend", "Instagram", "Google", "Facebook", "Craft fair", None, None),
}
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


class LeadDesk:
    """Writes leads: knows the forms, the running campaigns and the last moment there is."""

    def __init__(self, seed: int, forms: list[Form], plans: list[Plan], end: datetime) -> None:
        self.rng = Random(f"{seed}:leads")
        self.forms, self.plans, self.end = forms, plans, end
        self.leads: list[Lead] = []

    def answer(self, journey: Journey, platform: str, at: datetime, wanted: str | None = None) -> Lead:
        """One answered form. `wanted` names a form, else any that was open in the person's language."""
        rng, person = self.rng, journey.resident.person
        form = self._form(platform, person.language, at, wanted)
        day = at.astimezone(PARIS).date()
        plan = None
        if platform == "meta":
            running = [p for p in self.plans if p.language == person.language and p.runs_on(day)]
            plan = pick_plan(rng, running, journey.buys)
        signature = sign(rng, journey.resident, asks_phone="phone_number" in form.questions)
        lead = Lead(
            platform=platform,
            lead_id=self._lead_id(platform),
            form_id=form.form_id,
            created_at=at,
            visible_at=shown(rng, at, self.end),
            answers=self._answers(journey, form, signature),
            boxes=self._boxes(form),
            person_id=person.person_id,
            campaign_id=plan.campaign.campaign_id if plan else None,
            is_organic=platform == "meta" and plan is None,
            surface="ig" if rng.random() < 0.42 else "fb",
            utm=_utm(rng) if platform == "typeform" else {},
            said_they_heard_from=rng.choice(HEARD[person.language]) if platform == "typeform" else None,
        )
        self.leads.append(lead)
        if rng.random() < 0.025:  # the button was pressed twice
            again = at + timedelta(seconds=rng.randint(2, 240))
            if again < self.end:
                number = self._lead_id(platform)
                self.leads.append(replace(lead, lead_id=number, created_at=again, visible_at=again))
        return lead

    def test(self, platform: str, at: datetime) -> None:
        """What the tools and the team send to see whether a form works; it belongs to nobody."""
        form = self._form(platform, self.rng.choice(("fr", "en")), at, None)
        dummy = {q: f"<test lead: dummy data for {q}>" for q in form.questions}
        team = {
            "first_name": "Test",
            "last_name": "TEST",
            "full_name": "Test Test",
            "phone_number": "0600000000",
        }
        answers = dummy if platform == "meta" else {q: team.get(q, "test") for q in form.questions}
        if "email" in answers:
            answers["email"] = "test@test.test"
        boxes = dict.fromkeys((box.key for box in form.boxes), True)
        lead_id = self._lead_id(platform)
        self.leads.append(
            Lead(platform, lead_id, form.form_id, at, at, answers, boxes, None, is_organic=True)
        )

    def _form(self, platform: str, language: str, at: datetime, wanted: str | None) -> Form:
        usable = [f for f in self.forms if f.platform == platform and f.created_at <= at]
        spoken = [f for f in usable if f.locale.startswith(language)]
        named = [f for f in spoken if f.form_id == wanted or (wanted == "quote" and _is_quote(f))]
        return self.rng.choice(named or spoken or usable)

    def _lead_id(self, platform: str) -> str:
        if platform == "meta":
            # Beyond 2^53 on purpose: whoever reads it as a float loses digits.
            return str(self.rng.randrange(10**16, 9 * 10**16))
        return "".join(self.rng.choices(ALPHABET, k=32))

    def _answers(self, journey: Journey, form: Form, signature: Signature) -> dict[str, str]:
        rng, person = self.rng, journey.resident.person
        first, last = mess.swapped(rng, person.first_name, person.last_name)
        prefilled = form.platform == "meta" and rng.random() < 0.6
        values = {
            "first_name": first if prefilled else mess.typed_first_name(rng, first),
            "last_name": last if prefilled else mess.typed_last_name(rng, last),
            "full_name": mess.typed_full_name(rng, person.first_name, person.last_name),
            "email": signature.email if prefilled else signature.email_text,
            "phone_number": signature.phone if prefilled else signature.phone_text,
            "company": person.company,
        }
        answers = {}
        for question in form.questions:
            value = values[question] if question in values else rng.choice(PROJECTS)
            if value is not None:
                answers[question] = value
        return answers

    def _boxes(self, form: Form) -> dict[str, bool]:
        boxes = {}
        for box in form.boxes:
            ticked = box.is_required or self.rng.random() < (0.8 if box.is_checked_by_default else 0.52)
            # An optional box that was left alone is sometimes simply absent from the answer.
            if ticked or self.rng.random() < 0.7:
                boxes[box.key] = ticked
        return boxes


def _is_quote(form: Form) -> bool:
    return "quote" in form.name or "Devis" in form.name


def _utm(rng: Random) -> dict[str, str]:
    source = rng.choices(("instagram", "google", "newsletter", None), (30, 25, 15, 30))[0]
    if source is None:
        return {}
    medium = {"instagram": "social", "google": "organic", "newsletter": "email"}[source]
    return {"utm_source": source, "utm_medium": medium}


def write_leads(journeys: list[Journey], desk: LeadDesk) -> dict[str, Lead]:
    """Each person's leads in time; returns the first lead by person."""
    rng, first = desk.rng, {}
    for journey in journeys:
        if journey.door not in ("meta", "typeform"):
            continue
        wanted = "quote" if journey.destiny == "prospect" and rng.random() < 0.5 else None
        lead = desk.answer(journey, journey.door, journey.begins, wanted)
        first[lead.person_id] = lead
        for _ in range(rng.choices((0, 1, 2), (74, 21, 5))[0]):
            at = later(rng, journey.begins, 1, 200)
            if at < desk.end:
                desk.answer(journey, journey.door if rng.random() < 0.6 else "meta", at)
    start = min((j.begins for j in journeys), default=desk.end)
    for _ in range(max(4, len(journeys) // 120)):
        at = later(rng, start, 0, max((desk.end - start).days - 1, 0.5))
        desk.test(rng.choice(("meta", "meta", "typeform")), at)
    # Meta hands out tests for as long as leads: one is always young enough to be had.
    desk.test("meta", later(rng, desk.end, -25, -5))
    return first
