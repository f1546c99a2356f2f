"""Landing files: nothing left out, nothing half visible, the same record always the same bytes."""

import gzip
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.landing import LandingWriter, key_reader
from connectors.stream import Announced, Page, Stream
from connectors.times import clock_time, iso, moment

START = datetime(2026, 11, 20, 5, tzinfo=UTC)


def nothing(client, account, since):
    yield from ()


SALES = Stream(
    "sales", nothing, changed_at="at", occurred_at="made.at", form="form", volatile=("views", "made.by")
)


@pytest.fixture
def writer(tmp_path) -> LandingWriter:
    return LandingWriter(tmp_path, "till", SALES, "api", START)


def landed(folder: Path, batch: str) -> tuple[list[dict], dict]:
    lines = gzip.decompress((folder / f"{batch}.jsonl.gz").read_bytes()).decode().splitlines()
    return [json.loads(line) for line in lines], json.loads((folder / f"{batch}.json").read_text())


def write(writer, *rows, account="1", **more):
    writer.take(account, Page(list(rows), **more), START)


def test_a_line_holds_the_record_and_its_clocks(writer, tmp_path):
    write(writer, {"id": 7, "at": "2026-11-19T09:00:00+0100", "made": {"at": 1763539200}, "form": 12})
    lines, manifest = landed(tmp_path, writer.commit())
    assert lines[0] | {"version": "", "payload": ""} == {
        "account": "1",
        "key": "7",
        "op": "upsert",
        "version": "",
        "payload": "",
        "changed_at": "2026-11-19T08:00:00.000000Z",
        "occurred_at": "2025-11-19T08:00:00.000000Z",
        "fetched_at": "2026-11-20T05:00:00.000000Z",
        "arrived_at": None,
        "form": "12",
    }
    assert (manifest["rows"], manifest["started_at"]) == (1, "2026-11-20T05:00:00.000000Z")
    assert json.loads(lines[0]["payload"])["id"] == 7


@pytest.mark.parametrize(
    "row",
    [{}, {"id": None}, {"id": {"a": 1}}, {"id": True}, {"id": "  "}, None, "text", 3, ["a"]],
)
def test_a_row_without_a_key_is_written_all_the_same(writer, tmp_path, row):
    write(writer, row)
    lines, _ = landed(tmp_path, writer.commit())
    assert (lines[0]["key"], lines[0]["changed_at"]) == ("", None)
    assert json.loads(lines[0]["payload"]) == row


def test_a_form_lost_by_its_row_is_known_from_the_page(writer, tmp_path):
    write(writer, {"id": 1}, {"id": 2, "form": "own"}, form="page's")
    lines, _ = landed(tmp_path, writer.commit())
    assert [line["form"] for line in lines] == ["page's", "own"]


def test_versions_ignore_order_and_what_is_volatile(writer, tmp_path):
    write(writer, {"id": 1, "a": 2, "views": 1, "made": {"by": "x", "at": "2026-01-01"}})
    write(writer, {"a": 2, "id": 1, "views": 9, "made": {"at": "2026-01-01", "by": "y"}})
    write(writer, {"id": 1, "a": 3})
    lines, _ = landed(tmp_path, writer.commit())
    versions = [line["version"] for line in lines]
    assert versions[0] == versions[1] != versions[2]


def test_the_cursor_is_the_newest_time_seen_and_never_ahead_of_the_start(writer, tmp_path):
    write(writer, {"id": 1, "at": "2026-11-19T09:00:00Z"}, {"id": 2, "at": "2026-11-18T09:00:00Z"})
    write(writer, {"id": 1, "at": "2026-11-20T09:00:00Z"}, account="2")
    writer.take("3", Announced("", 4, 1), START)
    for account in ("1", "2", "4"):
        writer.drained(account)
    _, manifest = landed(tmp_path, writer.commit())
    accounts = manifest["accounts"]
    assert accounts["1"]["cursor"] == "2026-11-19T09:00:00.000000Z"
    assert accounts["2"]["cursor"] == iso(START)
    assert accounts["3"] == {
        "cursor": None,
        "announced": [{"form": "", "count": 4, "expired": 1}],
        "drained": False,
    }
    assert accounts["4"]["drained"]


def test_files_are_private_and_appear_manifest_last(writer, tmp_path):
    write(writer, {"id": 1})
    assert not list(tmp_path.glob("*.json"))
    batch = writer.commit(["inbox/webhooks/till/a.json"])
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{batch}.json", f"{batch}.jsonl.gz"]
    assert landed(tmp_path, batch)[1]["inbox"] == {"inbox/webhooks/till/a.json": None}


def test_nothing_to_tell_leaves_nothing(writer, tmp_path):
    assert writer.commit() is None
    assert not list(tmp_path.iterdir())


def test_what_is_discarded_leaves_nothing(writer, tmp_path):
    write(writer, {"id": 1})
    writer.discard()
    assert not list(tmp_path.iterdir())


def test_a_lone_surrogate_costs_one_letter_and_no_record(writer, tmp_path):
    write(writer, json.loads(r'{"id": 1, "name": "a\ud800b"}'), {"id": 2})
    lines, _ = landed(tmp_path, writer.commit())
    assert [line["key"] for line in lines] == ["1", "2"]


def test_a_key_of_two_parts_needs_both():
    read = key_reader("ad.id:day")
    assert read({"ad": {"id": 5}, "day": "2026-01-01"}) == "5:2026-01-01"
    assert read({"ad": {"id": 5}}) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-10-02T08:15:30+0000", "2026-10-02T08:15:30.000000Z"),
        ("2026-02-09T20:33:59.705+01:00", "2026-02-09T19:33:59.705000Z"),
        ("2026-05-01T08:00:00Z", "2026-05-01T08:00:00.000000Z"),
        ("2026-05-01", "2026-05-01T00:00:00.000000Z"),
        (1760000000, "2025-10-09T08:53:20.000000Z"),
        ("1760000000123", "2025-10-09T08:53:20.123000Z"),
        ("2026-05-01T08:00:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (1e300, None),
        ({}, None),
    ],
)
def test_times_are_read_with_their_offset_or_not_at_all(value, expected):
    assert iso(moment(value)) == expected


@pytest.mark.parametrize("text", ["2026-06-01 09:00:07", "2026-6-1 9:00:07", "2024-02-29 23:59:59"])
def test_a_time_of_a_clock_is_read_as_it_is_shown(text):
    assert clock_time(text) == datetime.strptime(text, "%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    "text",
    ["2026-06-01T09:00:07", "2026-W01-1 09:00:07", "2026-06-01 09:00+02", "2026-02-30 00:00:00", "", None, 7],
)
def test_what_no_clock_shows_is_no_time(text):
    with pytest.raises((ValueError, TypeError)):
        clock_time(text)


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 30)),
    st.sampled_from([0, 1, 10, 100_000, 999_999]),
    st.integers(min_value=-14 * 60, max_value=14 * 60),
)
def test_a_moment_is_written_as_the_standard_library_writes_it(day, microsecond, minutes):
    found = day.replace(microsecond=microsecond, tzinfo=timezone(timedelta(minutes=minutes)))
    told = found.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    assert iso(found) == iso(found.astimezone(UTC)) == f"{told}Z"
