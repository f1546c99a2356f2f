-- One row per pair of profiles that are one person as plain as it gets: one mailbox that nobody shares, or one
-- full name on one mailbox or number. As much as match__resemblance would give them; it need not look.
{{ config(materialized='view') }}

select
    left_n,
    right_n,
    30.0 as weight
from {{ ref('int_identity__candidates') }}
where is_plain
