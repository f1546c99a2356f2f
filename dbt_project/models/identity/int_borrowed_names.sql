-- One row per nameless profile whose address or phone others carry under a name: the name it is read
-- under, the most frequent one on its best value. So a newsletter row with Marie's e-mail and Paul's
-- phone is Marie's, and can never make the two one.
with names_on_values as (
    select
        identifier_type, match_value, first_name_key, last_name_key, phone_kind,
        count(*) as profile_count,
        count(*) over (partition by identifier_type, match_value) as spelling_count
    from {{ ref('int_contact_points') }}
    where not is_placeholder and not is_role and first_name_key is not null
    group by identifier_type, match_value, first_name_key, last_name_key, phone_kind
),

top_names as (
    select *
    from names_on_values
    -- A family's landline, or a value with a crowd on it, lends nobody a name.
    where spelling_count <= case when phone_kind = 'landline' then 1 else 8 end
    qualify row_number() over (
        partition by identifier_type, match_value
        order by profile_count desc, length(first_name_key) desc, first_name_key, last_name_key
    ) = 1
)

select
    nameless.profile_id,
    top_names.first_name_key,
    top_names.last_name_key
from {{ ref('int_contact_points') }} as nameless
inner join top_names
    on
        nameless.identifier_type = top_names.identifier_type
        and nameless.match_value = top_names.match_value
where nameless.first_name_key is null
-- An e-mail address is one person's more often than a phone, a mobile more often than a landline.
qualify row_number() over (
    partition by nameless.profile_id
    order by nameless.identifier_type = 'email' desc, nameless.phone_kind = 'landline', nameless.match_value
) = 1
