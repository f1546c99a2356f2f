-- First of all: asking for a yes is itself a message, and once the permission has ended even that is forbidden. Sixty
-- days leave time for a second letter.
{% macro rule_permission_about_to_expire() -%}
    {{ return({
        'when': 'permission_expires_on <= ' ~ as_of('permission') ~ ' + 60',
        'act': "'ask_for_permission'",
        'en': "'a permission of theirs ends on ' || " ~ plain_day('permission_expires_on', 'en'),
        'fr': "'une de leurs autorisations prend fin le ' || " ~ plain_day('permission_expires_on', 'fr'),
    }) }}
{%- endmacro %}
