-- How often any of these kinds of action happened, none where none of them is listed. `actions` is the typed list
-- of {action_type, value}.
{% macro meta_actions(actions, kinds) -%}
    coalesce(try_cast(list_sum(list_transform(
        list_filter(
            {{ actions }},
            lambda action: action.action_type in ({% for kind in kinds %}'{{ kind }}'{{ ', ' if not loop.last }}{% endfor %})
        ),
        lambda action: try_cast(action.value as bigint)
    )) as bigint), 0)
{%- endmacro %}
