-- One row per platform in $platforms, each with its firm in $owners: leads it brought in the four weeks before $day, and how many it says it holds
-- that we do not; and how many of the people we know its firm reaches.
select
    platforms.platform,
    (
        select count(*) from touchpoints
        where
            touchpoints.platform = platforms.platform
            and touch_type in ('lead_created', 'form_answered')
            and touch_date between $day::date - 28 and $day::date - 1
    ) as four_weeks_count,
    (
        select coalesce(sum(missing), 0) from lead_ledger
        where lead_ledger.platform = platforms.platform and lead_date is null
    ) as missing_count,
    (select count(*) from drilled where list_contains(drilled.rented_from, platforms.owner)) as matched_count
from (select unnest($platforms::varchar[]) as platform, unnest($owners::varchar[]) as owner) as platforms
order by platforms.platform
