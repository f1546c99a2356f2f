-- True for values typed only to get past a field, by their look: one digit repeated, a run, a local part
-- that says so, a mailbox masked by whoever exported it. What no look gives away is in seeds/placeholder_values.csv.
-- Cheap questions come first, for nearly everybody is somebody; a pattern that begins with what it seeks is cheap.
{% macro is_placeholder(identifier_type, value) -%}
    case {{ identifier_type }}
        when 'phone' then
            case
                -- one digit eight times or more in a row at the end: 0000000000, +33 6 11 11 11 11
                when right({{ value }}, 1) = {{ value }}[-2] and right({{ value }}, 1) = {{ value }}[-3]
                    then replace(right({{ value }}, 8), right({{ value }}, 1), '') = ''
                when contains({{ value }}, '345678') or contains({{ value }}, '876543')
                    then regexp_matches({{ value }}, '(12345678|23456789|87654321|98765432)\d?$')
                when {{ value }} is not null then false
            end
        when 'email' then
            case
                when contains({{ value }}, '*') then true
                when
                    regexp_matches(
                        {{ value }},
                        '^((no|sans|pas|pasde|pas-de|aucun|fake|faux)[._-]?(e?mail|courriel|adresse|mail)|none|null|aucun|na|n\.a|test\d*|asdf|azerty|qwerty|xxx+|aaa+|noreply|no-reply|nepasrepondre)@'
                    )
                    then true
                when contains(left({{ value }}, 5), '@')
                    then split_part({{ value }}, '@', 1) = split_part(split_part({{ value }}, '@', 2), '.', 1)
                when {{ value }} is not null then false
            end
        when 'name' then
            regexp_full_match(
                {{ value }},
                '((tests?|testing|essai|tester|user|asdf\w*|qwe\w*|azerty|xx+|aa+|foo|bar|none|null|nom|prenom|first|last|name|unknown|inconnue?|anonym\w*)( |$))+'
            )
        else false
    end
{%- endmacro %}
