-- One row per stretch of days in which a customer was active, at risk, lapsed or lost, by the days since their
-- last purchase and their own rhythm.
{{ config(materialized='ephemeral') }}

with states as (
    select
        n,
        valid_from,
        lead(lost_cause) over (partition by n order by valid_from) as end_cause,
        lead(lost_evidence) over (partition by n order by valid_from) as end_evidence
    from {{ ref('int_purchase_states') }}
),

rhythms as (
    {{ rhythms_of(ref('int_purchase_states')) }}
),

stretches as (
    {% for rank, value, after, before in [
        (8, 'active', '0', 'at_risk_days'), (7, 'at_risk', 'at_risk_days', 'lapsed_days'),
        (6, 'lapsed', 'lapsed_days', 'lost_days'), (5, 'lost', 'lost_days', 'null')
    ] -%}
    select
        n, {{ rank }} as rank, cause, evidence, occasion_evidence, valid_from as since, valid_to as until,
        greatest(valid_from, last_occasion_date + {{ after }}) as valid_from,
        least(valid_to, last_occasion_date + {{ before }}) as valid_to
    from rhythms
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    stretches.n,
    stretches.rank,
    stretches.valid_from,
    stretches.valid_to,
    case when stretches.valid_from = stretches.since then stretches.cause else 'clock' end as cause,
    case when stretches.valid_from = stretches.since then stretches.evidence else stretches.occasion_evidence end
        as evidence,
    case when stretches.valid_to = stretches.until then states.end_cause end as end_cause,
    case when stretches.valid_to = stretches.until then states.end_evidence end as end_evidence
from stretches
inner join states on stretches.n = states.n and stretches.since = states.valid_from
where coalesce(stretches.valid_from < stretches.valid_to, true)
