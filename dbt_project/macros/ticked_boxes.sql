-- One answer for each box that was ticked: the rows of a CTE `boxes` with the box's own words, as stg_<tool>__answers
-- tells them. A box is worth its own words, below those it stood under.
{% macro ticked_boxes() -%}
    select
        account,
        response_key,
        form_id,
        question_ref || ':' || left(md5(box), 8) as question_ref,
        concat_ws(' ', question_text, box) as question_text,
        'box' as question_type,
        is_required,
        is_checked_by_default,
        'boolean' as answer_type,
        'true' as answer_text
    from boxes
{%- endmacro %}
