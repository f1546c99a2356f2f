-- A country as ISO 3166 alpha-2, from a code or from its name in French, English or its own language.
-- Unknown words give null: unknown is the strictest law, a guess would not be.
{% macro country_code(country) -%}
    case
        when {{ country }} is null then null
        -- most are plain
        when regexp_full_match({{ country }}, '[A-Z]{2}') and {{ country }} <> 'UK' then {{ country }}
        when regexp_full_match(trim({{ country }}), '[A-Za-z]{2}')
            then replace(upper(trim({{ country }})), 'UK', 'GB')
        {%- set names = {
            'FR': ['france'], 'CA': ['canada', 'quebec'], 'BE': ['belgique', 'belgium', 'belgie'],
            'DE': ['allemagne', 'germany', 'deutschland'], 'AT': ['autriche', 'austria', 'osterreich'],
            'GB': ['royaume uni', 'united kingdom', 'england', 'scotland'],
            'US': ['etats unis', 'united states', 'usa'], 'CH': ['suisse', 'switzerland', 'schweiz'],
            'LU': ['luxembourg'], 'ES': ['espagne', 'spain'], 'IT': ['italie', 'italy'],
            'NL': ['pays bas', 'netherlands'],
        } %}
        {#- One look-up: a branch for each would make the name's key anew each time. #}
        else map(
            [{% for code, words in names.items() %}'{{ words | join("', '") }}'{{ ', ' if not loop.last }}{% endfor %}],
            [{% for code, words in names.items() %}{% set last = loop.last %}{% for word in words %}'{{ code }}'
            {{- ', ' if not (last and loop.last) }}{% endfor %}{% endfor %}]
        )[{{ name_key(country) }}]
    end
{%- endmacro %}
