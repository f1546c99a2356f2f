-- What a plugin noted under a name beside a WooCommerce record: `notes` is its list meta_data.
{% macro noted(name) -%}
    (list_filter(notes, lambda note: (note ->> '$.key') = '{{ name }}')[1] ->> '$.value')
{%- endmacro %}
