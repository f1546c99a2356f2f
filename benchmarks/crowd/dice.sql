-- x^5 modulo a prime is a permutation that looks like chance: uniform in [0, 1), the same for the same
-- number and salt in every version of DuckDB, which its hash() does not promise.
create or replace temp macro residue(n, salt) as (n * 48271 + salt * 362437 + {seed} * 7919) % 2147483647;
create or replace temp macro squared(x) as x * x % 2147483647;
create or replace temp macro dice(n, salt) as
    (squared(squared(residue(n, salt))) * residue(n, salt) % 2147483647) / 2147483647.0;
create or replace temp macro slot(n, salt) as (dice(n, salt) * {slots})::int;
create or replace temp macro pick(words, n, salt) as
    words[1 + (dice(n, salt) * len(words))::bigint % len(words)];
