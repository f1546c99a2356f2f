-- When what a record says now was first said by any version of it, by whichever way: one row per record that has several
-- versions. A record of one version said all it says when it came.
--
-- `facts`: name of the fact -> condition on a version's payload; gives <name>_known_at, when it reached us, and
-- <name>_changed_at, by the record's own clock. `parts`: a list in the payload; then one row per
-- record and `part` of it.
{% macro first_told(relation, facts, parts=none) -%}
(
    select
        _account,
        _key
        {%- if parts %},
        part
        {%- endif %}
        {%- for name, condition in facts.items() %},
        min(_ingested_at) filter (where {{ condition }}) as {{ name }}_known_at,
        min(coalesce(_changed_at, _fetched_at)) filter (where {{ condition }}) as {{ name }}_changed_at
        {%- endfor %}
    from (
        select
            _account, _key, _changed_at, _fetched_at, _ingested_at, payload
            {%- if parts %},
            unnest({{ parts }}) as part
            {%- endif %}
        from (
            select *, count(*) over (partition by _account, _key) as _versions
            from {{ relation }}
            where _op = 'upsert'
        ) as counted
        where _versions > 1
    ) as versions
    group by all
)
{%- endmacro %}
