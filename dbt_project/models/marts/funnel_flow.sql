-- One row per month and stage, as of the given day. How it is worked out, for any day: funnel__flow.
select
    month,
    stage_number::integer as stage_number,
    stage,
    came_count::integer as came_count,
    came_back_count::integer as came_back_count,
    moved_up_count::integer as moved_up_count,
    reversed_count::integer as reversed_count,
    stock_count::integer as stock_count
from {{ ref('funnel__flow') }}
