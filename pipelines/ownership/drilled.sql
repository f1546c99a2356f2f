-- One row per customer: who is left without the firms in $owners and without our own channels in $channels.
create temp table drilled as
with ways as (
    select
        *,
        list_filter(owned_channels, lambda channel: not list_contains($channels::varchar[], channel)) as owned_left,
        list_filter(rented_from, lambda owner: not list_contains($owners::varchar[], owner)) as rented_left
    from customer_ownership
)

select
    *,
    len(owned_channels) > 0 as was_reachable,
    len(owned_left) > 0 as is_reachable,
    -- Reachable by what goes, and by nothing else, ours or rented.
    len(owned_left) = 0 and len(rented_left) = 0 and len(owned_channels) + len(rented_from) > 0 as is_sole,
    -- Whom each is told by first: the cheapest channel left.
    list_filter(['email', 'sms', 'post', 'phone'], lambda channel: list_contains(owned_left, channel))[1] as told_by
from ways
