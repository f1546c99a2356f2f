-- One row per event of those touched and, for an account, of its members: an increment looks through all events there
-- are once, for the columns that rules read, and what follows reads these. Empty where everything is computed anew.
{% set touched = ref('int_lifecycle__touched') %}
-- depends_on: {{ ref('int_customer_profiles') }} {{ ref('int_account_members') }}

select event_id, profile_id, event_type, occurred_at, amount, evidence, details
from {{ ref('events') }}
where
    {% if is_full_lifecycle() -%}
        false
    {%- else -%}
        profile_id in (select profiles.profile_id from {{ profiles_of(touched) }} as profiles)
    {%- endif %}
