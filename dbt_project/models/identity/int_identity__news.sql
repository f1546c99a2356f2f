-- One row per customer number that is another's than the log last said, is new, gone or back: what happened,
-- and why. Added to the log as soon as it is known. It compares with what the log says and not with the build
-- before, so a build that died in between is made good by the next, and the same build twice adds nothing.
{{ config(
    post_hook="insert into {{ source('door', 'identity_log') }} by name select * from {{ this }}"
) }}
{% set is_full = is_full_identity() %}
{% set log = source('door', 'identity_log') %}
-- depends_on: {{ ref('int_identity__clusters') }} {{ ref('int_identity__changes') }} {{ ref('profiles') }}

with present as materialized (
    select n, own_number as customer_number, customer_id, first_seen_at
    from {{ ref('int_customer_profiles') }}
    {% if not is_full %}
        where n in (select n from {{ ref('int_identity__clusters') }})
    {% endif %}
),

told as materialized (
    select
        customer_number,
        -- '' for nobody: arg_max passes over null
        nullif(arg_max(coalesce(customer_id, ''), entry), '') as customer_id
    from {{ log }}
    {% if not is_full %}
        where customer_number in (
            select customer_number from present
            union all
            select {{ own_number('profile_id') }} from {{ ref('int_identity__changes') }} where is_gone
        )
    {% endif %}
    group by customer_number
),

compared as materialized (
    select
        present.n,
        coalesce(present.customer_number, told.customer_number) as customer_number,
        present.customer_id,
        told.customer_id as previous_customer_id,
        told.customer_number is not null as is_known,
        -- whose it was; who was nobody's yet comes for themselves
        coalesce(told.customer_id, present.customer_number) as group_before,
        present.first_seen_at
    from present
    full outer join told on present.customer_number = told.customer_number
),

moved as materialized (
    select * from compared where customer_id is distinct from previous_customer_id
),

happened as materialized (
    select
        moved.*,
        case
            when moved.customer_id is null then 'ended'
            when not moved.is_known then 'born'
            when moved.previous_customer_id is null then 'returned'
            when moved.customer_id = moved.customer_number then 'parted'
            -- They went where the whole of their customer went.
            when head.customer_id = moved.customer_id then 'merged'
            else 'parted'
        end as event
    from moved
    left join compared as head on moved.previous_customer_id = head.customer_number
),

-- What ties those a number was with to the rest of the customer it belongs to now, the strongest first.
members as materialized (
    select n, customer_id, group_before
    from compared
    where customer_id in (
        select customer_id from happened
        where event in ('born', 'returned', 'merged') and customer_id <> customer_number
    )
),

bonds as (
    select
        weighed.*,
        one.customer_id,
        one.group_before as one_group,
        other.group_before as other_group
    from {{ ref('int_identity__weighed') }} as weighed
    inner join members as one on weighed.left_n = one.n
    inner join members as other on weighed.right_n = other.n
    where
        weighed.weight >= {{ var('matching')['threshold_bits'] }}
        and one.customer_id = other.customer_id
        and one.group_before <> other.group_before
),

strongest as (
    select
        customer_id,
        group_before,
        arg_max(
            struct_pack(left_n, right_n, best_rule), struct_pack(weight, left_n, right_n)
        ) as bond
    from (
        select *, one_group as group_before from bonds
        union all
        select *, other_group as group_before from bonds
    ) as ends
    group by customer_id, group_before
),

joined as (
    select
        strongest.customer_id,
        strongest.group_before,
        {{ best_rule('strongest.bond', 'one', 'other') }} as cause,
        case when strongest.bond.best_rule = 'judged_together' then judgements.judged_by end as judged_by,
        least({{ own_number('one.profile_id') }}, {{ own_number('other.profile_id') }}) as one_number,
        greatest({{ own_number('one.profile_id') }}, {{ own_number('other.profile_id') }}) as other_number,
        greatest(one.first_seen_at, other.first_seen_at) as bonded_at
    from strongest
    inner join {{ ref('int_profile_features') }} as one on strongest.bond.left_n = one.n
    inner join {{ ref('int_profile_features') }} as other on strongest.bond.right_n = other.n
    left join {{ ref('int_judgements') }} as judgements
        on
            least(one.profile_id, other.profile_id) = judgements.left_profile_id
            and greatest(one.profile_id, other.profile_id) = judgements.right_profile_id
),

-- Why those who were one are two: what a person said, who is missing, what changed, in this order.
judged_apart as (
    select
        one.group_before,
        one.customer_id as one_customer_id,
        other.customer_id as other_customer_id,
        least(one.customer_number, other.customer_number) as one_number,
        greatest(one.customer_number, other.customer_number) as other_number,
        judgements.judged_by,
        judgements.judged_at
    from {{ ref('int_judgements') }} as judgements
    inner join compared as one on {{ short_name('judgements.left_profile_id') }} = one.n
    inner join compared as other on {{ short_name('judgements.right_profile_id') }} = other.n
    where
        judgements.verdict = 'apart'
        and one.group_before = other.group_before
        and one.customer_id <> other.customer_id
),

sides_apart as (
    select
        group_before,
        customer_id,
        arg_max(struct_pack(one_number, other_number, judged_by), struct_pack(judged_at, one_number)) as judged
    from (
        select *, one_customer_id as customer_id from judged_apart
        union all
        select *, other_customer_id as customer_id from judged_apart
    ) as sides
    group by group_before, customer_id
),

left_behind as (
    select distinct previous_customer_id as group_before from happened where event = 'ended'
),

changed as (
    select distinct compared.group_before
    from compared
    where compared.n in (
        {% if is_full -%}
            select {{ short_name('profile_id') }} from {{ ref('profiles') }}
            where touched_at > (select max(logged_at) from {{ log }})
        {%- else -%}
            select n from {{ ref('int_identity__changes') }}
        {%- endif %}
    )
),

-- The moment this run's news was learned, as the door wrote it down.
learned as (
    select
        coalesce(
            greatest(
                (select max(landed_at) from {{ source('door', 'batches') }}),
                (select max(ingested_at) from {{ source('door', 'commands') }})
            ),
            timestamptz '{{ var("permission_as_of") }} 00:00:00+00'
        ) as logged_at,
        (select coalesce(max(entry), 0) from {{ log }}) as last_entry
)

select
    learned.last_entry + row_number() over (order by happened.event, happened.customer_number) as entry,
    learned.logged_at,
    happened.customer_number,
    happened.event,
    happened.customer_id,
    happened.previous_customer_id,
    case
        when happened.event = 'ended' then 'erased_or_gone'
        when happened.event <> 'parted' and happened.customer_id = happened.customer_number then 'first_record'
        when happened.event <> 'parted' then coalesce(joined.cause, 'resemblance')
        when sides_apart.judged is not null then 'judged_apart'
        when left_behind.group_before is not null then 'erased_or_gone'
        when changed.group_before is not null then 'record_changed'
        else 'evidence_gone'
    end as cause,
    case when happened.event = 'parted' then sides_apart.judged.judged_by else joined.judged_by end as judged_by,
    case when happened.event = 'parted' then sides_apart.judged.one_number else joined.one_number end as one_number,
    case when happened.event = 'parted' then sides_apart.judged.other_number else joined.other_number end
        as other_number,
    case
        when happened.event <> 'born' then learned.logged_at
        -- Not before both records that say so were there.
        else coalesce(joined.bonded_at, happened.first_seen_at)
    end as since
from happened
cross join learned
left join joined
    on
        happened.customer_id = joined.customer_id and happened.customer_id <> happened.customer_number
        and happened.group_before = joined.group_before
left join sides_apart
    on happened.previous_customer_id = sides_apart.group_before and happened.customer_id = sides_apart.customer_id
left join left_behind on happened.previous_customer_id = left_behind.group_before
left join changed on happened.previous_customer_id = changed.group_before
