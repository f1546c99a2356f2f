-- One row per event of a subject whose histories are computed in this build, on the company's own calendar. What
-- the rules do not read is left behind.
{% set scope, touched = ref('int_lifecycle__scope'), ref('int_lifecycle__touched') %}
{% set others = '(select * from ' ~ scope ~ ' where n not in (select n from ' ~ touched ~ '))' %}
{# Those of the touched have been looked up already; most days nobody else is in the scope. #}
{% set lookups = [(dated_events(), scope)] if is_full_lifecycle()
    else [(events_of_touched(), touched), (dated_events(), others)] %}
{% for events, subjects in lookups %}
    select
        subjects.n,
        events.event_date,
        events.occurred_at,
        events.event_id,
        events.event_type,
        {{ is_own_act('events.event_type') }} as is_own_act,
        case when events.event_type not in ('order_paid', 'site_visit') then events.details end as details
    from {{ events }} as events
    inner join {{ profiles_of(subjects) }} as subjects
        on
            events.profile_n = subjects.profile_n
            and (subjects.since is null or events.event_date >= subjects.since)
    {{ 'union all' if not loop.last }}
{%- endfor %}
-- depends_on: {{ ref('int_lifecycle__touched_events') }}
