-- What nobody carries any more, corrected or erased, leaves int_phones as well. Looked for only where somebody changed
-- or went: it takes a look at everybody.
{% macro forget_phones() -%}
    {%- if execute and not is_full_identity() and run_query(
        "select exists (from " ~ ref('int_identity__changes') ~ " where is_gone or first_seen_at is not null)"
    ).rows[0][0] -%}
    delete from {{ this }} as known where not exists (
        from (
            select trim(phone) as raw_value, phone_region from {{ ref('profiles') }}
            union all
            select trim(landline), phone_region from {{ ref('profiles') }}
        ) as met
        where met.raw_value = known.raw_value and met.phone_region = known.phone_region
    )
    {%- endif -%}
{%- endmacro %}
