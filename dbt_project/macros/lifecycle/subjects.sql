-- Whose history is told: customers, and accounts by what their members did. `n` is a subject's short name.

-- Everybody; what an increment's int_lifecycle__touched holds of those it is about.
{% macro all_subjects() -%}
(
    select customer_id as subject_id, {{ digest('customer_id') }} as n, false as is_account
    from (select distinct customer_id from {{ ref('int_customer_profiles') }})
    union all
    select account_id, {{ digest('account_id') }}, true
    from (select distinct account_id from {{ ref('int_account_members') }})
)
{%- endmacro %}

-- Whose history may have changed by what they or their members did.
{% macro touched_subjects() -%}
    {%- set everybody, touched = all_subjects(), ref('int_lifecycle__touched') -%}
    {{ everybody if is_full_lifecycle() else touched }}
{%- endmacro %}

-- The profiles that speak for each of these subjects, for an account from the day (`since`) they belong to it.
{% macro profiles_of(subjects) -%}
(
    select
        profiles.profile_id, profiles.n as profile_n, profiles.created_at, profiles.first_seen_at, subjects.n,
        null::date as since
    from {{ subjects }} as subjects
    inner join {{ ref('int_customer_profiles') }} as profiles on subjects.subject_id = profiles.customer_id
    where not subjects.is_account
    union all
    select
        profiles.profile_id, profiles.n as profile_n, profiles.created_at, profiles.first_seen_at, subjects.n,
        {{ local_day('members.since') }} as since
    from {{ subjects }} as subjects
    inner join {{ ref('int_account_members') }} as members on subjects.subject_id = members.account_id
    inner join {{ ref('int_customer_profiles') }} as profiles on members.customer_id = profiles.customer_id
    where subjects.is_account
)
{%- endmacro %}

-- The short names of some subjects of very many, for `n in`. The filter lets everybody through: only where what is
-- looked for is filtered does DuckDB sieve the large table first (a Bloom filter), and read no other row whole.
{% macro short_names(subjects) -%}
    (select n from {{ subjects }} where subject_id <> '')
{%- endmacro %}

-- The rows of a kept table that this build's histories are about.
{% macro scope_of(table) -%}
    {%- set scope = short_names(ref('int_lifecycle__scope')) -%}
    {{ table if is_full_lifecycle() else '(select * from ' ~ table ~ ' where n in ' ~ scope ~ ')' }}
{%- endmacro %}

-- The events of some subjects, with what rules read of them. Their days are told here, while DuckDB looks through
-- all there are on every core: theirs alone would be too few rows for more than one.
{% macro events_told_of(subjects) -%}
    select
        event_id, profile_n, event_type, occurred_at, {{ local_day('occurred_at') }} as event_date, amount, evidence,
        details
    from {{ ref('events') }}
    where profile_n in (select told_of.profile_n from {{ profiles_of(subjects) }} as told_of)
{%- endmacro %}

-- For whom there was no news and yet something to tell.
{% macro look_up_the_missing() -%}
    {%- set missing = '(from ' ~ this ~ ' where n not in (select n from ' ~ ref('int_lifecycle__news') ~ '))' -%}
    insert into {{ ref('int_lifecycle__touched_events') }} {{ events_told_of(missing) }}
{%- endmacro %}

-- The events among which those of the touched are, to join: all there are, or theirs.
{% macro events_of_touched() -%}
    {%- set all_events, touched_events = dated_events(), ref('int_lifecycle__touched_events') -%}
    {{ all_events if is_full_lifecycle() else touched_events }}
{%- endmacro %}

-- All events, each with its day on the company's calendar.
{% macro dated_events() -%}
    (select *, {{ local_day('occurred_at') }} as event_date from {{ ref('events') }})
{%- endmacro %}
