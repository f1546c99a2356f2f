-- One row per form of any form tool.
{% for tool in form_tools() %}
    {% if not loop.first %}union all{% endif %}
    select
        '{{ tool.name }}' as platform,
        _account as account,
        _key as form_id,
        payload ->> '$.{{ tool.title }}' as form_name,
        _touched_at as touched_at
    from {{ latest(source('raw_' ~ tool.name, 'forms')) }}
{% endfor %}
