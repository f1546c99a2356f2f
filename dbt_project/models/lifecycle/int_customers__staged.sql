-- One row per subject, axis and day on which the stage they hold changes: the highest whose evidence stands.
-- `commercial_stage` is the same without ambassador, so that one who bought once is not taken for loyal.
{% set stages = ['lead', 'prospect', 'first_time_customer', 'repeat_customer', 'loyal_customer', 'ambassador'] %}

with reached as materialized (
    {% for rule in [
        'stage__lead', 'stage__prospect', 'stage__first_time_customer', 'stage__repeat_customer',
        'stage__loyal_customer', 'stage__loyal_subscriber', 'stage__ambassador'
    ] -%}
    select
        n, stage_rank as rank, valid_from, valid_to, 'event' as cause, evidence, end_cause, end_evidence
    from {{ scope_of(ref(rule)) if rule in ('stage__lead', 'stage__prospect') else ref(rule) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Who never was an ambassador has the same history on both axes: it is worked out once.
ambassadors as (
    select distinct n from reached where rank = 6
),

commercial as materialized (
    select reached.* from reached semi join ambassadors on reached.n = ambassadors.n where reached.rank < 6
),

changes as (
    select ['stage', 'commercial_stage'] as axes, changed.*
    from {{ highest('reached') }} as changed
    anti join ambassadors on changed.n = ambassadors.n
    union all
    select ['stage'], changed.*
    from {{ highest('reached') }} as changed
    semi join ambassadors on changed.n = ambassadors.n
    union all
    select ['commercial_stage'], changed.* from {{ highest('commercial') }} as changed
)

select
    n,
    unnest(axes) as axis,
    day,
    {{ stages }}[rank] as value,
    rank as value_rank,
    why.cause as cause,
    why.evidence as evidence
from changes
