-- One row per subject and stretch of days with a purchase behind it: how long this one lets pass between two, and
-- after how many days without one they are at risk (four of five would be back), lapsed (nineteen of twenty) and
-- lost. A rhythm of one's own is drawn towards that of all (the prior of the month of the last purchase), the more
-- the fewer gaps there are.
{{ config(materialized='view') }}

{{ rhythms_of(purchase_states_of(ref('int_purchase_runs'))) }}
