-- One row per profile in a pair that needs a closer look, as the comparison sees it.

with people as (
    select *
    from {{ ref('int_profile_features') }}
    where rowid in (
        select found.rowid
        from {{ ref('int_profile_features') }} as found
        where found.n in (
            select left_n from {{ ref('int_identity__candidates') }} where not is_plain
            union all
            select right_n from {{ ref('int_identity__candidates') }} where not is_plain
        )
    )
)

{{ compared('people') }}
