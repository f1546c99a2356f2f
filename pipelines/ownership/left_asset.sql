-- One row per stage and state of activity of those whom channels of ours reach, and one for all (`stage` empty): what
-- they are expected to leave in the next twelve months.
select
    stage,
    activity,
    count(*) as person_count,
    count(*) filter (where value is null) as untold_count,
    max(width) as width,
    sum(value) as asset,
    sum(value_low) as asset_low,
    sum(value_high) as asset_high
from expected
where is_reached
group by grouping sets ((stage, activity), ())
order by asset desc nulls last, stage, activity
