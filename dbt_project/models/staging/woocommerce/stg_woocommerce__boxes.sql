-- One row per version of an account or order and box a plugin keeps with it, ticked or not, with the words beside it.
with versions as (
    select
        'woocommerce:' || _account || ':customer:' || _key as profile_id,
        'account' as place,
        _key as record_key,
        payload ->> '$.email' as email,
        payload ->> '$.billing.phone' as phone,
        _account, _via, _ordinal, _recorded_at, _ingested_at, payload
    from {{ history(source('raw_woocommerce', 'customers')) }}
    union all
    select
        coalesce(
            'woocommerce:' || _account || ':customer:' || nullif(payload ->> '$.customer_id', '0'),
            'woocommerce:' || _account || ':guest_order:' || _key
        ) as profile_id,
        'checkout' as place,
        _key as record_key,
        payload ->> '$.billing.email' as email,
        payload ->> '$.billing.phone' as phone,
        _account, _via, _ordinal,
        -- A box at the checkout was ticked when the order was placed, whatever was done to the order since.
        coalesce(try_cast(payload ->> '$.created_at_utc' as timestamptz), _recorded_at) as _recorded_at,
        _ingested_at, payload
    from {{ history(source('raw_woocommerce', 'orders')) }}
    where (payload ->> '$.erased') is null
),

-- A tick taken away goes with its key: that a version was read without it is the only sign.
boxes as (
    select distinct
        _account, place, record_key, _via, box ->> '$.key' as box_key, box ->> '$.wording' as wording_text
    from (
        select *, unnest(json_extract(payload, '$.boxes[*]')) as box
        from versions
    ) as listed
)

select
    versions.profile_id,
    versions.place,
    versions.record_key,
    versions.email,
    versions.phone,
    boxes.box_key,
    boxes.wording_text,
    coalesce(list_contains(['1', 'true', 'yes', 'on'], lower(
        list_filter(
            json_extract(versions.payload, '$.boxes[*]'), lambda box: (box ->> '$.key') = boxes.box_key
        )[1] ->> '$.value'
    )), false) as is_ticked,
    versions._via as via,
    versions._ordinal as version_number,
    versions._recorded_at as recorded_at,
    versions._ingested_at as ingested_at
from versions
inner join boxes
    on
        versions._account = boxes._account
        and versions.place = boxes.place
        and versions.record_key = boxes.record_key
        and versions._via = boxes._via
