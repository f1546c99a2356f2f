-- Every version of each record of a raw stream, in the record's own order of time (`_recorded_at`): for
-- states a platform shows only as "now", such as a permission flag. `_ordinal` counts within one record and way.
--
-- Each way (API, webhook, file) has a history of its own. Between two answers of the API an export, which leaves
-- columns out, would read as a change that nobody made; and what only an export ever told stays told.
{% macro history(relation) -%}
(
    select
        _account,
        _key,
        payload,
        _via,
        coalesce(_changed_at, _fetched_at) as _recorded_at,
        _ingested_at,
        _version,
        row_number() over (
            partition by _account, _key, _via
            order by coalesce(_changed_at, _fetched_at), _fetched_at, _version
        ) as _ordinal
    from {{ relation }}
    where _op = 'upsert'
)
{%- endmacro %}
