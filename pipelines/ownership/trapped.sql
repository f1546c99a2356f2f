-- One row per platform in $platforms: leads it brought in the four weeks before $day, and how many it says it holds
-- that we do not; and how many people we know of those it could show us to.
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
    (select count(*) from drilled where list_has_any(rented_from, $owners::varchar[])) as matched_count
from (select unnest($platforms::varchar[]) as platform) as platforms
order by platforms.platform
