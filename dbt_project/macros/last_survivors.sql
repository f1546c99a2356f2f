-- Who is left in the end: what took others over may itself be taken over. `steps`: a relation with one row per record
-- that another one took over, (account, loser, survivor); of each loser one row with its last `survivor`. Of a ring,
-- which no merging makes, nobody is the last.
{% macro last_survivors(steps) -%}
(
    with recursive chains as (
        select account, loser, survivor from {{ steps }}
        union
        select chains.account, chains.loser, further.survivor
        from chains
        inner join {{ steps }} as further on chains.account = further.account and chains.survivor = further.loser
    )

    select chains.account, chains.loser, max(chains.survivor) as survivor
    from chains
    left join {{ steps }} as further on chains.account = further.account and chains.survivor = further.loser
    where further.loser is null
    group by chains.account, chains.loser
)
{%- endmacro %}
