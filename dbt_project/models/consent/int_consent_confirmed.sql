-- One row per contact point and channel confirmed by a click in a mail, and when last: a confirmed mailbox is
-- confirmed for later yeses to anything.
select
    point_key,
    channel,
    max(weighed_at) as confirmed_at
from {{ ref('int_consent_counted') }}
where act = 'confirm' and is_yes_in_force
group by point_key, channel
