-- One row per e-mail domain that is a company's, with the company most of those who write from it name, if any.
-- Lists know the large providers; what they miss is told by who writes from it.
with companies as (
    select domain, company_key, count(*) as customer_count
    from {{ ref('int_mail_domains') }}
    where company_key is not null
    group by domain, company_key
),

named as (
    select
        domain,
        arg_max(company_key, (customer_count, company_key)) as company_key,
        max(customer_count) as top_count,
        sum(customer_count) as named_count
    from companies
    group by domain
),

domains as (
    select
        domain,
        count(*) as customer_count,
        bool_or(has_role_address) as has_role_address,
        count(distinct last_name_key) as last_name_count,
        any_value(last_name_key) as a_last_name
    from {{ ref('int_mail_domains') }}
    group by domain
),

weighed as (
    select
        domains.*,
        named.company_key,
        coalesce(named.top_count, 0) as top_count,
        coalesce(named.named_count, 0) as named_count,
        domains.has_role_address or named.domain is not null as is_business
    from domains
    left join named on domains.domain = named.domain
),

-- atelierlumen.example is Atelier Lumen's, whom others name who write from elsewhere.
spelled as (
    select replace(company_key, ' ', '') as label, min(company_key) as company_key
    from (select distinct {{ company_key('company') }} as company_key from {{ ref('int_customer_traits') }})
    group by 1
),

-- gmial.com: one slip away from a provider, and nobody there speaks for a company.
slips as (
    select distinct weighed.domain
    from weighed
    inner join {{ ref('free_mail_domains') }} as free_mail
        on
            left(weighed.domain, 1) = left(free_mail.domain, 1)
            and abs(length(weighed.domain) - length(free_mail.domain)) <= 1
    where
        not weighed.is_business and length(weighed.domain) >= 8
        and damerau_levenshtein(weighed.domain, free_mail.domain) = 1
)

select
    weighed.domain,
    weighed.customer_count,
    -- The one more than half of those agree on who name any.
    coalesce(
        case when weighed.top_count * 2 > weighed.named_count then weighed.company_key end, spelled.company_key
    ) as company_key
from weighed
left join spelled on replace(split_part(weighed.domain, '.', 1), '-', '') = spelled.label
left join slips on weighed.domain = slips.domain
where
    slips.domain is null
    -- A family's own domain: one surname, and no sign of a business.
    and not (
        not weighed.is_business and weighed.last_name_count = 1
        and (
            weighed.customer_count > 1
            or contains(regexp_replace(weighed.domain, '[^a-z0-9]', '', 'g'), replace(weighed.a_last_name, ' ', ''))
        )
    )
    -- A provider nobody listed: people of several companies, or a crowd that hardly names one.
    and not (weighed.named_count >= 3 and weighed.top_count * 2 <= weighed.named_count)
    and not (weighed.customer_count > 50 and weighed.top_count * 10 < weighed.customer_count)
