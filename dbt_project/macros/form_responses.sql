-- Each response of a form tool as it is now, with the payload and its times.
{% macro form_responses(tool) -%}
{%- set told = form_tools() | selectattr('name', 'equalto', tool) | first -%}
(
    select
        _account as account,
        _key as response_key,
        payload ->> '$.{{ told.form }}' as form_id,
        payload,
        '{{ told.get("object", "response") }}' as object,
        {{ "'" ~ told.channel ~ "'" if told.channel else 'null' }}::varchar as ad_channel,
        {{ "payload ->> '$." ~ told.campaign ~ "'" if told.campaign else 'null' }}::varchar as ad_campaign_id,
        {% if told.test_says -%}
        contains(coalesce(payload ->> '$.{{ told.test }}', ''), '{{ told.test_says }}') as is_told_test,
        {%- else -%}
        {{ "coalesce(payload ->> '$." ~ told.test ~ "' = 'true', false)" if told.test else 'false' }} as is_told_test,
        {%- endif %}
        {{ "payload ->> '$." ~ told.click ~ "'" if told.click else 'null' }}::varchar as click_id,
        {{ "payload ->> '$." ~ told.way ~ "'" if told.way else 'null' }}::varchar as told_by,
        {{ "payload ->> '$." ~ told.again ~ "' is not null" if told.again else 'false' }} as is_again,
        _is_deleted as is_deleted,
        {{ 'coalesce(_occurred_at, _first_seen_at)' if told.is_stamped else '_occurred_at' }} as created_at,
        -- the day whose wording holds for it
        coalesce(_occurred_at, _first_seen_at) as answered_at,
        _first_seen_at as first_seen_at,
        _last_seen_at as last_seen_at,
        _touched_at as touched_at,
        _ingested_at as ingested_at,
        _known_since as known_since
    from {{ latest(source('raw_' ~ tool, told.get('stream', 'responses')), keep_deleted=true) }}
)
{%- endmacro %}
