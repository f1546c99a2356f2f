-- One row per customer, the person that profiles resolve to, from the first lead on: THE table, as of the
-- given days. Its contract (names, types, labels) is customers.yml.
with members as (
    select customer_id, count(*) as merged_from_count
    from {{ ref('int_customer_profiles') }}
    group by customer_id
),

stages as (
    select
        customer_id,
        max(value) filter (where axis = 'stage') as stage,
        max(value_rank) filter (where axis = 'stage') as stage_rank,
        max(valid_from) filter (where axis = 'stage') as stage_since,
        max(value) filter (where axis = 'commercial_stage') as commercial_stage,
        max(value) filter (where axis = 'activity') as activity,
        max(valid_from) filter (where axis = 'activity') as activity_since
    from {{ ref('customer_stages') }}
    where valid_to is null
    group by customer_id
),

-- Whoever has a say in what a company buys stands where it stands. Forward only, and never on a person's own history:
-- who leaves the company keeps what was theirs.
inherited as (
    select members.customer_id, accounts.value as stage, accounts.value_rank as stage_rank
    from {{ ref('account_members') }} as members
    inner join {{ ref('account_stages') }} as accounts
        on members.account_id = accounts.account_id and accounts.axis = 'stage' and accounts.valid_to is null
    where members.buying_role is not null and members.since <= {{ as_of('lifecycle') }}
),

-- What no rate was supplied for is never added up: it is listed as it is.
worth as (
    select
        customer_id,
        count(*) filter (where gross > 0) as order_count,
        sum(net_converted) as net_revenue_total,
        sum(net_converted) filter (where order_date > {{ as_of('lifecycle') }} - 365) as net_revenue_12m,
        sum(refunded_converted) as refunds_total,
        avg(gross_converted) filter (where gross > 0) as average_basket,
        min(order_date) filter (where gross > 0) as first_order_on,
        max(order_date) filter (where gross > 0) as last_order_on
    from {{ ref('orders') }}
    where customer_id is not null
    group by customer_id
),

unconverted as (
    select customer_id, string_agg(net || ' ' || currency, ', ' order by currency) as unconverted_amounts
    from (
        select customer_id, currency, sum(net) as net
        from {{ ref('orders') }}
        where customer_id is not null and exchange_rate is null
        group by customer_id, currency
    )
    group by customer_id
),

referrers as (
    select referee_id as customer_id, referrer_id as referred_by_customer_id
    from {{ referrals_on(as_of('lifecycle')) }}
    where status in ('converted', 'undone')
)

select
    -- who
    members.customer_id,
    coalesce(traits.display_name, split_part(reach.best_email, '@', 1), reach.best_phone, 'unknown')
        as display_name,
    traits.first_name,
    traits.last_name,
    traits.company,
    traits.job_title,
    countries.country,
    traits.language,
    traits.city,
    traits.postcode,
    case when traits.company is not null then 'business' else 'consumer' end as customer_kind,
    -- reach
    reach.best_email,
    reach.best_phone,
    traits.postal_address,
    coalesce(reach.can_email, false) as can_email,
    coalesce(reach.can_sms, false) as can_sms,
    coalesce(reach.can_call, false) as can_call,
    coalesce(reach.can_post, false) as can_post,
    case when not coalesce(reach.can_email, false) then coalesce(reach.why_not_email, 'no_address') end
        as why_not_email,
    case when not coalesce(reach.can_sms, false) then coalesce(reach.why_not_sms, 'no_number') end as why_not_sms,
    case when not coalesce(reach.can_call, false) then coalesce(reach.why_not_call, 'no_number') end as why_not_call,
    case when not coalesce(reach.can_post, false) then coalesce(reach.why_not_post, 'no_address') end as why_not_post,
    reach.basis_email,
    reach.basis_sms,
    reach.basis_call,
    reach.basis_post,
    reach.permission_expires_on,
    -- E-mail, SMS, calls and letters are ours: no advertising platform stands between.
    coalesce(reach.can_email or reach.can_sms or reach.can_call or reach.can_post, false) as reachable_without_meta,
    coalesce(reach.can_email or reach.can_sms or reach.can_call or reach.can_post, false) as reachable_without_google,
    coalesce(reach.can_email or reach.can_sms or reach.can_call or reach.can_post, false) as reachable_without_tiktok,
    case
        when reach.can_email then 'email' when reach.can_sms then 'sms'
        when reach.can_post then 'post' when reach.can_call then 'phone'
    end as preferred_channel,
    -- where from
    beginnings.first_seen_on,
    beginnings.first_source,
    beginnings.first_platform,
    beginnings.first_campaign,
    beginnings.said_they_heard_from,
    beginnings.last_source_before_first_order,
    referrers.referred_by_customer_id,
    -- where they are
    stages.stage,
    stages.stage_since,
    stages.commercial_stage,
    case when inherited.stage_rank > stages.stage_rank then inherited.stage else stages.stage end as effective_stage,
    coalesce(inherited.stage_rank > stages.stage_rank, false) as is_stage_inherited,
    stages.activity,
    stages.activity_since,
    habits.usual_days as usual_days_between_purchases,
    habits.expected_next_purchase_on,
    coalesce(labels.label_en, stage_labels.label_en) as label_en,
    coalesce(labels.label_fr, stage_labels.label_fr) as label_fr,
    -- how they buy
    habits.purchase_channel,
    habits.preferred_category,
    habits.preferred_weekday,
    habits.preferred_hour,
    -- worth
    coalesce(worth.order_count, 0)::integer as order_count,
    coalesce(worth.net_revenue_total, 0)::decimal(18, 2) as net_revenue_total,
    coalesce(worth.net_revenue_12m, 0)::decimal(18, 2) as net_revenue_12m,
    coalesce(worth.refunds_total, 0)::decimal(18, 2) as refunds_total,
    worth.average_basket::decimal(18, 2) as average_basket,
    '{{ var("currency") }}' as currency,
    unconverted.unconverted_amounts,
    worth.first_order_on,
    worth.last_order_on,
    rfm.rfm_group,
    rfm.recency || '-' || rfm.frequency || '-' || rfm.money as rfm_scores,
    -- What customers like this one spent in their first year is in value_cohorts; of one person nothing is foretold.
    null::decimal(18, 2) as predicted_12m,
    'no_model' as predicted_12m_why_empty,
    -- voice
    voices.last_nps,
    coalesce(voices.review_count, 0)::integer as review_count,
    voices.average_stars::decimal(3, 2) as average_stars,
    coalesce(voices.referrals_converted, 0)::integer as referrals_converted,
    coalesce(voices.advocacy_points, 0)::decimal(8, 2) as advocacy_points,
    coalesce(stages.stage = 'ambassador', false) as is_ambassador,
    -- care
    beginnings.last_act_by_person_on,
    beginnings.last_contacted_on,
    -- Where no tool tells what it sends, nothing is known, which is not never.
    case
        when max(beginnings.last_contacted_on) over () is not null then beginnings.contacts_last_30d
    end::integer as contacts_last_30d,
    -- Opens, our own letters and imports are no acts of theirs. An unknown country has the shortest time.
    (
        coalesce(beginnings.last_act_by_person_on, beginnings.first_seen_on)
        + to_months(
            coalesce(retention.months, (select min(lines.months) from {{ ref('retention') }} as lines))::integer
        )
    )::date as purge_on,
    concat_ws(
        ', ',
        case when traits.display_name is null then 'no_name' end,
        case
            when reach.best_email is null and reach.best_phone is null and traits.postal_address is null
                then 'no_contact_point'
        end,
        case when reach.why_not_email = 'undeliverable' then 'undeliverable_email' end,
        case when countries.country is null then 'country_unknown' end,
        case when unconverted.customer_id is not null then 'orders_in_other_currency' end
    ) as data_quality_flags,
    members.merged_from_count::integer as merged_from_count
from members
left join {{ ref('int_customer_traits') }} as traits on members.customer_id = traits.customer_id
left join {{ ref('int_customer_countries') }} as countries on members.customer_id = countries.customer_id
left join {{ ref('int_customer_reach') }} as reach on members.customer_id = reach.customer_id
left join {{ ref('int_customer_beginnings') }} as beginnings on members.customer_id = beginnings.customer_id
left join {{ ref('int_customer_voices') }} as voices on members.customer_id = voices.customer_id
left join stages on members.customer_id = stages.customer_id
left join inherited on members.customer_id = inherited.customer_id
left join {{ ref('customer_labels') }} as labels
    on stages.stage = labels.stage and stages.activity = labels.activity
left join {{ ref('customer_labels') }} as stage_labels
    on stages.stage = stage_labels.stage and stage_labels.activity is null
left join {{ ref('int_customer_habits') }} as habits on members.customer_id = habits.customer_id
left join {{ ref('int_customer_rfm') }} as rfm on members.customer_id = rfm.customer_id
left join {{ ref('retention') }} as retention on countries.country = retention.country
left join worth on members.customer_id = worth.customer_id
left join unconverted on members.customer_id = unconverted.customer_id
left join referrers on members.customer_id = referrers.customer_id
