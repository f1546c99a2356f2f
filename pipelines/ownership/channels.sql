-- One row per channel of ours that is left: whom it reaches, whom it would reach first, and on what permission.
with bases as (
    select
        drilled.told_by,
        unnest(drilled.owned_left) as channel,
        customers.basis_email,
        customers.basis_sms,
        customers.basis_call,
        customers.basis_post
    from drilled
    inner join customers on drilled.customer_id = customers.customer_id
)

select
    channel,
    count(*) as person_count,
    count(*) filter (where told_by = channel) as first_count,
    histogram(
        case channel
            when 'email' then basis_email when 'sms' then basis_sms when 'post' then basis_post else basis_call
        end
    ) as bases
from bases
group by channel
order by list_position(['email', 'sms', 'post', 'phone'], channel)
