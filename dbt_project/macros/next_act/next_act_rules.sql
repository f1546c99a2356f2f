-- What to do next for one person, in the order in which it is asked; the first that fits is the one suggestion. One
-- file each. A rule: when it fits, the act, and the reason in English and French; it takes a row of next_acts.
{% macro next_act_rules() -%}
    {{ return([
        rule_permission_about_to_expire(),
        rule_welcome(),
        rule_thank_an_ambassador(),
        rule_ask_for_a_review(),
        rule_second_purchase(),
        rule_win_back(),
        rule_ask_for_a_referral(),
    ]) }}
{%- endmacro %}

-- A day as people write it in either language.
{% macro plain_day(day, language) -%}
    strftime({{ day }}, '{{ "%Y-%m-%d" if language == "en" else "%d/%m/%Y" }}')
{%- endmacro %}
