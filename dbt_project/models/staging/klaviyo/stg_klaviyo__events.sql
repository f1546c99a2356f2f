-- One row per thing somebody did, as Klaviyo or another tool reports it: in our words where there is one, else under
-- the kind's own name.
with events as (
    select
        *,
        payload ->> '$.metric_name' as metric_name,
        trim(regexp_replace(lower(payload ->> '$.metric_name'), '[^a-z0-9]+', '_', 'g'), '_') as own_name
    from {{ latest(source('raw_klaviyo', 'events')) }}
),

messages as (
    select account, campaign_id, unnest(message_ids) as message_id from {{ ref('stg_klaviyo__campaigns') }}
)

select
    'klaviyo:' || events._account || ':event:' || events._key as event_id,
    'klaviyo:' || events._account || ':profile:' || (events.payload ->> '$.relationships.profile.data.id')
        as profile_id,
    case events.metric_name
        when 'Clicked Email' then 'email_clicked'
        when 'Clicked SMS' then 'sms_clicked'
        -- without a kind it is a soft one: mailboxes are full for a while
        when 'Bounced Email'
            then case
                when (events.payload ->> '$.attributes.event_properties."Bounce Type"') = 'Hard' then 'hard_bounced'
                else 'soft_bounced'
            end
        when 'Marked Email as Spam' then 'complained'
        when 'Unsubscribed from Email Marketing' then 'unsubscribed'
        when 'Unsubscribed from SMS Marketing' then 'sms_unsubscribed'
        -- as older accounts call it
        when 'Unsubscribed from SMS' then 'sms_unsubscribed'
        when 'Active on Site' then 'site_visit'
        when 'Viewed Product' then 'site_visit'
        when 'Added to Cart' then 'add_to_cart'
        when 'Started Checkout' then 'checkout_started'
        when 'Checkout Started' then 'checkout_started'
        -- Any tool may report anything under any name: what shops, forms and surveys tell for themselves is not
        -- counted on such a word.
        else
            case
                when
                    regexp_matches(
                        events.own_name,
                        '^(order|subscription|lead|form|referral|review|nps|content|opportunity|deal|became)_'
                    )
                    then 'klaviyo_' || events.own_name
                else events.own_name
            end
    end as event_name,
    messages.campaign_id,
    -- what a mail led to is told with the mail's campaign, what happened elsewhere without one
    (events.payload ->> '$.attributes.event_properties."$message"') is not null as is_of_mail,
    events._occurred_at as occurred_at,
    events._touched_at as touched_at,
    events._known_since as known_since,
    events._ingested_at as ingested_at
from events
left join messages
    on
        events._account = messages.account
        and (events.payload ->> '$.attributes.event_properties."$message"') = messages.message_id
-- The tool's own bookkeeping: nobody did it.
where events.metric_name <> 'Merged Profile'
-- A message belongs to one campaign.
qualify row_number() over (partition by events._account, events._key order by messages.campaign_id) = 1
