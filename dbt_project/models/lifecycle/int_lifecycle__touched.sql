-- One row per customer or account whose history may have changed since it was settled: who has news, and who has
-- lost an event, for what is deleted leaves no mark on whom it was about. Empty where everything is computed anew.
{{ config(post_hook="{{ look_up_the_missing() }}") }}
{% set news, theirs = ref('int_lifecycle__news'), ref('int_lifecycle__touched_events') %}
{% set profiles, leads = ref('int_customer_profiles'), this.incorporate(path={'identifier': 'stage__lead'}) %}
{% set customers = "(from " ~ news ~ " where not is_account and subject_id <> '')" %}
{# The events of everybody without news are counted: as many as then? #}
{% set is_missing = not is_full_lifecycle() and run_query("
    select
        (select count(*) from " ~ ref('events') ~ ") - (
            select count(*) from " ~ theirs ~ " where profile_n in (
                select n from " ~ profiles ~ "
                where customer_id in (select subject_id from " ~ customers ~ ")
            )
        ) is distinct from (select events_then from " ~ ref('int_lifecycle__settled') ~ ") - (
            select coalesce(sum(event_count), 0) from " ~ leads ~ " where n in (select n from " ~ customers ~ ")
        )
").rows[0][0] %}
{% if is_missing -%}
with missing as (
    select counted.customer_id
    from (
        select profiles.customer_id, count(events.event_id) as event_count
        from {{ profiles }} as profiles
        left join {{ ref('events') }} as events on profiles.n = events.profile_n
        group by profiles.customer_id
    ) as counted
    left join {{ leads }} as leads on {{ digest('counted.customer_id') }} = leads.n
    where counted.event_count is distinct from leads.event_count
)

select customer_id as subject_id, {{ digest('customer_id') }} as n, false as is_account from missing
union
select account_id, {{ digest('account_id') }}, true
from {{ ref('int_account_members') }}
where customer_id in (select customer_id from missing)
union
{%- endif %}
select * from {{ news }}
