-- One row per part of an answered field of an entry and per ticked box, with the field as it was worded then.
-- An entry holds its answers by the number of the field, or of a part of it: "3", "1.6".
{{ config(materialized='view') }}

with entries as (
    select
        account,
        response_key,
        form_id,
        answered_at,
        payload,
        payload -> '$.fields' as fields,
        payload -> '$.columns' as columns
    from {{ form_responses('gravity_forms') }}
),

-- What the form asked when the entry was read, on every entry.
asked_since as (
    select
        * exclude (payload, fields, columns),
        payload as entry,
        unnest(from_json(fields, '["JSON"]')) as field
    from entries
),

-- What it asked before it was edited.
asked_before as (
    select account, form_id, worded_from, worded_until, unnest(from_json(payload -> '$.fields', '["JSON"]')) as field
    from {{ form_versions('gravity_forms') }}
),

asked as (
    select
        asked_since.* exclude (field),
        asked_since.field ->> '$.id' as field_id,
        coalesce(asked_before.field, asked_since.field) as field
    from asked_since
    left join asked_before
        on
            asked_since.account = asked_before.account
            and asked_since.form_id = asked_before.form_id
            and (asked_since.field ->> '$.id') = (asked_before.field ->> '$.id')
            and coalesce(asked_since.answered_at >= asked_before.worded_from, true)
            and coalesce(asked_since.answered_at < asked_before.worded_until, true)
),

fields as (
    select
        account,
        response_key,
        form_id,
        entry,
        field_id,
        coalesce(nullif(field ->> '$.inputType', ''), field ->> '$.type', '') as kind,
        nullif(field ->> '$.label', '') as label,
        nullif(field ->> '$.description', '') as description,
        nullif(field ->> '$.checkboxLabel', '') as box_label,
        -- the parameter of the address that fills it
        coalesce(nullif(field ->> '$.inputName', ''), replace({{ name_key("field ->> '$.label'") }}, ' ', '_')) as name,
        coalesce(field ->> '$.visibility', '') = 'hidden' as is_hidden,
        coalesce(field ->> '$.isRequired', '') in ('true', '1') as is_required,
        from_json(field -> '$.inputs', '[{"id": "VARCHAR"}]') as inputs,
        from_json(field -> '$.choices', '[{"text": "VARCHAR", "value": "VARCHAR", "isSelected": "BOOLEAN"}]')
            as choices,
        '/' || replace(replace(field_id, '~', '~0'), '/', '~1') as place
    from asked
    where field_id is not null
),

-- The parts have numbers that never change, whatever the site calls them.
parted as (
    select
        fields.*,
        parts.part,
        list_transform(
            parts.numbers, lambda number: json_extract_string(fields.entry, fields.place || '.' || number)
        ) as words
    from fields
    inner join
        (
            values
            ('name', 'first_name', ['3']),
            ('name', 'last_name', ['6']),
            ('address', 'street', ['1', '2']),
            ('address', 'city', ['3']),
            ('address', 'postcode', ['5']),
            ('address', 'country', ['6'])
        ) as parts (kind, part, numbers)
        on fields.kind = parts.kind
),

choices_made as (
    select *, {{ json_member('entry', 'input.id') }} as chosen
    from (select *, unnest(inputs) as input from fields where kind = 'checkbox') as offered
),

told_by_file as (
    select account, response_key, form_id, unnest(from_json(columns, '["JSON"]')) as told
    from entries
    -- A file has no numbers, and what the site itself told knows more.
    where fields is null
),

boxes as (
    -- The site keeps with each entry the words the person read; the description stands below them.
    select
        account,
        response_key,
        form_id,
        field_id as question_ref,
        concat_ws(' ', label, description) as question_text,
        coalesce(nullif(json_extract_string(entry, place || '.2'), ''), box_label, label, '') as box,
        is_required,
        -- no consent can be given beforehand
        false as is_checked_by_default
    from fields
    where kind = 'consent' and coalesce(json_extract_string(entry, place || '.1'), '') not in ('', '0')

    union all

    select
        account,
        response_key,
        form_id,
        field_id as question_ref,
        label as question_text,
        coalesce(list_filter(choices, lambda choice: choice.value = chosen)[1].text, chosen) as box,
        is_required,
        coalesce(list_filter(choices, lambda choice: choice.value = chosen)[1].isselected, false)
            as is_checked_by_default
    from choices_made
    where coalesce(chosen, '') <> ''

    union all

    select
        account,
        response_key,
        form_id,
        coalesce({{ name_key("coalesce(told ->> '$.label', told ->> '$.text')") }}, '') as question_ref,
        nullif(concat_ws(' ', told ->> '$.label', nullif(told ->> '$.description', '')), '') as question_text,
        told ->> '$.text' as box,
        null as is_required,
        false as is_checked_by_default
    from told_by_file
    where told ->> '$.type' in ('consent', 'checkbox')
)

select
    account,
    response_key,
    form_id,
    field_id as question_ref,
    label as question_text,
    'text' as question_type,
    is_required,
    false as is_checked_by_default,
    part as answer_type,
    trim(array_to_string(list_filter(words, lambda word: word <> ''), ' ')) as answer_text
from parted
where array_to_string(words, '') <> ''

union all

{{ ticked_boxes() }}

union all

select
    account,
    response_key,
    form_id,
    case when kind = 'hidden' or is_hidden then name else field_id end as question_ref,
    label as question_text,
    'text' as question_type,
    is_required,
    false as is_checked_by_default,
    case
        when kind = 'hidden' or is_hidden then 'hidden'
        when kind = 'email' then 'email'
        when kind = 'phone' then 'phone_number'
        else 'text'
    end as answer_type,
    trim(case
        when json_type(value) = 'ARRAY' then array_to_string(from_json(value, '["VARCHAR"]'), '; ')
        -- A choice may be kept under another word than people read.
        else coalesce(list_filter(choices, lambda choice: choice.value = (value ->> '$'))[1].text, value ->> '$')
    end) as answer_text
from (select *, json_extract(entry, place) as value from fields) as plain
where kind not in ('consent', 'checkbox') and coalesce(json_type(value), 'NULL') not in ('NULL', 'OBJECT')

union all

select
    account,
    response_key,
    form_id,
    case
        when told ->> '$.type' = 'hidden' then told ->> '$.text'
        else coalesce({{ name_key("told ->> '$.text'") }}, '')
    end as question_ref,
    told ->> '$.text' as question_text,
    'text' as question_type,
    null as is_required,
    false as is_checked_by_default,
    coalesce(told ->> '$.type', 'text') as answer_type,
    trim(told ->> '$.answer') as answer_text
from told_by_file
where coalesce(told ->> '$.type', '') not in ('consent', 'checkbox')
