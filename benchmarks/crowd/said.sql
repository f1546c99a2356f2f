-- One row per record: what its person typed there, and which of it the platform asked for.
create or replace temp table crowd_said as
with turns as (
    select turns.n, turns.person * 64 + turns.copy as roll, people.*
    from crowd_turns as turns
    inner join crowd_people as people on turns.person = people.person
),

placed as (
    select
        *,
        case
            when dice(roll, 20) < 0.35 then 'meta' when dice(roll, 20) < 0.5 then 'typeform'
            when dice(roll, 20) < 0.75 then 'shopify' when dice(roll, 20) < 0.9 then 'brevo' else 'files'
        end as platform,
        timestamptz '2024-01-01 00:00:00+00'
        + to_seconds((n * 8)::bigint % 60000000 + (dice(roll, 21) * 8)::bigint) as created_at
    from turns
),

typed as (
    select
        *,
        case
            when dice(roll, 22) < 0.04 then coalesce(short_form, first_name)
            when dice(roll, 22) < 0.06 then first_name[1] || '.'
            when dice(roll, 22) < 0.09 then first_name[:2] || first_name[4:]
            when dice(roll, 22) < 0.17 then upper(first_name)
            when dice(roll, 22) < 0.22 then lower(first_name)
            when dice(roll, 22) < 0.26 then strip_accents(first_name)
            else first_name
        end as typed_first,
        case
            when dice(roll, 23) < 0.03 then last_name[:3] || last_name[3:]
            when dice(roll, 23) < 0.05 then last_name[:2] || last_name[4:]
            when dice(roll, 23) < 0.16 then upper(last_name)
            when dice(roll, 23) < 0.20 then lower(last_name)
            else last_name
        end as typed_last,
        case
            when dice(roll, 24) < 0.005 then pick({nobodys_emails}, roll, 25)
            when dice(roll, 24) < 0.012 then 'info@bureau' || home % 5000 || '.example'
            when has_family_mailbox and dice(roll, 24) < 0.3 then family_email
            when dice(roll, 24) > 0.9 then second_email
            else email
        end as box,
        case
            when dice(roll, 26) < 0.015 then null
            when has_landline and dice(roll, 26) < 0.12 then landline
            else mobile
        end as line
    from placed
),

written as (
    select
        *,
        case
            when dice(roll, 27) < 0.04 then upper(box)
            when dice(roll, 27) < 0.06 then replace(box, '@', '+' || pick({tags}, roll, 28) || '@')
            when dice(roll, 27) < 0.067 then split_part(box, '@', 1) || '@' || coalesce(
                {misspelt}[split_part(box, '@', 2)], split_part(box, '@', 2)
            )
            when dice(roll, 27) < 0.075 then box[:3] || box[5:]
            when dice(roll, 27) < 0.10 then ' ' || box
            else box
        end as typed_email,
        case
            when line is null then pick(['0000000000', '0612345678', '0600000000'], roll, 29)
            when country = 'CA' then
                case
                    when dice(roll, 30) < 0.4 then line
                    when dice(roll, 30) < 0.7 then '(' || line[:3] || ') ' || line[4:6] || '-' || line[7:]
                    else '+1' || line
                end
            when dice(roll, 30) < 0.5 then '0' || line
            when dice(roll, 30) < 0.75 then concat_ws(' ', '0' || line[1], line[2:3], line[4:5], line[6:])
            else if(country = 'FR', '+33', '+32') || line
        end as typed_phone
    from typed
)

select
    *,
    dice(roll, 31) < case platform when 'files' then 0.3 when 'brevo' then 1.0 else 0.95 end as gave_email,
    dice(roll, 32)
    < case platform when 'files' then 0.85 when 'brevo' then 0.1 when 'meta' then 0.8 else 0.5 end as gave_phone,
    platform <> 'brevo' or dice(roll, 33) < 0.4 as gave_name,
    platform = 'shopify' or platform = 'files' and dice(roll, 34) < 0.5 as gave_address
from written
