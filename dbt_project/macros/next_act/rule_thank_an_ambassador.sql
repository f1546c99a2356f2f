-- Within a month of what they did: a friend of theirs who bought, or the act that made them one.
{% macro rule_thank_an_ambassador() -%}
    {{ return({
        'when': 'is_ambassador and greatest(stage_since, last_converted_on) > ' ~ as_of('lifecycle') ~ ' - 30',
        'act': "'thank_ambassador'",
        'en': "case when last_converted_on >= stage_since then 'somebody they sent bought on '"
            ~ " else 'an ambassador since ' end || " ~ plain_day('greatest(stage_since, last_converted_on)', 'en'),
        'fr': "case when last_converted_on >= stage_since then 'une personne recommandée a acheté le '"
            ~ " else 'ambassadeur depuis le ' end || "
            ~ plain_day('greatest(stage_since, last_converted_on)', 'fr'),
    }) }}
{%- endmacro %}
