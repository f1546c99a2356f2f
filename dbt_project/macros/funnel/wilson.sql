-- One end of Wilson's 95 % interval of a share: `hits` of `trials`, sign -1 for the lower end and 1 for the upper. It
-- stays within 0 and 1 and holds for small numbers, where the usual "plus or minus" does not.
{% macro wilson(hits, trials, sign) -%}
    {%- set z = '1.959964' -%}
    {%- set share = '(' ~ hits ~ ')::double / nullif(' ~ trials ~ ', 0)' -%}
    greatest(0, least(1, (
        {{ share }} + {{ z }} * {{ z }} / (2 * {{ trials }})
        + {{ sign }} * {{ z }} * sqrt(
            {{ share }} * (1 - {{ share }}) / {{ trials }} + {{ z }} * {{ z }} / (4 * {{ trials }} * {{ trials }})
        )
    ) / (1 + {{ z }} * {{ z }} / {{ trials }})))
{%- endmacro %}
