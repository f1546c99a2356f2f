-- One row per event that tells which campaign or post it came by, and by what it tells: its number, its name, a link,
-- a code, or an answer in words. A word that fits two equally well tells nothing.
with words as (
    select distinct
        platform,
        platform || ':campaign:' || campaign_id as campaign_key,
        lower(unnest([campaign_id, campaign_name])) as word,
        unnest(['id', 'name']) as word_kind
    from {{ ref('spend') }}
    where campaign_id is not null
    union all
    select distinct platform, platform || ':post:' || post_id, lower(post_id), 'link'
    from {{ ref('spend') }}
    where post_id is not null and campaign_id is null
    union all
    select distinct
        platform,
        platform || ':campaign:' || campaign_id,
        unnest([code, link, heard]),
        unnest(['code', 'link', 'said'])
    from {{ ref('stg_files__spend') }}
),

told as (
    select
        events.event_id,
        events.profile_id,
        events.event_type,
        events.occurred_at,
        events.platform,
        events.evidence,
        owners.owner as channel_owner,
        lower(events.campaign_id) as campaign_word,
        lower(events.details ->> '$.link_code') as link_word,
        list_transform(from_json(events.details -> '$.codes', '["VARCHAR"]'), lambda code: lower(trim(code))) as codes,
        events.details ->> '$.said' as said
    from {{ ref('events') }} as events
    left join {{ ref('channel_owners') }} as owners on lower(events.channel) = owners.word
    where
        {{ is_own_act('events.event_type') }}
        and {{ has_come('events.occurred_at', as_of('lifecycle')) }}
        and (
            events.campaign_id is not null
            or (events.details ->> '$.link_code') is not null
            or (events.details ->> '$.said') is not null
            or json_array_length(events.details -> '$.codes') > 0
        )
),

-- "Au Salon de l'artisanat, l'an dernier": the longest words we know of decide. Answers are few, and asked once each.
answers as (
    select
        said,
        ' ' || {{ plain_words('said', '[a-z0-9]+( [a-z0-9]+)*', '[^a-z0-9]+') }} || ' ' as plain
    from (select distinct said from told where said is not null) as said_once
),

answered as (
    select answers.said, words.word
    from answers
    inner join words on words.word_kind = 'said' and contains(answers.plain, ' ' || words.word || ' ')
    qualify row_number() over (partition by answers.said order by length(words.word) desc, words.word) = 1
),

asked as (
    select event_id, campaign_word as word, 1 as turn, ['id', 'name', 'link'] as kinds from told
    union all
    select event_id, link_word, 2, ['link', 'id', 'name'] from told
    union all
    select event_id, unnest(codes), 3, ['code'] from told
    union all
    select told.event_id, answered.word, 4, ['said']
    from told
    inner join answered on told.said = answered.said
),

-- An answer fits every year's fair of that name: only what had begun, and of that the latest.
begun as (
    select platform || ':campaign:' || campaign_id as campaign_key, min(spend_date) as starts_on
    from {{ ref('spend') }}
    where campaign_id is not null
    group by 1
),

fitting as (
    select
        told.*,
        words.campaign_key,
        words.word_kind as named_by,
        rank() over (
            partition by told.event_id
            order by
                asked.turn,
                words.platform <> told.platform,
                coalesce(owners.owner <> told.channel_owner, true),
                list_position(asked.kinds, words.word_kind),
                case when words.word_kind in ('said', 'code') then begun.starts_on end desc nulls last
        ) as place
    from asked
    inner join words on asked.word = words.word and list_contains(asked.kinds, words.word_kind)
    inner join told on asked.event_id = told.event_id
    left join begun on words.campaign_key = begun.campaign_key
    left join {{ ref('channel_owners') }} as owners on words.platform = owners.word
    where
        words.word_kind not in ('said', 'code')
        or begun.starts_on <= {{ local_day('told.occurred_at') }}
)

select
    fitting.event_id as touchpoint_id,
    any_value(profiles.customer_id) as customer_id,
    any_value(fitting.event_type) as touch_type,
    any_value(fitting.occurred_at) as occurred_at,
    {{ local_day('any_value(fitting.occurred_at)') }} as touch_date,
    any_value(fitting.campaign_key) as campaign_key,
    min(fitting.named_by) as named_by,
    -- of an order, which
    case when any_value(fitting.event_type) = 'order_paid' then any_value(fitting.evidence) end as order_id
from fitting
left join {{ ref('int_customer_profiles') }} as profiles on fitting.profile_id = profiles.profile_id
where fitting.place = 1
group by fitting.event_id
having count(distinct fitting.campaign_key) = 1
