-- One row: of the published day, how many are known, how many a channel of ours reaches, how many only what is rented;
-- and how many leads are announced and not here, or were gone before the first read.
select
    count(*) as known,
    count(*) filter (where len(owned_channels) > 0) as reachable,
    count(*) filter (where len(owned_channels) = 0 and len(rented_from) > 0) as rented_only,
    (select coalesce(sum(missing), 0) from lead_ledger where lead_date is null) as missing,
    (select coalesce(sum(expired_unread), 0) from lead_ledger where lead_date is null) as gone
from customer_ownership
