-- One row per event of those with news and, for an account, of its members: an increment looks through all events there
-- are once, for the columns that rules read, and what follows reads these. int_lifecycle__touched adds those of who
-- has lost one. Empty where everything is computed anew.
{{ events_told_of(ref('int_lifecycle__news')) }}
-- depends_on: {{ ref('int_customer_profiles') }} {{ ref('int_account_members') }}
