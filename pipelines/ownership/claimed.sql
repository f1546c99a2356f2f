-- One row per platform that claims leads of its campaigns in [$first, $last]: how many, and how many of them we hold.
select
    platform,
    sum(leads_claimed) as claimed_count,
    sum(lead_count) as held_count,
    sum(leads_claimed) / nullif(sum(lead_count), 0) as over_claim
from campaigns
where campaign_date between $first::date and $last::date
group by platform
having sum(leads_claimed) > 0
order by claimed_count desc, platform
