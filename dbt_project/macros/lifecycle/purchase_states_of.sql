-- The stretches of days in which the same purchase occasions counted, among these runs (int_purchase_runs).
{% macro purchase_states_of(runs) -%}
(
    select
        * exclude (is_state, run_from, run_to),
        occasion_date as last_occasion_date
    from {{ runs }}
    where is_state
)
{%- endmacro %}
