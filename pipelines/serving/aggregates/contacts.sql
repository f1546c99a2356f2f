-- One row per contact: what people did in which month, and on which platform.
-- reads touchpoints: customer_id, touch_date, touch_type, platform
select
    customer_id as person,
    strftime(touch_date, '%Y-%m') as touch_month,
    touch_type,
    platform,
    1 as contacts
from touchpoints
