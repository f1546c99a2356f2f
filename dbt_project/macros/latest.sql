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
        select *, min(_ingested_at) over (partition by _account, _key, _via) as _way_known_since
        from {{ relation }}
        where _op = 'upsert'
        qualify row_number() over (
            partition by _account, _key, _via
            order by coalesce(_changed_at, _fetched_at) desc, _fetched_at desc, _version desc
        ) = 1
    ),

    -- Of records that were ever told deleted: what each way told, in the order in which the door lays versions
    -- (door/changelog.py). Many a deletion moves no date of its record: told after it, it holds.
    words as (
        select
            entry._account,
            entry._key,
            entry._via,
            entry._op = 'delete' as is_deletion,
            coalesce(entry._changed_at, entry._fetched_at) as told_of,
            row_number() over way as place,
            coalesce(
                entry._version <> lag(entry._version) over way or entry._op <> lag(entry._op) over way, true
            ) as is_change
        from {{ relation }} as entry
        inner join (select distinct _account, _key from {{ relation }} where _op = 'delete') as once
            on entry._account = once._account and entry._key = once._key
        window way as (
            partition by entry._account, entry._key, entry._via
            order by
                coalesce(entry._changed_at, entry._fetched_at), entry._fetched_at, entry._version, entry._op
        )
    ),

    last_words as (
        select * from words
        where is_change
        qualify row_number() over (partition by _account, _key, _via order by place desc) = 1
    ),

    -- Between two ways only the record's own time counts: when which of them was asked proves nothing.
    deleted as (
        select _account, _key
        from last_words
        group by _account, _key
        having max(told_of) filter (where is_deletion)
            >= coalesce(max(told_of) filter (where not is_deletion), '-infinity')
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
            -- the richest way's: some files tell no seconds
            coalesce(
                min(_occurred_at) filter (where _via = 'api'),
                min(_occurred_at) filter (where _via = 'webhook'),
                min(_occurred_at)
            ) as _occurred_at,
            min(_first_seen_at) as _first_seen_at,
            -- when the record, whatever it said then, was first here
            min(_way_known_since) as _known_since,
            max(coalesce(_changed_at, _fetched_at)) as _last_seen_at,
            -- when anything of it last reached us, by whichever way
            max(_ingested_at) as _touched_at,
            {% for way in ('api', 'webhook', 'file') -%}
        max(_ingested_at) filter (where _via = '{{ way }}') as {{ way }}_ingested_at,
            max(_changed_at) filter (where _via = '{{ way }}') as {{ way }}_changed_at{{ '' if loop.last else ',' }}
    {% endfor %}
        from newest_by_way
        group by _account, _key
    ),

    -- Learned when the richest way told it, or earlier where a poorer one told of the same change: the
    -- same lead again, in a file or by webhook, is no news.
    dated as (
        select
            _account, _key, payload, _changed_at, _occurred_at, _first_seen_at, _known_since, _last_seen_at,
            _touched_at,
            least(
                coalesce(api_ingested_at, webhook_ingested_at, file_ingested_at),
                case when webhook_changed_at = api_changed_at then webhook_ingested_at end,
                case when file_changed_at = coalesce(api_changed_at, webhook_changed_at) then file_ingested_at end
            ) as _ingested_at
        from records
    )

    select dated.*, deleted._key is not null as _is_deleted
    from dated
    left join deleted on dated._account = deleted._account and dated._key = deleted._key
    {% if not keep_deleted %}where deleted._key is null{% endif %}
)
{%- endmacro %}
