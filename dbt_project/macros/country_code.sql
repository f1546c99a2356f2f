-- A country as ISO 3166 alpha-2, from a code or from its name in French, English or its own language.
-- Unknown words give null: unknown is the strictest law, a guess would not be.
{% macro country_code(country) -%}
    case
        when regexp_full_match(trim({{ country }}), '[A-Za-z]{2}')
            then replace(upper(trim({{ country }})), 'UK', 'GB')
        else map {
            'france': 'FR', 'canada': 'CA', 'quebec': 'CA', 'belgique': 'BE', 'belgium': 'BE', 'belgie': 'BE',
            'allemagne': 'DE', 'germany': 'DE', 'deutschland': 'DE', 'royaume uni': 'GB', 'united kingdom': 'GB',
            'england': 'GB', 'etats unis': 'US', 'united states': 'US', 'usa': 'US', 'suisse': 'CH',
            'switzerland': 'CH', 'luxembourg': 'LU', 'autriche': 'AT', 'austria': 'AT', 'espagne': 'ES',
            'spain': 'ES', 'italie': 'IT', 'italy': 'IT', 'pays bas': 'NL', 'netherlands': 'NL'
        }[{{ name_key(country) }}]
    end
{%- endmacro %}
