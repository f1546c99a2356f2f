-- One row per platform, account and form for all days together (`lead_date` null), where what the platform
-- says it holds meets what we hold; and one per day, which platforms tell no counts for.
with landed as (
    select 'meta' as platform, account, form_id, profile_id, created_at, is_test
    from {{ ref('stg_meta__leads') }}
    union all
    select platform, account, form_id, profile_id, created_at, is_test
    from {{ ref('stg_forms__responses') }}
    where not is_twin
    union all
    select 'files' as platform, account, form_id, profile_id, coalesce(created_at, first_seen_at), false
    from {{ ref('stg_files__leads') }}
),

refused as (
    select
        held.platform,
        held.account,
        held.form as form_id,
        held.key,
        min(coalesce(held.occurred_at, held.arrived_at)) as created_at,
        min(array_to_string(held.reasons, '; ')) as reasons
    from {{ source('door', 'quarantine') }} as held
    where
        held.status in ('held', 'dismissed')
        and held.stream in ('leads', 'responses')
        -- Refused once and landed later by another way is not missing.
        and not exists (
            select 1 from landed
            where
                landed.platform = held.platform and landed.account = held.account
                and ends_with(landed.profile_id, ':' || held.key)
        )
    group by held.platform, held.account, held.form, held.key
),

days as (
    select
        platform, account, form_id, {{ local_day('created_at') }} as lead_date,
        count(*) as landed, count(*) filter (where is_test) as tests, 0 as refused, null::varchar as reasons
    from landed
    group by all
    union all
    select
        platform, account, form_id, {{ local_day('created_at') }} as lead_date,
        0 as landed, 0 as tests, count(*) as refused, array_to_string(list_sort(list(distinct reasons)), ' | ')
    from refused
    group by platform, account, form_id, 4
),

announced as (
    select
        platform,
        account,
        form as form_id,
        arg_max(count, announced_at) as announced,
        arg_max(expired, announced_at) as expired,
        max(announced_at) as announced_at
    from {{ source('door', 'announcements') }}
    where stream in ('leads', 'responses')
    group by platform, account, form
),

-- What the platform had thrown away before we first came, and what the erased asked us not to keep.
gone as (
    select platform, account, form as form_id, sum(gap) as gap, sum(dropped) as dropped
    from {{ source('door', 'form_counts') }}
    where stream in ('leads', 'responses')
    group by platform, account, form
),

forms as (
    select 'meta' as platform, account, form_id, form_name from {{ ref('stg_meta__forms') }}
    union all
    select platform, account, form_id, form_name from {{ ref('stg_forms__forms') }}
),

summed as (
    select
        platform, account, coalesce(form_id, '') as form_id, lead_date, grouping(lead_date) = 1 as is_all_days,
        sum(landed) as landed, sum(tests) as tests, sum(refused) as refused,
        string_agg(distinct reasons, ' | ' order by reasons) as reasons
    from days
    group by grouping sets (
        (platform, account, coalesce(form_id, ''), lead_date), (platform, account, coalesce(form_id, ''))
    )
),

met as (
    select
        coalesce(summed.platform, announced.platform) as platform,
        coalesce(summed.account, announced.account) as account,
        coalesce(summed.form_id, announced.form_id) as form_id,
        coalesce(summed.is_all_days, true) as is_all_days,
        summed.lead_date,
        coalesce(summed.landed, 0) as landed,
        coalesce(summed.tests, 0) as tests,
        coalesce(summed.refused, 0) as refused,
        summed.reasons,
        announced.announced,
        announced.expired,
        announced.announced_at
    from summed
    full outer join announced
        on
            case when summed.is_all_days then summed.platform end = announced.platform
            and summed.account = announced.account
            and summed.form_id = announced.form_id
)

select
    concat_ws(':', met.platform, met.account, met.form_id, coalesce(met.lead_date::varchar, 'all')) as ledger_id,
    met.platform,
    met.account,
    met.form_id,
    forms.form_name,
    met.lead_date,
    (met.announced + met.expired)::bigint as announced,
    met.announced_at,
    met.landed::bigint as landed,
    met.tests::bigint as tests,
    met.refused::bigint as refused,
    met.reasons as refusal_reasons,
    case when met.is_all_days then coalesce(gone.gap, 0) end::bigint as expired_unread,
    case when met.is_all_days then coalesce(gone.dropped, 0) end::bigint as erased,
    greatest(
        0,
        met.announced + met.expired - coalesce(gone.gap, 0) - coalesce(gone.dropped, 0) - met.refused - met.landed
        -- Meta counts its own test leads apart.
        + case when met.platform = 'meta' then met.tests else 0 end
    )::bigint as missing
from met
left join forms
    on met.platform = forms.platform and met.account = forms.account and met.form_id = forms.form_id
left join gone
    on
        case when met.is_all_days then met.platform end = gone.platform
        and met.account = gone.account
        and met.form_id = gone.form_id
