-- One row: up to when the histories are settled, and so whether this build is an increment. It is only where the
-- last build ended well under the same rules and settings. `told_until` is the day as of which the last build
-- told the histories, if it ended well.
{{ config(post_hook="{{ unsettle_lifecycle() }}") }}
{% set last = lifecycle_epoch() %}
{% set known = run_query(
    "select settled_at, events_then, touched_then, last_entry, as_of_then from " ~ last
    ~ " where is_settled and version = '" ~ lifecycle_version() ~ "' and settled_at is not null"
    ~ " and as_of_then <= " ~ as_of('lifecycle')
).rows if last and not flags.FULL_REFRESH and not var('full_identity') else [] %}
{# Whatever the rules were then, and however the builds since ended: what was told by then is compared. #}
{% set before = run_query("select as_of_then, last_entry, version from " ~ last).rows if last else [] %}
{% set told_until = "date '" ~ before[0][0] ~ "'" if before else 'null::date' %}
{% set told_entry = before[0][1] if before else 'null' %}
{% set is_other_rules = before[0][2] != lifecycle_version() if before else false %}
{% if known -%}
{% set settled_at = "timestamptz '" ~ known[0][0] ~ "'" %}
select
    false as is_full,
    {{ settled_at }} as settled_at,
    -- Two runs may be given the same moment: then those of that moment are looked at again.
    (select count(*) from {{ ref('events') }} where touched_at = {{ settled_at }}) <> {{ known[0][2] }}
        as is_same_moment,
    {{ known[0][3] }}::bigint as last_entry,
    date '{{ known[0][4] }}' as as_of_then,
    {{ known[0][1] }}::bigint as events_then,
    {{ told_until }} as told_until,
    {{ told_entry }}::bigint as told_entry,
    {{ is_other_rules }} as is_other_rules
{%- else -%}
select true as is_full, null::timestamptz as settled_at, false as is_same_moment, 0::bigint as last_entry, null::date as as_of_then,
    null::bigint as events_then,
    {{ told_until }} as told_until, {{ told_entry }}::bigint as told_entry, {{ is_other_rules }} as is_other_rules
{%- endif %}
-- depends_on: {{ ref('events') }}
