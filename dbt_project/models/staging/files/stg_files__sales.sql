-- One row per ticket: its lines together. One that comes to less than nothing gives back what an earlier one of the
-- same shop took, where it says which; where it does not it stands for itself, for the money left all the same.
with tickets as (
    select
        order_id,
        account,
        coalesce(any_value(store), '') as store,
        any_value(receipt) as receipt,
        any_value(refund_of) as refund_of,
        -- whoever is named on it, on one line or on all
        min(profile_id) as profile_id,
        bool_or(is_erased) as is_erased,
        sum(amount) as amount,
        sum(tax) as tax,
        min(currency) as currency,
        any_value(campaign_id) as campaign_id,
        list(struct_pack(sku := product, title := product, amount := amount) order by product, amount)
        filter (where product is not null) as goods,
        min(sold_at) as sold_at,
        max(touched_at) as touched_at,
        -- the whole ticket, with its last line
        max(known_since) as known_since
    from {{ ref('stg_files__sale_lines') }}
    group by order_id, account
),

taken as (
    select * from tickets where amount >= 0
)

select
    tickets.* exclude (profile_id, receipt, refund_of, is_erased),
    coalesce(tickets.profile_id, taken.profile_id) as profile_id,
    case when not tickets.is_erased then tickets.receipt end as order_name,
    taken.order_id as given_back_of
from tickets
asof left join taken
    on
        case when tickets.amount < 0 then tickets.refund_of end = taken.receipt
        and tickets.account = taken.account
        and tickets.store = taken.store
        and tickets.sold_at >= taken.sold_at
