-- One row per customer with news of their own and per account of theirs: a record that is new or changed, a merge or
-- a split, who belongs to an account. Empty where everything is computed anew.
-- depends_on: {{ ref('int_identity__news') }} {{ ref('events') }} {{ ref('profiles') }}
-- depends_on: {{ ref('int_customer_profiles') }} {{ ref('int_account_members') }}
{% if is_full_lifecycle() %}
select null::varchar as subject_id, null::bigint as n, null::boolean as is_account where false
{% else %}
{% set settled_at, is_same_moment, last_entry, as_of_then = run_query(
    'select settled_at, is_same_moment, last_entry, as_of_then from ' ~ ref('int_lifecycle__settled')
).rows[0].values() %}
{% set since = ('>=' if is_same_moment else '>') ~ " timestamptz '" ~ settled_at ~ "'" %}
{% set told = this.incorporate(path={'identifier': 'int_lifecycle__told'}) %}
with records as materialized (
    select profile_n from {{ ref('events') }} where touched_at {{ since }}
    union
    -- What was dated later than the day then given, by a clock that was ahead.
    select profile_n from {{ ref('events') }}
    where
        not {{ has_come('occurred_at', "date '" ~ as_of_then ~ "'") }}
        and {{ has_come('occurred_at', as_of('lifecycle')) }}
    union
    select {{ short_name('profile_id') }} from {{ ref('profiles') }} where touched_at {{ since }}
),

-- A void filter: without any, DuckDB does not sieve the large table by what is looked for (macro short_names).
customers as materialized (
    select customer_id from {{ ref('int_customer_profiles') }}
    where n in (select profile_n from records where profile_n <> 0)
    union
    select unnest([customer_id, previous_customer_id])
    from {{ source('door', 'identity_log') }}
    where entry > {{ last_entry }}
),

members as (
    select account_id, customer_id, {{ local_day('since') }} as since from {{ ref('int_account_members') }}
),

members_then as (
    select subject_id as account_id, detail as customer_id, since from {{ told }} where kind = 'member'
),

accounts as (
    select account_id from members where customer_id in (select customer_id from customers)
    union
    select account_id from members_then where customer_id in (select customer_id from customers)
    union
    select account_id from (from members except from members_then)
    union
    select account_id from (from members_then except from members)
)

select customer_id as subject_id, {{ digest('customer_id') }} as n, false as is_account
from customers
where customer_id is not null
union all
select account_id, {{ digest('account_id') }}, true
from accounts
{% endif %}
