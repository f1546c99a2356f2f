-- True for values typed only to get past a field, by their look: one digit repeated, a run, a local part
-- that says so, a mailbox masked by whoever exported it. What no look gives away stands in seeds/placeholder_values.csv.
{% macro is_placeholder(identifier_type, value) -%}
    case {{ identifier_type }}
        when 'phone' then
            -- one digit eight times or more in a row at the end: 0000000000, +33 6 11 11 11 11
            replace(right({{ value }}, 8), right({{ value }}, 1), '') = ''
            or regexp_matches({{ value }}, '(12345678|23456789|87654321|98765432)\d?$')
        when 'email' then
            regexp_full_match(
                {{ value }},
                '((no|sans|pas|pasde|pas-de|aucun|fake|faux)[._-]?(e?mail|courriel|adresse|mail)|none|null|aucun|na|n\.a|test\d*|asdf|azerty|qwerty|xxx+|aaa+|noreply|no-reply|nepasrepondre)@.*|.*[*].*'
            )
            or split_part({{ value }}, '@', 1) = split_part(split_part({{ value }}, '@', 2), '.', 1)
            and length(split_part({{ value }}, '@', 1)) <= 4
        when 'name' then
            regexp_full_match(
                {{ value }},
                '((tests?|testing|essai|tester|user|asdf\w*|qwe\w*|azerty|xx+|aa+|foo|bar|none|null|nom|prenom|first|last|name|unknown|inconnue?|anonym\w*)( |$))+'
            )
        else false
    end
{%- endmacro %}
