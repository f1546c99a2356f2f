-- One row per two customers (or one crowded one) about whom the rules are in doubt, best first: what each
-- record says, side by side. What a person has judged is not asked again until something new is known.
with doubtful as (
    select
        doubtful.*,
        evidence.evidence,
        left_profiles.customer_id as left_customer_id,
        right_profiles.customer_id as right_customer_id,
        left_profiles.customer_id = right_profiles.customer_id as is_one_customer
    from {{ ref('int_identity__doubtful') }} as doubtful
    inner join {{ ref('int_customer_profiles') }} as left_profiles
        on doubtful.left_profile_id = left_profiles.profile_id
    inner join {{ ref('int_customer_profiles') }} as right_profiles
        on doubtful.right_profile_id = right_profiles.profile_id
    left join {{ ref('int_identity__evidence') }} as evidence
        on
            doubtful.left_profile_id = evidence.left_profile_id
            and doubtful.right_profile_id = evidence.right_profile_id
    -- Two records that became one person by another way are no longer in doubt.
    where doubtful.kind = 'crowded' or left_profiles.customer_id <> right_profiles.customer_id
),

judged as (
    select
        doubtful.left_profile_id,
        doubtful.right_profile_id,
        -- A judgement made without the queue knows no evidence: then any newer record is news.
        bool_or(
            coalesce(judged.evidence = doubtful.evidence, judged.newest_record_at <= judged.judged_at)
        ) as is_settled,
        arg_max(judged.verdict, judged.judged_at) as earlier_verdict
    from doubtful
    inner join {{ ref('int_judged_customers') }} as judged
        on
            least(doubtful.left_customer_id, doubtful.right_customer_id) = judged.one_customer_id
            and greatest(doubtful.left_customer_id, doubtful.right_customer_id) = judged.other_customer_id
            -- Of one customer's many records, two that were judged say nothing of the others.
            and (
                not doubtful.is_one_customer
                or (
                    doubtful.left_profile_id = judged.left_profile_id
                    and doubtful.right_profile_id = judged.right_profile_id
                )
            )
    group by doubtful.left_profile_id, doubtful.right_profile_id
),

-- Two people are asked about once, by the pair that says most.
open_pairs as (
    select doubtful.*, judged.earlier_verdict
    from doubtful
    left join judged
        on
            doubtful.left_profile_id = judged.left_profile_id
            and doubtful.right_profile_id = judged.right_profile_id
    where judged.is_settled is not true
    qualify row_number() over (
        partition by
            least(doubtful.left_customer_id, doubtful.right_customer_id),
            greatest(doubtful.left_customer_id, doubtful.right_customer_id)
        order by doubtful.weight desc, doubtful.left_profile_id, doubtful.right_profile_id
    ) = 1
),

said as (
    select
        profile_id,
        platform,
        object,
        created_at,
        coalesce(nullif(concat_ws(' ', first_name, last_name), ''), full_name) as said_name,
        lower(trim(email)) as email,
        coalesce(phone, landline) as phone,
        nullif(concat_ws(' ', postcode, city), '') as place,
        birth_date,
        company
    from {{ ref('profiles') }}
)

select
    row_number() over (
        order by open_pairs.weight desc, open_pairs.left_profile_id, open_pairs.right_profile_id
    ) as queue_position,
    open_pairs.kind,
    open_pairs.weight::double as weight,
    open_pairs.reason,
    open_pairs.earlier_verdict,
    {% for side in ['left', 'right'] -%}
        open_pairs.{{ side }}_customer_id,
        open_pairs.{{ side }}_profile_id,
        {{ side }}_said.platform as {{ side }}_platform,
        {{ side }}_said.object as {{ side }}_object,
        {{ side }}_said.created_at as {{ side }}_created_at,
        {{ side }}_said.said_name as {{ side }}_name,
        {{ side }}_said.email as {{ side }}_email,
        {{ side }}_said.phone as {{ side }}_phone,
        {{ side }}_said.place as {{ side }}_place,
        {{ side }}_said.birth_date as {{ side }}_birth_date,
        {{ side }}_said.company as {{ side }}_company,
    {% endfor -%}
    open_pairs.evidence
from open_pairs
inner join said as left_said on open_pairs.left_profile_id = left_said.profile_id
inner join said as right_said on open_pairs.right_profile_id = right_said.profile_id
