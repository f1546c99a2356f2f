"""All leads as they stand at one moment: listed by form and by ad, counted, and found by id."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.ads import ad_of
from simulator.faults import Faults
from simulator.model import Campaign, Lead
from simulator.platforms.meta.leads import LeadList

RETENTION = timedelta(days=90)


@dataclass
class LeadView:
    """`counts` holds, by form, the leads that can be had and those too old to be handed out.

    Whether the platform's own leads_count takes in the expired ones is written nowhere we know of; here
    it does not, so that the two add up to all leads there ever were.
    """

    lists: dict[str, LeadList] = field(default_factory=dict)
    tests: dict[str, LeadList] = field(default_factory=dict)
    by_ad: dict[str, LeadList] = field(default_factory=dict)
    by_id: dict[str, Lead] = field(default_factory=dict)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)


def look(leads: Iterable[Lead], campaigns: Mapping[str, Campaign], faults: Faults, now: datetime) -> LeadView:
    view = LeadView()
    lists: dict[str, list[Lead]] = defaultdict(list)
    tests: dict[str, list[Lead]] = defaultdict(list)
    by_ad: dict[str, list[Lead]] = defaultdict(list)
    expired: dict[str, int] = defaultdict(int)
    for lead in leads:
        # Test leads arrive by webhook and have a list of their own.
        is_test = lead.person_id is None
        if lead.visible_at > now:
            continue
        if lead.created_at < now - RETENTION:
            # Counted at once, late or not: what nobody can read any more is not on its way either.
            expired[lead.form_id] += not is_test
            continue
        if faults.hides("meta", lead.form_id, lead.lead_id):
            continue
        view.by_id[lead.lead_id] = lead
        (tests if is_test else lists)[lead.form_id].append(lead)
        campaign = campaigns.get(lead.campaign_id or "")
        if campaign is not None and not lead.is_organic and not is_test:
            by_ad[ad_of(lead, campaign).ad_id].append(lead)
    view.lists = {key: LeadList(found) for key, found in lists.items()}
    view.tests = {key: LeadList(found) for key, found in tests.items()}
    view.by_ad = {key: LeadList(found) for key, found in by_ad.items()}
    view.counts = {form: (len(lists[form]), expired[form]) for form in {*lists, *expired}}
    return view
