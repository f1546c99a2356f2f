-- Stripe's integers in whole units. How many digits are behind the point is Stripe's own table, not ISO 4217's: it counts
-- ISK and UGX in hundredths although they have none.
{% macro stripe_money(amount, currency) -%}
    (try_cast({{ amount }} as decimal(18, 0)) / case
        when lower({{ currency }}) in (
            'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv', 'xaf', 'xof', 'xpf'
        ) then 1
        when lower({{ currency }}) in ('bhd', 'jod', 'kwd', 'omr', 'tnd') then 1000
        else 100
    end)::decimal(18, 2)
{%- endmacro %}

-- Seconds since 1970, up to the year 9999; a row of an erased buyer has days.
{% macro stripe_time(value) -%}
    coalesce(
        case when try_cast({{ value }} as bigint) between 0 and 253402300799 then to_timestamp({{ value }}::bigint) end,
        try_cast({{ value }} as timestamptz)
    )
{%- endmacro %}
