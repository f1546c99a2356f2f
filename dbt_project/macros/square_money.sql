-- Square's integers of the smallest unit in whole units; how many digits are behind the point is ISO 4217's.
{% macro square_money(path, payload='payload') -%}
    (try_cast({{ payload }} ->> '{{ path }}.amount' as decimal(18, 0)) / case
        when {{ payload }} ->> '{{ path }}.currency' in (
            'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'
        ) then 1
        when {{ payload }} ->> '{{ path }}.currency' in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 1000
        else 100
    end)::decimal(18, 2)
{%- endmacro %}
