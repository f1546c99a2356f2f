-- The number a profile has of its own from the day it arrives: a UUID (version 8, "computed our way") of
-- its profile id. `erasure_epoch` counts the erasures a person came back from, so that they start anew.
{% macro own_number(profile_id, erasure_epoch="0") -%}
    regexp_replace(
        md5({{ profile_id }} || ':' || {{ erasure_epoch }}),
        '^(.{8})(.{4}).(.{3}).(.{3})(.{12})$',
        '\1-\2-8\3-a\4-\5'
    )
{%- endmacro %}
