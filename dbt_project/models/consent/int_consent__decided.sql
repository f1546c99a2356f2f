-- One row per contact point, channel and purpose that is of use day by day: what `allowed` answers on the day of
-- the build. Marketing for everybody; every other purpose where somebody ever said something of it.
{{ config(materialized='table') }}

select * exclude (match_value, has_acts, recipient)
from {{ ref('allowed') }}
where (purpose = 'marketing' and channel in ('email', 'sms', 'phone', 'post')) or has_acts
