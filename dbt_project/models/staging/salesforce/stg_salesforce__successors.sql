-- One row per lead or contact that became another record: merged into one of its own kind, or a lead converted into a
-- contact. However often that happened: the last one counts.
{{ config(materialized='view') }}

with recursive became as (
    {% for stream in ('lead_records', 'contacts') -%}
        select
            _account as account,
            _key as former_id,
            coalesce(
                nullif(payload ->> '$.MasterRecordId', ''), nullif(payload ->> '$.ConvertedContactId', '')
            ) as record_id
        from {{ latest(source('raw_salesforce', stream), keep_deleted=true) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

steps as (
    select * from became
    where record_id is not null and record_id <> former_id
),

-- Of a ring, which nobody's merging makes, nobody is the last.
chains as (
    select account, former_id, record_id from steps
    union
    select chains.account, chains.former_id, steps.record_id
    from chains
    inner join steps on chains.account = steps.account and chains.record_id = steps.former_id
)

select
    chains.account,
    chains.former_id,
    max(chains.record_id) as record_id
from chains
left join steps as further on chains.account = further.account and chains.record_id = further.former_id
where further.former_id is null
group by chains.account, chains.former_id
