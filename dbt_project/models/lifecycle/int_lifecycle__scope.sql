-- One row per customer or account whose histories are computed in this build: everybody, or who was touched, and
-- those whom a friend's order, or a month that reads otherwise now, speaks of.
{% set everybody, touched = all_subjects(), ref('int_lifecycle__touched') %}
{% set priors, runs = ref('int_rhythm_priors'), ref('int_purchase_runs') %}
{% set referrals = ref('int_referrals') %}
{% if is_full_lifecycle() %}
select * from {{ everybody }}
{% else %}
{% set told = this.incorporate(path={'identifier': 'int_lifecycle__told'}) %}
{% set moved = run_query('select count(*) from ' ~ priors ~ ' where is_changed').rows[0][0] %}
with referrals as (
    {{ referrals_told() }}
),

referrals_then as (
    select subject_id, detail, since, until from {{ told }} where kind = 'referral'
),

spoken_of as (
    select subject_id as customer_id from (from referrals except from referrals_then)
    union
    select subject_id from (from referrals_then except from referrals)
    union
    -- A friend who raised a hand is worth a point.
    select referrer_id from {{ referrals }} where referee_id in (select subject_id from {{ touched }})
),

accounts as (
    select distinct account_id from {{ ref('int_account_members') }}
    where customer_id in (select customer_id from spoken_of)
)

select * from {{ touched }}
union
select customer_id, {{ digest('customer_id') }}, false from spoken_of
union
select account_id, {{ digest('account_id') }}, true from accounts
{% if moved -%}
union
select * from {{ everybody }}
where n in (
    select runs.n
    from {{ runs }} as runs
    inner join {{ priors }} as priors on date_trunc('month', runs.occasion_date) = priors.month
    where priors.is_changed
)
{%- endif %}
{% endif %}
