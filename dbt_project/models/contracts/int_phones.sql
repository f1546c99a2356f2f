-- One row per spelling of a phone number that SQL alone does not read (macros/plain_phone.sql), and the regions to
-- read it in, in order, with its E.164 form. Those met before are kept: phonenumbers takes a tenth of a
-- millisecond each. Where everybody is computed anew they are read anew: the reader itself may be another by now.
{{ config(materialized='kept', keys=['spelling_id'], post_hook='{{ forget_phones() }}') }}
-- depends_on: {{ ref('int_identity__changes') }}
{% set is_full = is_full_identity() %}

with people as {{ 'materialized' if not is_full }} (
    select phone, landline, phone_region from {{ ref('profiles') if is_full else changed_profiles() }}
),

told as (
    {% for column in ('phone', 'landline') %}
    select {{ column }} as raw_value, phone_region
    from people
    where {{ plain_phone(phone_digits(column), 'phone_region') }} is null and {{ column }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

spellings as (
    select distinct trim(raw_value) as raw_value, phone_region from told where trim(raw_value) <> ''
),

-- e164|kind, empty where no such number can exist in any of the regions (pipelines/dbt_functions.py)
found as (
    select *, read_phone(raw_value, phone_region) as found from spellings
)

select
    raw_value || '|' || phone_region as spelling_id,
    raw_value,
    phone_region,
    nullif(split_part(found, '|', 1), '') as e164,
    nullif(split_part(found, '|', 2), '') as phone_kind
from found
