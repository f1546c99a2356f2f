-- One row per version of a lead or contact: whether they opted out of mail and of calls, as Salesforce held it then. It
-- knows no yes: that somebody did not opt out says nothing.
{% for object, stream in {'lead': 'lead_records', 'contact': 'contacts'}.items() %}
    select
        'salesforce:' || _account || ':{{ object }}:' || _key as profile_id,
        {{ salesforce_told("payload ->> '$.Email'") }} as email,
        coalesce(
            {{ salesforce_told("payload ->> '$.MobilePhone'") }}, {{ salesforce_told("payload ->> '$.Phone'") }}
        ) as phone,
        coalesce((payload ->> '$.HasOptedOutOfEmail') = 'true', false) as is_out_of_mail,
        coalesce((payload ->> '$.DoNotCall') = 'true', false) as is_out_of_calls,
        _recorded_at as recorded_at,
        _ingested_at as ingested_at,
        _via as via,
        _ordinal as version_number
    from {{ history(source('raw_salesforce', stream)) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
