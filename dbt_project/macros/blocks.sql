-- The keys under which two profiles meet to be compared at all, with the most profiles on one key that are
-- still worth it: comparing a crowd with itself costs n squared and proves nothing. One line each.
{% macro blocks() -%}
    {% set most = var('matching')['most_per_key'] %}
    {% set found = {
        'email': (['email'], most),
        'mailbox': (['mailbox'], most),
        'phone': (['phone'], most),
        'national_id': (['national_id'], most),
        'birth_date_and_last_name': (['birth_date', 'last_name[1:4]'], most),
        'birth_date_and_first_name': (['birth_date', 'first_name[1:3]'], most),
        'birth_date_and_city': (['birth_date', 'city'], most),
        'birth_year_and_names': (['birth_date[1:4]', 'first_name[1:3]', 'last_name[1:3]'], most),
        'birth_year_and_start_of_email': (['birth_date[1:4]', 'email[1:8]'], most),
        'postcode_and_names': (['postcode', 'last_name[1:4]', 'first_name[1:1]'], most),
        'postcode_street_and_first_name': (['postcode', 'street[1:14]', 'first_name[1:1]'], most),
        'city_and_full_name': (['city', 'full_name'], most),
        'company_and_full_name': (['company', 'full_name'], most),
    } %}
    {# Where there are many people a name alone says too little, so nobody need meet by it. #}
    {% set settled = ref('int_settled') %}
    {% if not execute or run_query('select population_bits from ' ~ settled).rows[0][0] == 0 %}
        {% do found.update({
            'full_name': (['full_name'], 12),
            'starts_of_names': (['last_name[1:4]', 'first_name[1:3]'], 20),
        }) %}
    {% endif %}
    {{ return(found) }}
{%- endmacro %}

-- The values that are counted, and that are held for equal where their keys are: nobody may be able to make a second
-- value of one key, so these are digests.
{% macro evidence() -%}
    {{ return({
        'email': ['email'], 'phone': ['phone'], 'other_phone': ['other_phone'], 'full_name': ['full_name'],
        'birth_date': ['birth_date'],
    }) }}
{%- endmacro %}

-- A key by which profiles only meet: what they are is compared then, so one pair too many costs a look. DuckDB's own
-- hash takes a twentieth of a digest's time, and of it four bytes do: there is a column for each of them, and an
-- increment reads them all. Among five million profiles three thousand pairs meet by chance. Another version of it may
-- give other keys, and is another `identity_version`.
{% macro meeting_point(columns) -%}
    (hash({{ columns | join(', ') }}) >> 32)::uinteger
{%- endmacro %}

-- The keys in the short form in which they are compared, null where any of their columns is: those of the blocks, and
-- the values that are counted.
{% macro keys() -%}
    {% set found = evidence().copy() %}
    {% for block, (columns, most) in blocks().items() %}{% do found.update({block: columns}) %}{% endfor %}
    {{ return(found) }}
{%- endmacro %}
