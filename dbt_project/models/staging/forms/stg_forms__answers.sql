-- One row per thing answered on a form of any form tool, with the question as it was worded then.
--
-- `answer_type` is what the tool itself says the answer is: email, phone_number, boolean, hidden (a value of the
-- page's address and nobody's answer), first_name, last_name, street, city, postcode, country; else text. A tool
-- whose boxes have wordings of their own yields one row per ticked box; a box left alone is no row, for silence
-- is no answer. A tool whose boxes say themselves what they permit tells `channels` and `purposes`; for all others the
-- wording does.
with told as (
    {% for tool in form_tools() %}
        {% if not loop.first %}union all by name{% endif %}
        select '{{ tool.name }}' as platform, * from {{ ref('stg_' ~ tool.name ~ '__answers') }}
    {% endfor %}
)

select
    * exclude (answer_type, answer_text),
    -- A question whose only words are yes and no is one, whatever the tool calls it.
    case when answer_type = 'text' and {{ spoken_truth('answer_text') }} is not null then 'boolean' else answer_type end
        as answer_type,
    case
        when answer_type = 'text' then coalesce({{ spoken_truth('answer_text') }}, answer_text)
        else answer_text
    end as answer_text
from told
where answer_text <> ''
