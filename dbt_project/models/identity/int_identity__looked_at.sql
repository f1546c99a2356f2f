-- One row per profile in a pair that needs a closer look, as the comparison sees it.
{% set features, pairs = ref('int_profile_features'), ref('int_identity__candidates') %}
{% set looked_at = 'select left_n from ' ~ pairs ~ ' where not is_plain union all select right_n from ' ~ pairs
    ~ ' where not is_plain' %}

with people as (
    select *
    from {{ '(select * from ' ~ features ~ ' where n in (' ~ looked_at ~ '))' if is_full_identity()
        else rows_numbered(features, looked_at) }}
)

{{ compared('people') }}
