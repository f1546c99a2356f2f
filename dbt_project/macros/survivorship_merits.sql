-- What a survivorship rule looks at in a row of int_field_claims, as one list of numbers in the order of the
-- rule; of each, more is better.
{% macro survivorship_merits(criteria) -%}
    {%- set measures = {
        'verified': 'is_verified::double',
        'source_priority': 'source_rank::double',
        'most_frequent': 'said_count::double',
        'recency': 'coalesce(epoch(last_seen_at), 0)',
        'completeness': 'completeness::double',
        'spelling': 'care::double',
    } -%}
    [{% for criterion in criteria %}{{ measures.get(criterion, 'no_criterion_' ~ criterion) }}{{ ', ' if not loop.last }}{% endfor %}]
{%- endmacro %}
