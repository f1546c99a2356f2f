-- Whether identity is computed anew for everybody, or only where something changed. Decided once a build, by
-- int_settled; every other model asks here.
{% macro is_full_identity() -%}
    {%- set settled = ref('int_settled') -%}
    {%- if not execute -%} {{ return(true) }} {%- endif -%}
    {{ return(run_query('select is_full from ' ~ settled).rows[0][0]) }}
{%- endmacro %}

-- What an increment must have in common with the build before: code and settings as `firsthand` hands them
-- over, and what the models here read of them.
{% macro identity_version() -%}
    {{ return(local_md5(var('identity_version') ~ var('matching') | string ~ var('countries') | string
        ~ var('default_phone_region'))) }}
{%- endmacro %}

-- Takes the epoch away until the last model writes it again. By dbt and not by a plain `drop`, for dbt believes
-- what it saw when it started.
{% macro unsettle_identity() -%}
    {%- set last = adapter.get_relation(database=target.database, schema='identity', identifier='int_identity__epoch')
        if execute -%}
    {%- if last -%} {%- do adapter.drop_relation(last) -%} {%- endif -%}
{%- endmacro %}
