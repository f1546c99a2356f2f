-- The days of a form are its total: landed, tests and refused.
select platform, account, form_id
from {{ ref('lead_ledger') }}
group by platform, account, form_id
having
    coalesce(sum(landed) filter (where lead_date is not null), 0)
    <> coalesce(sum(landed) filter (where ends_with(ledger_id, ':all')), 0)
    or coalesce(sum(refused) filter (where lead_date is not null), 0)
    <> coalesce(sum(refused) filter (where ends_with(ledger_id, ':all')), 0)
