-- One row per profile and thing it says, ranked among what all profiles of the customer say by the rules of
-- firsthand.yaml (`survivorship`), with the first criterion by which it lost to the best. Where a whole rule
-- sees no difference, what was known first stays.
{% set rules = var('survivorship') %}
{% set field_groups = ['name', 'company', 'language', 'address'] %}
with weighed as (
    select
        *,
        case field_group
            {%- for field_group in field_groups %}
                when '{{ field_group }}' then {{ survivorship_merits(rules[field_group]) }}
            {%- endfor %}
        end as merits,
        case field_group
            {%- for field_group in field_groups %}
                when '{{ field_group }}'
                    then string_split('{{ rules[field_group] | join(" ") }}', ' ')
            {%- endfor %}
        end as criteria
    from {{ ref('int_field_claims') }}
),

ranked as (
    select
        *,
        row_number() over best_first as claim_rank,
        first_value(merits) over best_first as best_merits
    from weighed
    window best_first as (
        partition by customer_id, field_group order by merits desc, first_seen_at, profile_id
    )
)

select
    customer_id,
    field_group,
    profile_id,
    platform,
    last_seen_at,
    first_name,
    last_name,
    company,
    job_title,
    language,
    street,
    city,
    postcode,
    postal_address,
    claim_rank,
    case
        when claim_rank > 1
            then coalesce(
                criteria[list_position(
                    list_transform(list_zip(merits, best_merits), lambda pair: pair[1] <> pair[2]), true
                )],
                'first_seen'
            )
    end as lost_by
from ranked
