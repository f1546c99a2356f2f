-- One row: how far identity is settled, and so whether this build is an increment. It is only where the last
-- build ended well under the same code and settings: while one is at work, int_identity__epoch is missing,
-- and after a crash everything is computed anew rather than guessed.
--
-- `population_bits`: names repeat, and the more people there are the less a name says. One bit for each
-- doubling beyond 50,000 profiles; when it turns, everything is weighed anew.
-- `threshold_bits` and `weights` are those this build goes by, for whoever explains it later and for the Python
-- models, whose own config is as old as the parsed project.
{{ config(post_hook="{{ unsettle_identity() }}") }}

{% set last = adapter.get_relation(database=target.database, schema='identity', identifier='int_identity__epoch')
    if execute and not flags.FULL_REFRESH and not var('full_identity') %}
{% set population_bits %}
    (select greatest(floor(log2(greatest(count(*), 1) / 50000)), 0)::integer from {{ ref('profiles') }})
{% endset %}
{% set known = run_query(
    "select settled_at, profiles_then from " ~ last ~ " where version = '" ~ identity_version() ~ "'"
    ~ " and settled_at is not null and population_bits = " ~ population_bits
).rows if last else [] %}
select
    {{ 'false' if known else 'true' }} as is_full,
    {{ "timestamptz '" ~ known[0][0] ~ "'" if known else 'null::timestamptz' }} as settled_at,
    {{ known[0][1] if known else 'null' }}::bigint as profiles_then,
    {{ population_bits }} as population_bits,
    {{ var('matching')['threshold_bits'] }}::double as threshold_bits,
    '{{ var('matching')['weights'] | replace("'", "''") }}' as weights
