"""Troubles of the simulator: each strikes as its platform would, none loses anything for good."""

import json
from collections import Counter
from datetime import timedelta

import pytest
import requests

from connectors.signatures import is_signed_in_base64, is_signed_in_hex
from simulator.faults import NASTY, UnknownFault, choose
from simulator.platforms.meta import push
from simulator.server import running
from simulator.webhooks import deliveries
from tests.simulated import NOON, ago, brevo, company, graph, lead, shop, typeform, world
from tests.test_simulator_commerce import shop_walk
from tests.test_simulator_protocols import meta_walk


def always(name, **more):
    return {name: {"probability": 1, "most": None, **more}}


def test_throttles_look_like_each_platforms_own():
    here = world(always("throttle"))
    here.faults.wait_seconds = 90
    meta = graph(here, "77/leads")
    assert meta.status in (400, 403) and meta.body["error"]["code"] in (4, 17, 80005)
    [usage] = json.loads(meta.headers["X-Business-Use-Case-Usage"]).values()
    assert usage[0]["estimated_time_to_regain_access"] == 2, "in minutes"
    assert typeform(here, "forms").status == 429
    mail = brevo(here, "contacts")
    assert mail.status == 429 and "Retry-After" not in mail.headers
    assert mail.headers["x-sib-ratelimit-reset"] == "90"
    goods = shop(here, "{ shop { name } }")
    assert goods.status == 200 and goods.body["errors"][0]["extensions"]["code"] == "THROTTLED"


def test_a_request_is_refused_twice_in_a_row_at_the_most():
    for name in ("throttle", "server_error"):
        here = world(always(name))
        refused = [brevo(here, "contacts").status != 200 for _ in range(6)]
        assert refused == [True, True, False, True, True, False]


@pytest.mark.parametrize("name", ["empty_page", "repeated", "reordered"])
def test_page_faults_neither_lose_nor_invent(name):
    calm_ids, _ = meta_walk(world())
    ids, pages = meta_walk(world(always(name)))
    assert set(ids) == set(calm_ids)
    nodes = shop_walk(world(always(name)))
    assert {node["legacyResourceId"] for node in nodes} == {n["legacyResourceId"] for n in shop_walk(world())}
    if name == "empty_page":
        assert any(not page["data"] and "next" in page["paging"] for page in pages)
    if name == "repeated":
        assert len(ids) > len(calm_ids) and len(nodes) > 11
    if name == "reordered":
        assert ids != calm_ids


def test_late_records_appear_once_their_list_was_read():
    here = world(always("late", probability=0.4), seed=3)
    first, _ = meta_walk(here)
    second, _ = meta_walk(here)
    assert set(first) < set(second) == set(meta_walk(world())[0])
    early = {c["id"] for c in brevo(here, "contacts", limit=1000).body["contacts"]}
    later = brevo(here, "contacts", limit=1000).body["contacts"]
    came = [c for c in later if c["id"] not in early]
    assert came and {c["modifiedAt"] for c in came} == {"2026-11-20T13:00:00.000+01:00"}, "found by change"


def test_missing_fields_are_missing_from_the_same_records_each_time():
    here = world(always("missing_field", probability=0.5), seed=5)
    told = here.platforms["meta"].missing()["leads"]
    rows = graph(here, "77/leads", fields="id,created_time,form_id,field_data", limit=100).body["data"]
    promised = ("created_time", "form_id", "field_data")
    lacking = {row["id"]: name for row in rows for name in promised if name not in row}
    assert lacking and lacking.items() <= told.items()
    orders = here.platforms["shopify"].missing()["orders"]
    query = "{ orders(first: 50) { nodes { legacyResourceId currencyCode } } }"
    nodes = shop(here, query).body["data"]["orders"]["nodes"]
    assert {n["legacyResourceId"] for n in nodes if "currencyCode" not in n} == set(orders) != set()


def test_unknown_fields_stay_with_their_records():
    here = world(always("unknown_field", probability=0.5))
    looks = [typeform(here, "forms/TfOne/responses").body["items"] for _ in range(2)]
    assert looks[0] == looks[1] and 0 < sum("sim_quality" in item for item in looks[0]) < 5


def test_an_expired_page_token_can_be_fetched_anew():
    here = world()
    old = here.platforms["meta"].tokens.of_page("100001")
    here.faults.set({"expired_token": {"probability": 1, "most": 1, "platforms": ["meta"]}})
    error = graph(here, "77/leads", token=old).body["error"]
    assert (error["code"], error["error_subcode"]) == (190, 463)
    assert graph(here, "77/leads", token=old).status == 400
    fresh = graph(here, "me/accounts", token="sim-meta-token").body["data"][0]["access_token"]
    assert fresh != old and graph(here, "77/leads", token=fresh).status == 200


def test_the_same_seed_deals_the_same():
    def deal(seed):
        here = world("nasty", seed)
        return [brevo(here, "contacts", limit=n).status for n in range(1, 60)]

    assert deal(1) == deal(1) != deal(2)


def test_faults_are_chosen_by_name():
    assert set(choose("nasty")) == set(NASTY) and choose("none") == {}
    assert set(choose("late, cut")) == {"late", "cut"}
    with pytest.raises(UnknownFault, match="earthquake"):
        choose("earthquake")


def test_over_http__clock_kill_cut_and_stats():
    key = {"api-key": "xkeysib-sim"}
    with running(company(), now=NOON) as base:
        contacts = f"{base}/brevo/v3/contacts"
        answer = requests.get(contacts, headers=key, timeout=5)
        assert answer.status_code == 200
        assert answer.headers["Date"] == "Fri, 20 Nov 2026 12:00:00 GMT", "the platform's own clock"
        moved = requests.post(f"{base}/_sim/clock", json={"now": ago(days=46).isoformat()}, timeout=5)
        assert moved.json()["now"].startswith("2026-10-05")
        assert requests.get(contacts, headers=key, timeout=5).json()["count"] == 4
        requests.post(f"{base}/_sim/kill?platform=brevo", timeout=5)
        assert requests.get(contacts, headers=key, timeout=5).status_code == 503
        assert requests.get(f"{base}/typeform/forms", timeout=5).status_code != 503
        requests.post(f"{base}/_sim/revive?platform=brevo", timeout=5)
        requests.post(f"{base}/_sim/faults", json={"faults": {"cut": 1}}, timeout=5)
        for _ in range(2):
            with pytest.raises(requests.RequestException):
                requests.get(contacts, headers=key, timeout=5)
        assert requests.get(contacts, headers=key, timeout=5).json()["count"] == 4
        stats = requests.get(f"{base}/_sim/stats", timeout=5).json()
        assert stats["requests"] == {"brevo": 6, "typeform": 1} and stats["faults"]["brevo"]["cut"] == 2
        assert requests.get(f"{base}/_sim/truth", timeout=5).status_code == 404
        assert (
            requests.post(f"{base}/_sim/faults", json={"faults": "earthquake"}, timeout=5).status_code == 400
        )


def test_pushes_are_signed_over_the_bytes_they_send():
    made = deliveries(company(), ago(days=8), NOON + timedelta(days=2))
    pushed = Counter(key for delivery in made for key in delivery.leads)
    assert set(pushed) >= {"90001", "90060", "90051"} and "90050" not in pushed
    for delivery in made:
        if delivery.platform == "meta":
            signature = delivery.headers["X-Hub-Signature-256"]
            assert is_signed_in_hex(delivery.body, "sim-meta-secret", signature)
        else:
            signature = delivery.headers["Typeform-Signature"]
            assert is_signed_in_base64(delivery.body, "sim-typeform-secret", signature)
            assert "response_id" not in json.loads(delivery.body)["form_response"]


def test_meta_escapes_before_it_signs():
    assert push.escaped({"nom": "Zoé/€"}) == b'{"nom":"Zo\\u00e9\\/\\u20ac"}'
    here = company()
    _, body = push.delivery([lead(1, NOON, is_organic=True)], {f.form_id: f for f in here.forms}, {})
    value = json.loads(body)["entry"][0]["changes"][0]["value"]
    assert value == {"leadgen_id": 90001, "page_id": "100001", "form_id": "77",
                     "created_time": int(NOON.timestamp())}  # fmt: skip
