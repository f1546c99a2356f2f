-- One row per review that somebody wrote of us, wherever.
{{ config(materialized='view') }}

{% for tool in review_tools() %}
    {% if not loop.first %}union all by name{% endif %}
    select '{{ tool }}' as platform, * from {{ ref('stg_' ~ tool ~ '__reviews') }}
{% endfor %}
