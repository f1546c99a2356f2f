-- One row per contact point, channel and purpose for which something else than the person's own word may count: what
-- a system merely asserts, and what a relation may be worth where the law says so.
select
    point_key,
    channel,
    purpose,
    max(moment_key || consent_act_id) filter (where act = 'asserted_grant')[19:] as asserted_id,
    {{ last_relation('purchase', 'implied_purchase') }},
    {{ last_relation('inquiry', 'implied_inquiry') }},
    -- Three conditions: their own sale, similar goods, a way out offered there and then.
    {{ last_relation('soft_opt_in', 'soft_opt_in', "(evidence ->> '$.sale_order_id') is not null
        and (evidence ->> '$.similar_products') = 'true' and (evidence ->> '$.optout_offered') = 'true'") }},
    {{ last_relation('notice', 'b2b_relevance', "(evidence ->> '$.role') is not null") }},
    -- Without an end it runs until somebody says that it ended.
    max(coalesce(expires_on, date '9999-12-31')) filter (where basis = 'contract') as contract_until,
    max(coalesce(expires_on, date '9999-12-31') || consent_act_id) filter (where basis = 'contract')[11:] as contract_id
from {{ ref('int_consent_counted') }}
where act in ('asserted_grant', 'implied_start')
group by point_key, channel, purpose
