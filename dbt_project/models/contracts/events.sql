-- One row per dated thing that happened to a profile, whatever the platform: the table of contents of
-- what each platform tells. Events carry the profile; the customer is joined late, so that a merge
-- rewrites no history. Test leads and test orders are nobody's and are left out.
with happened as (
    select
        profile_id || ':created' as event_id, profile_id, 'lead_created' as event_type, created_at as occurred_at,
        known_since as ingested_at, touched_at, 'meta' as platform, channel, campaign_id, profile_id as evidence,
        json_object('form', form_id, 'said', said_they_heard_from) as details
    from {{ ref('stg_meta__leads') }}
    where not is_test

    union all by name

    select
        profile_id || if(object = 'lead', ':created', ':answered') as event_id, profile_id,
        if(object = 'lead', 'lead_created', 'form_answered') as event_type, created_at as occurred_at,
        known_since as ingested_at, touched_at, platform, coalesce(utm_source, 'form') as channel, campaign_id,
        profile_id as evidence,
        if(
            click_id is null,
            json_object('form', form_id, 'said', said_they_heard_from),
            json_object('form', form_id, 'said', said_they_heard_from, 'click', click_id)
        ) as details
    from {{ ref('stg_forms__responses') }}
    where not is_test and not is_twin

    union all by name

    select
        profile_id || ':created' as event_id, profile_id,
        -- A line of a list is somebody's act only if it says which form they filled in.
        case when form_id is null then 'lead_imported' else 'lead_created' end as event_type,
        created_at as occurred_at, known_since as ingested_at, touched_at,
        'files' as platform, coalesce(lead_source, 'file') as channel,
        campaign_id, profile_id as evidence,
        json_object('form', form_id, 'said', said_they_heard_from) as details
    from {{ ref('stg_files__leads') }}

    union all by name

    select
        profile_id || ':subscribed' as event_id, profile_id, 'newsletter_signup' as event_type,
        created_at as occurred_at, listed_known_at as ingested_at, touched_at,
        'brevo' as platform, 'newsletter' as channel, profile_id as evidence
    from {{ ref('stg_brevo__contacts') }}
    -- A contact on no list asked for nothing: another tool put it there.
    where is_on_a_list

    union all by name

    select
        event_id, profile_id, event_name as event_type, occurred_at, known_since as ingested_at, touched_at,
        'brevo' as platform,
        'site' as channel, event_id as evidence
    from {{ ref('stg_brevo__events') }}

    union all by name

    select
        profile_id || ':subscribed' as event_id, profile_id,
        -- Whom a shop or an import put there asked for nothing.
        case when has_signed_up then 'newsletter_signup' else 'lead_imported' end as event_type,
        created_at as occurred_at, known_since as ingested_at, touched_at,
        'mailchimp' as platform, 'newsletter' as channel, profile_id as evidence
    from {{ ref('stg_mailchimp__members') }}

    union all by name

    -- Mailchimp takes an address out for good where nothing arrives any more.
    select
        profile_id || ':cleaned' as event_id, profile_id, 'hard_bounced' as event_type, changed_at as occurred_at,
        ingested_at, touched_at, 'mailchimp' as platform, 'newsletter' as channel, profile_id as evidence
    from {{ ref('stg_mailchimp__members') }}
    where is_cleaned

    union all by name

    select
        event_id, profile_id, event_type, occurred_at, known_since as ingested_at, touched_at,
        'mailchimp' as platform, 'newsletter' as channel, campaign_id, event_id as evidence
    from {{ ref('stg_mailchimp__activity') }}

    union all by name

    select
        profile_id || ':listed' as event_id, profile_id, 'lead_imported' as event_type, created_at as occurred_at,
        known_since as ingested_at, touched_at, 'klaviyo' as platform, 'newsletter' as channel, profile_id as evidence
    from {{ ref('stg_klaviyo__profiles') }}
    -- The others came by signing up.
    where signed_up_at is null or signed_up_at > created_at + interval 1 hour

    union all by name

    select
        profile_id || ':subscribed' as event_id, profile_id, 'newsletter_signup' as event_type,
        signed_up_at as occurred_at, signed_up_known_at as ingested_at, touched_at, 'klaviyo' as platform,
        'newsletter' as channel, profile_id as evidence
    from {{ ref('stg_klaviyo__profiles') }}
    where signed_up_at is not null

    union all by name

    select
        event_id, profile_id, event_name as event_type, occurred_at, known_since as ingested_at, touched_at,
        'klaviyo' as platform, if(is_of_mail, 'newsletter', 'site') as channel, campaign_id, event_id as evidence
    from {{ ref('stg_klaviyo__events') }}

    union all by name

    select
        profile_id || ':listed' as event_id, profile_id,
        -- Whoever did something of their own did it on a form, which tells it itself.
        'lead_imported' as event_type, created_at as occurred_at, known_since as ingested_at, touched_at,
        'hubspot' as platform, 'crm' as channel, profile_id as evidence
    from {{ ref('stg_hubspot__contacts') }}
    where not is_test

    union all by name

    select
        profile_id || ':bounced' as event_id, profile_id, 'hard_bounced' as event_type, bounced_at as occurred_at,
        bounced_known_at as ingested_at, touched_at, 'hubspot' as platform, 'newsletter' as channel,
        profile_id as evidence
    from {{ ref('stg_hubspot__contacts') }}
    where has_bounced and not is_test

    union all by name

    select
        profile_id || ':' || event_type as event_id, profile_id, event_type, reached_at as occurred_at,
        known_at as ingested_at, touched_at, 'hubspot' as platform, 'crm' as channel, profile_id as evidence
    from (
        select profile_id, touched_at, unnest(stages, recursive := true)
        from {{ ref('stg_hubspot__contacts') }}
        where not is_test
    )
    where reached_at is not null

    union all by name

    select
        profile_id || ':listed' as event_id, profile_id, 'lead_imported' as event_type, created_at as occurred_at,
        known_since as ingested_at, touched_at, 'pipedrive' as platform, 'crm' as channel, profile_id as evidence
    from {{ ref('stg_pipedrive__persons') }}
    where not is_test

    union all by name

    select
        deal_id || ':opened' as event_id, profile_id, 'opportunity_opened' as event_type, opened_at as occurred_at,
        known_since as ingested_at, touched_at, 'pipedrive' as platform, 'crm' as channel, deal_id as evidence,
        json_object('value', deal_value, 'currency', currency) as details
    from {{ ref('stg_pipedrive__deals') }}

    union all by name

    select
        deal_id || ':won' as event_id, profile_id, 'deal_won' as event_type, won_at as occurred_at,
        won_known_at as ingested_at, touched_at, 'pipedrive' as platform, 'crm' as channel, deal_id as evidence,
        json_object('value', deal_value, 'currency', currency) as details
    from {{ ref('stg_pipedrive__deals') }}
    where won_at is not null

    union all by name

    select
        deal_id || ':lost' as event_id, profile_id, 'deal_lost' as event_type, lost_at as occurred_at,
        lost_known_at as ingested_at, touched_at, 'pipedrive' as platform, 'crm' as channel, deal_id as evidence,
        json_object('value', deal_value, 'currency', currency) as details
    from {{ ref('stg_pipedrive__deals') }}
    where lost_at is not null

    union all by name

    select
        profile_id || ':listed' as event_id, profile_id, 'lead_imported' as event_type, created_at as occurred_at,
        known_since as ingested_at, touched_at, 'salesforce' as platform, 'crm' as channel, profile_id as evidence
    from {{ ref('stg_salesforce__people') }}
    where not is_test and not was_a_lead

    union all by name

    select
        profile_id || ':bounced' as event_id, profile_id, 'hard_bounced' as event_type, bounced_at as occurred_at,
        bounced_known_at as ingested_at, touched_at, 'salesforce' as platform, 'newsletter' as channel,
        profile_id as evidence
    from {{ ref('stg_salesforce__people') }}
    where bounced_at is not null and not is_test

    union all by name

    -- To convert a lead is to say that there is something to sell.
    select
        profile_id || ':became_sql' as event_id, profile_id, 'became_sql' as event_type, converted_at as occurred_at,
        converted_known_at as ingested_at, touched_at, 'salesforce' as platform, 'crm' as channel,
        profile_id as evidence
    from {{ ref('stg_salesforce__people') }}
    where converted_at is not null and not is_test

    union all by name

    select
        deal_id || ':opened' as event_id, profile_id, 'opportunity_opened' as event_type, opened_at as occurred_at,
        known_since as ingested_at, touched_at, 'salesforce' as platform, 'crm' as channel, deal_id as evidence,
        json_object('value', deal_value, 'currency', currency) as details
    from {{ ref('stg_salesforce__opportunities') }}

    union all by name

    select
        deal_id || ':closed' as event_id, profile_id, 'deal_' || status as event_type, closed_at as occurred_at,
        closed_known_at as ingested_at, touched_at, 'salesforce' as platform, 'crm' as channel, deal_id as evidence,
        json_object('value', deal_value, 'currency', currency) as details
    from {{ ref('stg_salesforce__opportunities') }}
    where closed_at is not null

    union all by name

    select
        order_id || ':paid' as event_id, profile_id, 'order_paid' as event_type, ordered_at as occurred_at,
        paid_known_at as ingested_at, touched_at,
        platform, coalesce(utm_source, 'shop') as channel, campaign_id, total as amount,
        currency, order_id as evidence,
        json_object(
            'order_name', order_name, 'status', payment_status, 'tax', tax, 'shipping', shipping,
            'account', account, 'codes', discount_codes, 'link_code', link_code, 'goods', goods,
            'subscription', subscription_id
        ) as details
    from {{ ref('stg_shops__orders') }}
    where is_paid and not is_test

    union all by name

    select
        order_id || ':cancelled' as event_id, profile_id, 'order_cancelled' as event_type,
        cancelled_at as occurred_at, cancelled_known_at as ingested_at, touched_at,
        platform, 'shop' as channel, order_id as evidence
    from {{ ref('stg_shops__orders') }}
    where cancelled_at is not null and not is_test

    union all by name

    select
        order_id || ':charged_back' as event_id, profile_id, 'order_charged_back' as event_type,
        charged_back_at as occurred_at, charged_back_known_at as ingested_at, touched_at,
        -- what the bank took: all that was not paid back already
        platform, 'shop' as channel, greatest(total - refunded, 0) as amount, currency,
        order_id as evidence
    from {{ ref('stg_shops__orders') }}
    where charged_back_at is not null and not is_test

    union all by name

    select
        refund_id as event_id, profile_id, 'order_refunded' as event_type, refunded_at as occurred_at,
        known_since as ingested_at, touched_at,
        platform, 'shop' as channel, amount, currency, order_id as evidence
    from {{ ref('stg_shops__refunds') }}
    where not is_test

    union all by name

    select
        event_id, profile_id, event_type, occurred_at, known_since as ingested_at, touched_at, 'stripe' as platform,
        'shop' as channel, amount, currency, subscription_id as evidence,
        json_object('subscription', subscription_id, 'months', months) as details
    from {{ ref('stg_stripe__subscription_events') }}

    union all by name

    select
        order_id || case when given_back_of is null then ':paid' else ':refunded' end as event_id, profile_id,
        case when given_back_of is null then 'order_paid' else 'order_refunded' end as event_type,
        sold_at as occurred_at, known_since as ingested_at, touched_at,
        'files' as platform, 'till' as channel, campaign_id,
        case when given_back_of is null then amount else -amount end as amount,
        currency, coalesce(given_back_of, order_id) as evidence,
        json_object('order_name', order_name, 'tax', tax, 'account', account, 'store', store, 'goods', goods) as details
    from {{ ref('stg_files__sales') }}

    union all by name

    select
        referrer_profile_id || ':given' as event_id, referrer_profile_id as profile_id,
        'referral_given' as event_type, occurred_at, known_since as ingested_at, touched_at,
        'files' as platform, 'referral' as channel,
        referrer_profile_id as evidence,
        json_object('referee_profile_id', referee_profile_id, 'order_name', order_name, 'code', referral_code)
            as details
    from {{ ref('stg_files__referrals') }}

    union all by name

    -- The one who was sent is a lead from that day on.
    select
        referee_profile_id || ':received' as event_id, referee_profile_id as profile_id,
        'referral_received' as event_type, occurred_at, known_since as ingested_at, touched_at,
        'files' as platform, 'referral' as channel,
        referee_profile_id as evidence
    from {{ ref('stg_files__referrals') }}

    union all by name

    select
        profile_id || ':written' as event_id, profile_id, 'review_written' as event_type, created_at as occurred_at,
        known_since as ingested_at, touched_at, platform, 'review' as channel, profile_id as evidence,
        json_object(
            'stars', stars, 'characters', coalesce(length(review_text), 0), 'order_name', order_name,
            'is_rewarded', is_rewarded
        ) as details
    from {{ ref('stg_reviews__reviews') }}

    union all by name

    select
        profile_id || ':given' as event_id, profile_id, 'nps_given' as event_type, created_at as occurred_at,
        known_since as ingested_at, touched_at, 'files' as platform, 'survey' as channel, profile_id as evidence,
        json_object('score', score) as details
    from {{ ref('stg_files__nps') }}

    union all by name

    select
        profile_id || ':shared' as event_id, profile_id,
        case
            -- A call on the phone shows nothing; what is shown needs a right to.
            when content_kind = 'reference_call' then 'reference_call_given'
            when not has_rights then 'content_shared'
            when content_kind = 'case_study' then 'case_study_given'
            when content_kind = 'testimonial' then 'testimonial_given'
            else 'ugc_permitted'
        end as event_type,
        created_at as occurred_at, known_since as ingested_at, touched_at,
        'files' as platform, 'content' as channel, profile_id as evidence,
        json_object('kind', content_kind) as details
    from {{ ref('stg_files__content') }}
)

select
    event_id,
    profile_id,
    -- What tables of very many events are joined by: a quarter of the bytes to look through.
    {{ short_name('profile_id') }} as profile_n,
    event_type,
    occurred_at,
    ingested_at,
    touched_at,
    platform,
    channel,
    campaign_id,
    amount::decimal(18, 2) as amount,
    currency,
    evidence,
    -- What only some types have: stars, score, order name. Keys: _contracts.yml.
    details
from happened
where occurred_at is not null
