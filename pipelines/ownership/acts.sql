-- One row per act the owner could take, most at stake first. At stake is what the people it is about are expected to leave
-- in twelve months (`expected`); of a campaign, what it cost beyond what its people left. Where nothing can be expected,
-- those with most people come next. Nobody is counted in two acts but whom a campaign brought.
with unreached as (
    select
        -- Reached by nobody, and never asked: the next time they come is the time.
        if(len(people.rented_from) > 0, 'win_over', 'ask_when_they_come') as act,
        nullif(array_to_string(people.rented_from, ' + '), '') as subject,
        count(*) as person_count,
        count(*) filter (where expected.value is null) as untold_count,
        sum(expected.value) as value,
        sum(expected.value_low) as value_low,
        sum(expected.value_high) as value_high,
        null::date as deadline
    from customer_ownership as people
    inner join expected on people.customer_id = expected.customer_id
    where
        len(people.owned_channels) = 0
        and (
            len(people.rented_from) > 0
            or not people.has_refused and coalesce(people.activity not in ('deceased', 'closed'), true)
        )
    group by act, subject
),

-- A channel lasts as long as the longest permission on it, a person as their last channel. What a firm passes on is no
-- channel of ours.
lasting as (
    select
        customer_id,
        max(coalesce(expires_on, 'infinity'::date)) as expires_on
    from customer_permissions
    where
        purpose = 'marketing'
        and channel in ('email', 'sms', 'phone', 'post')
        and is_allowed
        and is_deliverable
        and not list_contains($relays::varchar[], split_part(contact_value, '@', 2))
    group by customer_id
),

ending as (
    select
        'ask_again' as act,
        null::varchar as subject,
        count(*) as person_count,
        count(*) filter (where expected.value is null) as untold_count,
        sum(expected.value) as value,
        sum(expected.value_low) as value_low,
        sum(expected.value_high) as value_high,
        min(lasting.expires_on) - 1 as deadline
    from lasting
    inner join expected on lasting.customer_id = expected.customer_id and expected.is_reached
    where lasting.expires_on <= $day::date + 90
    having count(*) > 0
),

-- What one who is a lead is expected to leave; of one who is not here nobody knows more.
lead as (
    select avg(value) as value, avg(value_low) as value_low, avg(value_high) as value_high
    from expected
    where stage = 'lead'
),

streams as (
    select
        unnest($platforms::varchar[]) as platform,
        unnest($deadlines::date[]) as deadline,
        unnest($unread_days::double[]) as unread_days,
        unnest($late::boolean[]) as is_late
),

-- What the platform says it holds and we do not; and, where it is read too late, what has come there since.
absent as (
    select platform, sum(missing) as person_count
    from lead_ledger
    where lead_date is null and missing > 0
    group by platform
    union all
    select streams.platform, round(count(*) / 28 * streams.unread_days)
    from streams
    inner join touchpoints
        on
            streams.platform = touchpoints.platform
            and touchpoints.touch_type in ('lead_created', 'form_answered')
            and touchpoints.touch_date between $day::date - 28 and $day::date - 1
    where streams.is_late
    group by streams.platform, streams.unread_days
),

fetched as (
    select
        'fetch_leads' as act,
        absent.platform as subject,
        sum(absent.person_count)::bigint as person_count,
        case when any_value(lead.value) is null then sum(absent.person_count)::bigint else 0 end as untold_count,
        sum(absent.person_count) * any_value(lead.value) as value,
        sum(absent.person_count) * any_value(lead.value_low) as value_low,
        sum(absent.person_count) * any_value(lead.value_high) as value_high,
        min(streams.deadline) as deadline
    from absent
    cross join lead
    left join streams on absent.platform = streams.platform
    group by absent.platform
    having sum(absent.person_count) > 0
),

-- Of the last year, for an older one will hardly be bought again; and of what had the time and the people to be judged.
lost as (
    select
        if(judged.verdict = 'loud_but_empty', 'stop_spending', 'spend_less') as act,
        judged.campaign_name as subject,
        judged.brought_count as person_count,
        0 as untold_count,
        judged.cost - coalesce(judged.contribution, judged.net) as value,
        null::double as value_low,
        null::double as value_high,
        null::date as deadline
    from judged
    where
        judged.verdict in ('loud_but_empty', 'between', 'quiet_but_fertile')
        and judged.ends_on > $day::date - 365
),

acts as (
    from unreached
    union all by name
    from ending
    union all by name
    from fetched
    union all by name
    from lost
)

select *
from acts
where value is null or value > 0
order by value desc nulls last, deadline nulls last, person_count desc, act, subject
