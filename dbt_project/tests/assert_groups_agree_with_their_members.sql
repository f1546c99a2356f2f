-- A household or an account is as large as it has members, and exactly one of them gave it its number.
{{ config(meta={'dagster': {'ref': {'name': 'households'}}}) }}
{% for group, members in {'household': 'household_members', 'account': 'account_members'}.items() %}
    select groups.{{ group }}_id as group_id, groups.size, counted.member_count, counted.founder_count
    from {{ ref(group ~ 's') }} as groups
    left join (
        select {{ group }}_id, count(*) as member_count, count(*) filter (where is_founder) as founder_count
        from {{ ref(members) }}
        group by {{ group }}_id
    ) as counted on groups.{{ group }}_id = counted.{{ group }}_id
    where
        counted.member_count is distinct from groups.size or counted.founder_count <> 1
        {{ 'or groups.size < 2' if group == 'household' }}
    {{ 'union all' if not loop.last }}
{% endfor %}
