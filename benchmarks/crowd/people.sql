-- One row per person: name, house, addresses, and how many records they leave.
create or replace temp table crowd_people as
with placed as (
    select
        n as person,
        -- Ten people live as four alone, a couple and a family of four.
        case n % 10
            when 5 then n - 1
            when 7 then n - 1
            when 8 then n - 2
            when 9 then n - 3
            else n
        end as home,
        case
            when dice(n, 1) < 0.45 then 1 when dice(n, 1) < 0.71 then 2 when dice(n, 1) < 0.85 then 3
            when dice(n, 1) < 0.93 then 4 when dice(n, 1) < 0.97 then 5 when dice(n, 1) < 0.988 then 7
            when dice(n, 1) < 0.996 then 10 when dice(n, 1) < 0.9995 then 16 else 40
        end as record_count
    from range({people}) as t (n)
),

named as (
    select
        placed.*,
        first_names.word as first_name,
        first_names.short_form,
        -- One in eight who live with others kept another name.
        last_names.word as last_name,
        towns.word as city,
        towns.rank as town,
        case when dice(home, 10) < 0.8 then 'FR' when dice(home, 10) < 0.9 then 'BE' else 'CA' end as country
    from placed
    inner join crowd_first_names as first_names on slot(person, 2) = first_names.slot
    inner join crowd_last_names as last_names
        on slot(if(dice(person, 3) < 0.125, person, home), 4) = last_names.slot
    inner join crowd_towns as towns on slot(home, 5) = towns.slot
),

reached as (
    select
        *,
        lower(strip_accents(regexp_replace(first_name, '[^\p{{L}}]', '', 'g'))) as plain_first,
        lower(strip_accents(regexp_replace(last_name, '[^\p{{L}}]', '', 'g'))) as plain_last,
        -- As many postcodes as the town is big.
        printf(
            '%05d', 1000 + (town * 61 + (dice(home, 6) * greatest(1, 40 / town))::int * 7) % 97000
        ) as postcode,
        1 + (dice(home, 7) * 160)::int || ' ' || pick({streets}, home, 8) as street,
        dice(home, 9) < 0.2 and person % 10 >= 4 as has_family_mailbox,
        dice(home, 11) < 0.5 as has_landline,
        date '1945-01-01' + (dice(person, 12) * 22000)::int as birth_date
    from named
)

select
    *,
    -- Half of all addresses say whose they are; the number keeps strangers apart.
    case
        when dice(person, 18) < 0.35 then plain_first || '.' || plain_last
        when dice(person, 18) < 0.55 then plain_first[1] || plain_last
        when dice(person, 18) < 0.75 then plain_first || year(birth_date)
        else pick({pastimes}, person, 19)
    end || '.' || person || '@' || pick({mailboxes}, person, 13) as email,
    pick({pastimes}, person, 39) || person || 'b@' || pick({mailboxes}, person, 14) as second_email,
    'famille.' || plain_last || home || '@' || pick({mailboxes}, home, 15) as family_email,
    case country
        when 'FR' then printf('63%07d', person % 10000000)
        when 'BE' then printf('470%06d', person % 1000000)
        else
            printf(
                '%d%d01%02d',
                {areas}[1 + person % {area_count}],
                555 + person // {area_count} // 100 % 400,
                person // {area_count} % 100
            )
    end as mobile,
    case country
        when 'FR' then printf('199%06d', home % 1000000)
        when 'BE' then printf('25%06d', home % 1000000)
        else
            printf(
                '%d%d01%02d',
                {areas}[1 + home % {area_count}],
                155 + home // {area_count} // 100 % 400,
                home // {area_count} % 100
            )
    end as landline
from reached
