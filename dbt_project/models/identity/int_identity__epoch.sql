-- One row, written last: identity is settled up to here. A build that finds none computes everything anew.
select
    '{{ identity_version() }}' as version,
    (select population_bits from {{ ref('int_settled') }}) as population_bits,
    greatest(
        (select max(touched_at) from {{ ref('profiles') }}),
        (select max(ingested_at) from {{ source('door', 'judgements') }})
    ) as settled_at,
    (
        select count(*) from {{ ref('profiles') }}
        where touched_at = (
            select greatest(
                (select max(touched_at) from {{ ref('profiles') }}),
                (select max(ingested_at) from {{ source('door', 'judgements') }})
            )
        )
    ) as profiles_then
-- depends_on: {{ ref('int_customer_profiles') }} {{ ref('int_identity__weighed') }}
-- {{ ref('int_identity__news') }}
