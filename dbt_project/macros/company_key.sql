-- A company's name as we compare it: no accents, case or punctuation, and no legal form. "S.A.R.L. Lumen" and
-- "Lumen (SAS)" are one; a name that is nothing but a legal form stays.
{% macro company_key(company) -%}
    {%- set words -%}
        string_split(trim(regexp_replace(
            replace(lower(strip_accents({{ company }})), '.', ''), '[^\p{L}0-9]+', ' ', 'g'
        )), ' ')
    {%- endset -%}
    nullif(coalesce(
        nullif(array_to_string(list_filter(
            {{ words }},
            lambda word: word not in (
                'sa', 'sas', 'sasu', 'sarl', 'eurl', 'ei', 'eirl', 'sci', 'snc', 'scop', 'scp', 'selarl', 'cie',
                'gmbh', 'mbh', 'ag', 'kg', 'ug', 'ohg', 'gbr', 'ev', 'inc', 'incorporated', 'ltd', 'limited', 'llc',
                'llp', 'plc', 'corp', 'corporation', 'co', 'company', 'ltee', 'limitee', 'enr', 'senc', 'bv', 'nv',
                'vof', 'bvba', 'sprl', 'srl', 'asbl', 'vzw', 'spa', 'sl', 'slu', 'sau', 'lda', 'ltda', 'oy', 'oyj',
                'ab', 'aps'
            )
        ), ' '), ''),
        array_to_string({{ words }}, ' ')
    ), '')
{%- endmacro %}
