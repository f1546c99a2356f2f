-- The days on which the highest of what stands changes, and why. `intervals` has n, rank (1 to 14), valid_from,
-- valid_to, cause and evidence of its beginning, end_cause and end_evidence where its end has a reason of its own.
--
-- One pass in the order of days: each rank has four bits of a number, which count the intervals of that rank that
-- stand, fifteen at most; the highest that is not zero is the answer. So no interval is compared with another.
{% macro highest(intervals) -%}
(
    with turns as (
        select n, valid_from as day, rank, 1 as sign, cause, evidence from {{ intervals }}
        union all
        select n, valid_to, rank, -1, end_cause, end_evidence from {{ intervals }} where valid_to is not null
    ),

    days as (
        select
            n,
            day,
            sum(sign * (1::bigint << (4 * (rank - 1)))) as turn,
            arg_max(struct_pack(cause, evidence), (rank, evidence)) filter (where sign = 1) as begun,
            arg_max(struct_pack(cause, evidence), (rank, evidence)) filter (where sign = -1 and cause is not null)
                as ended
        from turns
        group by n, day
    ),

    summed as (
        select *, sum(turn) over (partition by n order by day) as standing from days
    ),

    ranked as (
        select
            *,
            case when standing > 0 then floor(log2(standing) / 4)::integer + 1 end as rank
        from summed
    ),

    changed as (
        select *, lag(rank) over (partition by n order by day) as rank_before from ranked
    )

    select
        n,
        day,
        rank,
        -- Risen by what began; fallen by what was taken, where anything was.
        case when rank < rank_before then coalesce(ended, begun) else coalesce(begun, ended) end as why
    from changed
    where rank is distinct from rank_before
)
{%- endmacro %}
