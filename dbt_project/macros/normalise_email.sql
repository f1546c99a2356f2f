-- One spelling per mailbox, in two forms. Kept in step with pipelines/normalise.py, which the door uses.

-- The address as we write to it: trimmed, lower case, nothing else changed. Null where it is no address.
-- Most are plain, or typed on a phone; the long way is for what was copied out of a mail.
{% macro email_contact(address) -%}
    {%- set plain = '[a-z0-9._+-]+@[a-z0-9-]+(\\.[a-z0-9-]+)*\\.[a-z]+' -%}
    {%- set typed = 'lower(trim(' ~ address ~ '))' -%}
    case
        when regexp_full_match({{ address }}, '{{ plain }}') then {{ address }}
        when regexp_full_match({{ typed }}, '{{ plain }}') then {{ typed }}
        else nullif(regexp_extract(
            trim(lower(regexp_replace(
                nfc_normalize({{ address }}), '[\x{200b}\x{200c}\x{200d}\x{2060}\x{feff}\x{00ad}]', '', 'g'
            )), ' <>' || chr(9) || chr(10) || chr(13) || chr(160)),
            '^(?:mailto:)?([^@\s<>"(),:;\\]+@[^@\s<>"(),:;\\]+\.[^@\s<>"(),:;\\.]+)$',
            1
        ), '')
    end
{%- endmacro %}

-- The address as we compare it; takes the contact form. A plus tag never makes another mailbox; dots make
-- none at Gmail, and only there (gmail.example stands for it where people are made up).
{% macro email_match(contact) -%}
    case
        when contains({{ contact }}, '@g') and regexp_matches({{ contact }}, '@(gmail|googlemail)\.(com|example)$')
            then replace(regexp_replace({{ contact }}, '(.)(\+.*)?@.*$', '\1'), '.', '') || '@gmail.'
                || regexp_extract({{ contact }}, '(com|example)$', 1)
        when contains({{ contact }}, '+')
            then regexp_replace({{ contact }}, '^([^+]+)\+.*@', '\1@')
        else {{ contact }}
    end
{%- endmacro %}
