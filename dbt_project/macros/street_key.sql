-- A street as we compare it: no accents, case or punctuation, and the usual short forms written out. The
-- number stays, for it is what tells two houses apart.
{% macro street_key(street) -%}
    {%- set short_forms = {
        'av': 'avenue', 'ave': 'avenue', 'bd': 'boulevard', 'bld': 'boulevard', 'blvd': 'boulevard',
        'boul': 'boulevard', 'ch': 'chemin', 'che': 'chemin', 'rte': 'route', 'pl': 'place', 'imp': 'impasse',
        'all': 'allee', 'sq': 'square', 'r': 'rue', 'fbg': 'faubourg', 'st': 'saint', 'ste': 'sainte',
        'str': 'strasse', 'rd': 'road', 'dr': 'drive', 'ln': 'lane', 'c': 'calle', 'avda': 'avenida', 'v': 'via',
    } -%}
    nullif(array_to_string(list_transform(
        string_split(trim(regexp_replace(
            -- `st` is a street where it ends the line, and a saint elsewhere
            regexp_replace(lower(strip_accents(replace({{ street }}, 'ß', 'ss'))), '\bst\W*$', 'street'),
            '[^a-z0-9]+', ' ', 'g'
        )), ' '),
        lambda word: case word
            {%- for short, long in short_forms.items() %} when '{{ short }}' then '{{ long }}'{% endfor %}
            else word
        end
    ), ' '), '')
{%- endmacro %}
