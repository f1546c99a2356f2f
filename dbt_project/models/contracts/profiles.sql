-- One row per profile (one record of somebody on one platform), wide: where each platform says which of
-- its people's columns are identifiers. Identity and `identifiers` read it. A column a platform
-- does not have is left out; `by name` makes it null. Test records are nobody.
{{ config(materialized='view') }}

with people as (
    select
        'meta' as platform, leads.profile_id, leads.account, leads.object, leads.created_at, leads.first_seen_at,
        leads.last_seen_at, greatest(leads.touched_at, forms.touched_at) as touched_at,
        leads.email, leads.phone, leads.first_name, leads.last_name, leads.full_name, leads.company, leads.street,
        leads.city, leads.postcode, leads.country, leads.birth_date,
        split_part(forms.locale, '_', 1) as language,
        forms.country as country_hint
    from {{ ref('stg_meta__leads') }} as leads
    left join {{ ref('stg_meta__forms') }} as forms
        on leads.account = forms.account and leads.form_id = forms.form_id
    where not leads.is_test

    union all by name

    select
        platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, first_name, last_name, full_name, company, street, city, postcode, country
    from {{ ref('stg_forms__responses') }}
    where not is_test

    union all by name

    select
        'shopify' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, first_name, last_name, company, street, city, postcode, country, language,
        'shopify:customer:' || shop_customer_id as platform_id
    from {{ ref('stg_shopify__customers') }}
    where not is_test

    union all by name

    select
        'woocommerce' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, first_name, last_name, company, street, city, postcode, country
    from {{ ref('stg_woocommerce__customers') }}
    where not is_test and not is_staff

    union all by name

    select
        'prestashop' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, first_name, last_name, company, street, city, postcode, country, language, birth_date
    from {{ ref('stg_prestashop__customers') }}
    where not is_test and not is_nobody

    union all by name

    select
        'square' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, first_name, last_name, company, street, city, postcode, country, birth_date,
        'square:customer:' || survivor_id as platform_id
    from {{ ref('stg_square__customers') }}
    where not is_test

    union all by name

    select
        'stripe' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, full_name, street, city, postcode, country, language
    from {{ ref('stg_stripe__customers') }}
    where not is_test

    union all by name

    select
        'stripe' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, full_name, street, city, postcode, country
    from {{ ref('stg_stripe__sessions') }}
    where is_guest and not is_test

    union all by name

    -- Somebody with an order and no account in the shop.
    select
        platform, profile_id, account, 'guest_order' as object, ordered_at as created_at, first_seen_at, last_seen_at,
        touched_at, email, coalesce(phone, address_phone) as phone, first_name, last_name, full_name, street, city,
        postcode, country
    from {{ ref('stg_shops__orders') }}
    where is_guest and not is_test

    union all by name

    select
        'brevo' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, landline, first_name, last_name, company, country, language, is_email_verified,
        'shopify:customer:' || external_id as platform_id
    from {{ ref('stg_brevo__contacts') }}

    union all by name

    select
        'mailchimp' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, first_name, last_name, company, street, city, postcode, country, language, is_email_verified,
        'mailchimp:contact:' || contact_id as platform_id
    from {{ ref('stg_mailchimp__members') }}

    union all by name

    select
        'hubspot' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, landline, first_name, last_name, company, job_title, street, city, postcode, country, language,
        birth_date, 'hubspot:contact:' || contact_id as platform_id
    from {{ ref('stg_hubspot__contacts') }}
    where not is_test

    union all by name

    select
        'pipedrive' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, landline, first_name, last_name, full_name, company, job_title, birth_date,
        survivor_profile_id as platform_id
    from {{ ref('stg_pipedrive__persons') }}
    where not is_test

    union all by name

    select
        'salesforce' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, landline, first_name, last_name, company, job_title, street, city, postcode, country, birth_date,
        'salesforce:record:' || record_id as platform_id
    from {{ ref('stg_salesforce__people') }}
    where not is_test

    union all by name

    select
        'klaviyo' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, first_name, last_name, company, job_title, street, city, postcode, country, language,
        is_email_verified, survivor_profile_id as platform_id
    from {{ ref('stg_klaviyo__profiles') }}

    union all by name

    select
        'files' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, first_name, last_name, full_name, company, street, city, postcode, country, language, birth_date,
        national_id
    from {{ ref('stg_files__leads') }}

    union all by name

    select
        'files' as platform, profile_id, account, object, sold_at as created_at, first_seen_at, last_seen_at,
        touched_at, email, phone, first_name, last_name, full_name, company, street, city, postcode, country, language,
        birth_date, national_id
    from {{ ref('stg_files__sale_lines') }}
    -- Most tickets name nobody.
    where profile_id is not null

    union all by name

    select
        'files' as platform, referrer_profile_id as profile_id, account, 'referrer' as object,
        occurred_at as created_at, first_seen_at, last_seen_at, touched_at,
        referrer_email as email, referrer_phone as phone, referrer_name as full_name
    from {{ ref('stg_files__referrals') }}
    -- Nobody is there once erased; the other one's half of the line stays.
    where coalesce(referrer_email, referrer_phone, referrer_name) is not null

    union all by name

    select
        'files' as platform, referee_profile_id as profile_id, account, 'referral' as object,
        occurred_at as created_at, first_seen_at, last_seen_at, touched_at,
        referee_email as email, referee_phone as phone, referee_name as full_name
    from {{ ref('stg_files__referrals') }}
    where coalesce(referee_email, referee_phone, referee_name) is not null

    union all by name

    select
        platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, full_name
    from {{ ref('stg_reviews__reviews') }}

    union all by name

    select
        'yotpo' as platform, profile_id, account, object, first_seen_at as created_at, first_seen_at, last_seen_at,
        touched_at, email
    from {{ ref('stg_yotpo__unsubscribers') }}

    union all by name

    select
        'files' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone
    from {{ ref('stg_files__nps') }}

    union all by name

    select
        'files' as platform, profile_id, account, object, created_at, first_seen_at, last_seen_at, touched_at,
        email, phone, full_name
    from {{ ref('stg_files__content') }}
)

select
    * exclude (country_hint, landline),
    -- The same number in both fields is one identifier.
    nullif(landline, phone) as landline,
    -- What a number without a country code means: the countries to read it in, in this order, until it can
    -- exist in one. A form's locale says that much and no more: whose law holds is only taken from a country
    -- somebody stated.
    concat_ws(
        ' ',
        coalesce({{ country_code('country') }}, country_hint),
        '{{ var("default_phone_region") }}',
        '{{ var("countries") | join(" ") }}'
    ) as phone_region
from people
