-- Each record of a raw stream as it is now: `_account, _key, payload`, its times, whether its platform
-- deleted it. The only way by which staging reads raw.
--
-- The same record may have come by API, by webhook and in a file, each kept apart. The API's version is
-- the richest and a file's the poorest, so a poorer one fills what a richer one does not hold and never
-- overwrites it.
--
-- `keep_deleted`: a person deleted by their platform stays, as last known, because our number and the
-- history hang on the key. (Erasure is something else: it happens in raw.) Other records go.
{% macro latest(relation, keep_deleted=false) -%}
(
    with newest_by_way as (
        select *
        from {{ relation }}
        where _op = 'upsert'
        qualify row_number() over (
            partition by _account, _key, _via
            order by coalesce(_changed_at, _fetched_at) desc, _fetched_at desc, _version desc
        ) = 1
    ),

    deleted as (
        select _account, _key
        from {{ relation }}
        group by _account, _key
        having bool_or(_op = 'delete')
            and max(coalesce(_changed_at, _fetched_at)) filter (where _op = 'delete')
            > max(coalesce(_changed_at, _fetched_at)) filter (where _op = 'upsert')
    ),

    records as (
        select
            _account,
            _key,
            case
                when count(*) = 1 then any_value(payload)
                else
                    json_merge_patch(
                        coalesce(max(payload::varchar) filter (where _via = 'file'), '{}')::json,
                        coalesce(max(payload::varchar) filter (where _via = 'webhook'), '{}')::json,
                        coalesce(max(payload::varchar) filter (where _via = 'api'), '{}')::json
                    )
            end as payload,
            max(_changed_at) as _changed_at,
            min(_occurred_at) as _occurred_at,
            min(_first_seen_at) as _first_seen_at,
            max(coalesce(_changed_at, _fetched_at)) as _last_seen_at,
            max(_ingested_at) as _ingested_at
        from newest_by_way
        group by _account, _key
    )

    select records.*, deleted._key is not null as _is_deleted
    from records
    left join deleted on records._account = deleted._account and records._key = deleted._key
    {% if not keep_deleted %}where deleted._key is null{% endif %}
)
{%- endmacro %}
