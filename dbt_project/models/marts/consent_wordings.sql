-- One row per wording that somebody said yes or no to: the registry that proofs refer to. A wording ends where the
-- same box of the same form began to say something else.
with said as (
    select
        wording_version,
        -- all but the hash at its end: the form and the box
        regexp_replace(wording_version, ':[^:]*$', '') as shown_at,
        max(locale) as locale,
        max(wording_text) as wording_text,
        min(occurred_at) as first_said_at,
        max(occurred_at) as last_said_at,
        count(distinct consent_act_id) as act_count
    from {{ ref('consent_acts') }}
    where wording_version is not null and wording_text is not null
    group by wording_version
)

select
    wording_version,
    shown_at,
    locale,
    wording_text,
    sha256(wording_text) as wording_sha256,
    first_said_at as valid_from,
    lead(first_said_at) over (partition by shown_at order by first_said_at, wording_version) as valid_to,
    last_said_at,
    act_count
from said
