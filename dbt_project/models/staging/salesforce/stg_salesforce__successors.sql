-- One row per lead or contact that became another record: merged into one of its own kind, or a lead converted into a
-- contact. However often that happened: the last one counts.
{{ config(materialized='view') }}

with became as (
    {% for stream in ('lead_records', 'contacts') -%}
        select
            _account as account,
            _key as loser,
            coalesce(
                nullif(payload ->> '$.MasterRecordId', ''), nullif(payload ->> '$.ConvertedContactId', '')
            ) as survivor
        from {{ latest(source('raw_salesforce', stream), keep_deleted=true) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

steps as (
    select * from became
    where survivor is not null and survivor <> loser
)

select
    account,
    loser as former_id,
    survivor as record_id
from {{ last_survivors('steps') }}
