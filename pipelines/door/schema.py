"""Tables of the door: one change log per stream, and what the door itself has to remember.

Append-only but for three: a cursor moves forward, a quarantined record is decided on, and a sighting
moves from `seen_again` into raw once a late record shows that it was a change after all.
"""

from collections.abc import Mapping

import duckdb

from connectors.stream import Stream

Streams = Mapping[tuple[str, str], Stream]
Connection = duckdb.DuckDBPyConnection

RAW = """
create table if not exists {table} (
    _account varchar not null,
    _key varchar not null,
    _op varchar not null,
    _version varchar not null,
    payload json,
    _changed_at timestamptz,
    _occurred_at timestamptz,
    _fetched_at timestamptz not null,
    _ingested_at timestamptz not null,
    _first_seen_at timestamptz not null,
    _via varchar not null,
    _batch varchar not null
)
"""

DOOR = """
create schema if not exists door;

create table if not exists door.batches (
    batch varchar primary key,
    platform varchar not null,
    stream varchar not null,
    via varchar not null,
    landed_at timestamptz not null,
    rows_read bigint not null,
    rows_new bigint not null,
    rows_refused bigint not null,
    rows_dropped bigint not null,
    is_complete boolean not null,   -- every account was read to its end, no backfill
    failed_reason varchar
);

create table if not exists door.cursors (
    platform varchar,
    stream varchar,
    account varchar,
    cursor_at timestamptz not null,
    batch varchar not null,
    updated_at timestamptz not null,
    primary key (platform, stream, account)
);

create table if not exists door.announcements (
    platform varchar not null,
    stream varchar not null,
    account varchar not null,
    form varchar not null,
    announced_at timestamptz not null,
    count bigint not null,
    expired bigint not null,
    batch varchar not null
);

-- How many keys of a form we ever landed, or dropped for a tombstone: asked before each pull, and too
-- dear to count in the payloads each time. `gap`: records that had expired before we first came, and
-- which no way has brought since; null until a first pull was read to its end.
create table if not exists door.form_counts (
    platform varchar,
    stream varchar,
    account varchar,
    form varchar,
    landed bigint not null,
    dropped bigint not null,
    gap bigint,
    primary key (platform, stream, account, form)
);

-- Sightings that changed nothing, without their payload. A record that lands late may fall between
-- two of them, and then the second is the proof that the older state came back.
create table if not exists door.seen_again (
    platform varchar not null,
    stream varchar not null,
    account varchar not null,
    key varchar not null,
    via varchar not null,
    op varchar not null,
    version varchar not null,
    changed_at timestamptz,
    fetched_at timestamptz not null
);

create table if not exists door.quarantine (
    quarantine_id varchar primary key,
    platform varchar not null,
    stream varchar not null,
    via varchar not null,
    account varchar not null,
    key varchar not null,
    op varchar not null,
    version varchar not null,
    payload varchar,
    reasons varchar[] not null,
    changed_at timestamptz,
    occurred_at timestamptz,
    fetched_at timestamptz not null,
    arrived_at timestamptz not null,
    form varchar,
    batch varchar not null,
    status varchar not null,
    decided_at timestamptz
);
-- What is to become of it until the next hearing (replay, accept), and who decided, and why.
alter table door.quarantine add column if not exists asked varchar;
alter table door.quarantine add column if not exists decided_by varchar;
alter table door.quarantine add column if not exists decided_why varchar;

-- Who asked to be forgotten, as keyed hashes: the key is not in this file. Kinds: door/tombstones.py.
create table if not exists door.tombstones (
    digest varchar not null,
    kind varchar not null,
    scope varchar not null,
    key_version integer not null,
    requested_at timestamptz not null
);

-- Who was erased, one row a person, and how far we are with it. Nothing here says who that was.
create table if not exists door.erasures (
    erasure_id varchar primary key,
    requested_at timestamptz not null,
    requested_by varchar not null,      -- who of the company wrote it down
    channel varchar not null,
    identity_check varchar not null,
    has_objected boolean not null,      -- false where it was our own retention rule: no tombstone for values
    extent json not null,               -- how much it was, in numbers
    ingested_at timestamptz not null,
    removed_at timestamptz,             -- gone from these tables
    swept_at timestamptz                -- gone from the file behind them and from every other store
);

-- What an ad platform was told of its leads, once each, by a keyed reference that names nobody.
create table if not exists door.feedback (
    reference varchar primary key,
    recipient varchar not null,
    stage varchar not null,
    name varchar not null,                 -- of the stage, as the platform was told it
    told_at timestamptz not null,
    export_id varchar not null,
    withdrawn_at timestamptz               -- told to be taken back, for the move was
);

-- Whose data a court, an authority or a dispute wants kept; the newest of a customer number is in force.
create table if not exists door.holds (
    hold_id varchar primary key,
    customer_number varchar not null,
    is_held boolean not null,
    reason varchar,
    made_by varchar not null,
    made_at timestamptz not null,
    ingested_at timestamptz not null
);

-- Every command ever obeyed, whatever it was: this row is what makes a second time a no-op.
create table if not exists door.commands (
    command_id varchar primary key,
    command varchar not null,
    made_at timestamptz not null,
    made_by varchar not null,
    ingested_at timestamptz not null
);
-- Of how many records, where it is of several.
alter table door.commands add column if not exists record_count bigint;

-- What people decided about two profiles, left before right; the newest of a pair is in force.
create table if not exists door.judgements (
    judgement_id varchar primary key,
    left_profile_id varchar not null,
    right_profile_id varchar not null,
    verdict varchar not null,
    judged_by varchar not null,
    reason varchar,
    evidence varchar,   -- fingerprint of what both were known by, as the review queue showed it
    judged_at timestamptz not null,
    ingested_at timestamptz not null
);

-- What staff entered about somebody's permission. Kept by contact point, as the ledger is, and never changed.
create table if not exists door.consent_entries (
    entry_id varchar primary key,
    contact_type varchar not null,
    contact_value varchar not null,        -- e-mail as written to, or E.164
    channel varchar not null,
    purpose varchar not null,
    act varchar not null,
    basis varchar not null,
    occurred_at timestamptz not null,
    occurred_at_precision varchar not null,
    ingested_at timestamptz not null,
    made_by varchar not null,
    proof_ref varchar,
    wording_version varchar,
    wording_text varchar,
    locale varchar,
    expires_on date,
    evidence varchar,                      -- JSON: role, contract, what a basis needs
    reason varchar
);

-- Every file that left, and under which law; a dry run leaves none. Numbers and hashes only.
create table if not exists door.exports (
    export_id varchar primary key,
    exported_at timestamptz not null,
    made_by varchar not null,
    reason varchar,
    channel varchar not null,
    purpose varchar not null,
    permission_day date not null,
    format varchar not null,
    selection_sha256 varchar not null,
    laws_sha256 varchar not null,
    allowed_count bigint not null,
    refused_counts varchar not null        -- JSON, by reason
);
-- The audience it was, and which saved version (0: as shipped); empty for other selections.
alter table door.exports add column if not exists audience varchar;
alter table door.exports add column if not exists audience_version integer;
-- The ad platform a hashed list is for; empty for a file in the open.
alter table door.exports add column if not exists recipient varchar;
alter table door.exports add column if not exists file_sha256 varchar;

-- Who was in it, and on what their permission rested.
create table if not exists door.export_members (
    export_id varchar not null,
    customer_id varchar not null,
    basis varchar,
    law varchar,                           -- file, version and hash of the law that decided
    act_sha256 varchar
);

-- Lists of mail tools that are ours to fill and to empty; nobody's name. Being on one proves nobody's yes.
create table if not exists door.lists (
    platform varchar not null,
    account varchar not null,
    list_id varchar not null,
    name varchar not null,
    audience varchar not null,
    purpose varchar not null,
    made_at timestamptz not null,
    primary key (platform, account, list_id)
);

-- What became of every customer number: dbt adds to it (int_identity__news) and never makes it anew, for
-- it is history and nothing computes it again. Numbers only: a number of an erased person leads nowhere.
create table if not exists door.identity_log (
    entry bigint not null,                 -- the order of writing
    logged_at timestamptz not null,        -- the ingest time of the run that saw it
    customer_number varchar not null,
    event varchar not null,
    customer_id varchar,                   -- whose it is from then on; nobody's once ended
    previous_customer_id varchar,
    cause varchar not null,
    judged_by varchar,                     -- where a person's judgement is the cause
    one_number varchar,                    -- own numbers of the two profiles that say so
    other_number varchar,
    since timestamptz not null             -- from when on the number leads there
);
-- How it was computed is nothing that happened: a build after one that died says the same of a number.
alter table door.identity_log drop column if exists build;

-- What a build told otherwise than the one before, of days that one had told already: dbt adds to it
-- (int_lifecycle__restated) and never makes it anew, for nothing computes it again.
create table if not exists door.restatements (
    restated_at timestamptz,               -- up to when was known what corrected it
    customer_id varchar not null,
    axis varchar not null,
    changed_on date not null,              -- the first day told otherwise
    value_then varchar,                    -- nothing where they were not known on that day
    value_now varchar,                     -- nothing where they are no longer a customer of their own
    why varchar not null                   -- merge, split, rules or news
);
"""


def quoted(name: str) -> str:
    """A platform's or stream's word as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def raw_table(platform: str, stream: str) -> str:
    return f"{quoted('raw_' + platform)}.{quoted(stream)}"


def ensure(con: Connection, streams: Streams) -> None:
    """Make every table that is not there yet, for configured platforms and others alike: dbt reads all."""
    con.execute(DOOR)
    for platform in sorted({platform for platform, _ in streams}):
        con.execute(f"create schema if not exists {quoted('raw_' + platform)}")
    for platform, stream in streams:
        con.execute(RAW.format(table=raw_table(platform, stream)))
