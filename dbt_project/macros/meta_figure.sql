-- One figure of a post by its name, null where it is not told. `figures` is the typed list of {name, values}.
{% macro meta_figure(figures, name) -%}
    try_cast(list_filter({{ figures }}, lambda figure: figure.name = {{ name }})[1]['values'][1]['value'] as bigint)
{%- endmacro %}
