-- One row per customer of a company: by the domain they write from, else by the company they name. The domain
-- leads to the company its people name, so both ways meet; nobody is merged, and no chain is followed.
with staff as (
    select distinct profiles.customer_id
    from {{ ref('identifiers') }} as identifiers
    inner join {{ ref('internal_domains') }} as internal
        on split_part(identifiers.match_value, '@', 2) = internal.domain
    inner join {{ ref('int_customer_profiles') }} as profiles on identifiers.profile_id = profiles.profile_id
    where identifiers.identifier_type = 'email'
),

by_domain as (
    select
        written.customer_id,
        written.domain,
        written.known_since,
        coalesce(domains.company_key, domains.domain) as account_key
    from {{ ref('int_mail_domains') }} as written
    inner join {{ ref('int_company_domains') }} as domains on written.domain = domains.domain
    -- Of several companies, the one they also name; then the one with more people.
    qualify row_number() over (
        partition by written.customer_id
        order by
            coalesce(domains.company_key = written.company_key, false) desc, domains.customer_count desc, written.domain
    ) = 1
),

by_name as (
    select
        claims.customer_id,
        claims.company,
        {{ company_key('claims.company') }} as account_key,
        coalesce(profiles.created_at, profiles.first_seen_at) as known_since
    from {{ ref('int_field_ranks') }} as claims
    inner join {{ ref('int_customer_profiles') }} as profiles on claims.profile_id = profiles.profile_id
    where claims.field_group = 'company' and claims.claim_rank = 1
),

members as (
    select
        coalesce(by_domain.customer_id, by_name.customer_id) as customer_id,
        coalesce(by_domain.account_key, by_name.account_key) as account_key,
        by_domain.domain,
        by_name.company,
        case
            when by_domain.customer_id is null then 'company_name'
            when by_domain.account_key = by_name.account_key then 'both'
            else 'company_domain'
        end as matched_by,
        least(by_domain.known_since, by_name.known_since) as since
    from by_domain
    full outer join by_name on by_domain.customer_id = by_name.customer_id
),

founded as (
    select members.*, profiles.profile_id, profiles.first_seen_at, profiles.created_at
    from members
    inner join {{ ref('int_customer_profiles') }} as profiles
        on members.customer_id = profiles.customer_id and profiles.own_number = profiles.customer_id
    where
        members.account_key is not null
        and members.customer_id not in (select staff.customer_id from staff)
)

select
    'account-' || {{ own_number("'account:' || first_value(profile_id) over founders") }} as account_id,
    customer_id,
    account_key,
    domain,
    company,
    matched_by,
    since,
    customer_id = first_value(customer_id) over founders as is_founder
from founded
window founders as (partition by account_key order by first_seen_at, created_at nulls last, profile_id)
