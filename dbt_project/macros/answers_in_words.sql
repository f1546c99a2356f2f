-- Answers told by the words of their question and by nothing else: the rows of a CTE `told` with an `answer` of field
-- and value, as stg_<tool>__answers tells them. A consent is a question like any other.
{% macro answers_in_words() -%}
    select
        account,
        response_key,
        form_id,
        coalesce({{ name_key("answer ->> '$.field'") }}, '') as question_ref,
        answer ->> '$.field' as question_text,
        'text' as question_type,
        false as is_required,
        false as is_checked_by_default,
        'text' as answer_type,
        trim(answer ->> '$.value') as answer_text
    from told
{%- endmacro %}
