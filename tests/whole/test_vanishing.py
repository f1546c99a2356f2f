"""What platforms sold against what landed, by form, and how long leads are kept, equals the truth apart."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import A_MONTH_BEFORE
from town import Town

from simulator.model import Company

pytestmark = pytest.mark.slow

# Meta's, by docs/platforms/meta.md.
KEPT_DAYS = 90


def asked(town: Town) -> list[dict]:
    return [json.loads(line) for line in town.firsthand("leads", "--json").out.splitlines()]


def test_each_form_sold_and_landed_what_the_truth_says(company: Company, whole: Town) -> None:
    people, tests = Counter(), Counter()
    for lead in company.leads:
        if lead.person_id:
            people[lead.form_id] += 1
        # Of Meta's those it had not deleted before the first read.
        elif lead.platform != "meta" or lead.created_at >= A_MONTH_BEFORE - timedelta(KEPT_DAYS):
            tests[lead.form_id] += 1
    rows = {row["form_id"]: row for row in asked(whole) if "form_id" in row}
    assert rows.keys() == people.keys()
    for form, row in rows.items():
        # What was refused at the door, or expired before the first read, was sold all the same.
        held = row["landed"] - row["tests"] + row["refused"] + row["expired_unread"]
        assert (held, row["tests"], row["missing"]) == (people[form], tests[form], 0), form
        # Meta counts no tests; a form tool cannot tell them from people.
        sold = people[form] + (tests[form] if row["platform"] == "typeform" else 0)
        assert row["announced"] == sold, form


@pytest.mark.parametrize(
    ("days_ago", "status", "code"), [(44, "good", 0), (46, "warning", 0), (84, "late", 1), (91, "lost", 1)]
)
def test_leads_vanish_when_their_time_less_that_since_the_last_read_is_over(
    whole: Town, tmp_path: Path, days_ago: int, status: str, code: int
) -> None:
    town = whole.copy(tmp_path / "town")
    reads = town.root / "data" / "state" / "reads.json"
    at = datetime.now(UTC) - timedelta(days_ago)
    reads.write_text(json.dumps(json.loads(reads.read_text()) | {"meta/leads": at.isoformat()}))
    ran = town.firsthand("leads", "--json")
    [row] = [row for row in map(json.loads, ran.out.splitlines()) if row.get("word") == "meta/leads"]
    assert (row["status"], ran.code) == (status, code)
    assert row["slack_days"] == pytest.approx(KEPT_DAYS - days_ago, abs=0.1)
