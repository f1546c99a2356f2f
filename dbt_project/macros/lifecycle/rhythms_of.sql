-- The rhythm after each purchase of these: int_rhythms, of everybody or of those in an increment's scope.
{% macro rhythms_of(states) -%}
{% set settings = var('lifecycle') %}
{% set at_risk_days, lapsed_days, lost_days = settings['activity_days'] %}
-- Where people come once a year, half a year of silence says nothing, whichever way the days are counted.
{% set floor = settings['lapsed_floor_days'] %}
{% set fixed = {
    'at_risk': at_risk_days, 'lapsed': [lapsed_days, floor] | max,
    'lost': [lost_days, [2 * floor, 1095] | min] | max
} %}

with judged as (
    select
        states.*,
        priors.is_learnt and {{ settings['activity'] == 'adaptive' }} as is_adaptive,
        priors.within_variance,
        priors.between_variance,
        priors.within_variance / priors.between_variance as k,
        (priors.within_variance / priors.between_variance * ln(priors.median_days) + states.log_gap_sum)
        / (priors.within_variance / priors.between_variance + states.gap_count) as mu
    from {{ states }} as states
    inner join {{ ref('int_rhythm_priors') }} as priors
        on date_trunc('month', states.last_occasion_date) = priors.month
    where states.occasion_count > 0
),

spread as (
    select *, sqrt(within_variance + between_variance * k / (k + gap_count)) as sigma from judged
),

lapsing as (
    select
        *,
        least(greatest(exp(mu + 0.8416 * sigma), 14), 365) as at_risk,
        least(greatest(exp(mu + 1.645 * sigma), 30, {{ floor }}), 730) as lapsed
    from spread
)

select
    n,
    valid_from,
    valid_to,
    cause,
    evidence,
    occasion_evidence,
    occasion_count,
    last_occasion_date,
    is_adaptive,
    case when is_adaptive then exp(mu) end as usual_days,
    -- Rounded before it is cut: two machines that add in another order turn on the same day.
    {% for name, adaptive in [
        ('at_risk', 'at_risk'), ('lapsed', 'lapsed'),
        ('lost', 'least(greatest(2 * lapsed, exp(mu + 2.326 * sigma), 90), 1095)')
    ] -%}
    case
        when is_adaptive then ceil(round({{ adaptive }}, 6))
        else {{ fixed[name] }}
    end::integer as {{ name }}_days{{ ',' if not loop.last }}
    {% endfor %}
from lapsing
{%- endmacro %}
