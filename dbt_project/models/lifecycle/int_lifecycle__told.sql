-- One row per recommendation and per member of an account, as the histories were told from them: the next build
-- compares, to find whom else they touch.

select 'referral' as kind, referrals.* from ({{ referrals_told() }}) as referrals
union all
select 'member', account_id, customer_id, {{ local_day('since') }}, null
from {{ ref('int_account_members') }}
-- depends_on: {{ ref('int_lifecycle__restated') }}
