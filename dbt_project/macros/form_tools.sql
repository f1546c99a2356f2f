-- The form tools, and where their raw records say what: `form`, the path of a response's form; `title`, that of a
-- form's name; `test`, a mark of its own on answers given to try a form out, and `test_says` what stands there where
-- that is not just true: Gravity Forms has a preview for staff, at an address that visitors are not shown. A new tool
-- is a line here and its model stg_<tool>__answers. An ad platform's forms are forms like any other; its responses are
-- `leads`, `campaign` is the path of what brought one, `channel` where that was, `click` the path of the click's id.
-- `is_stamped`: where a response comes without its time, it was sent when it came. `way`: path of the way by which a
-- response came, for a tool that may call one response differently by API, webhook and file. `again`: path of what a
-- response stands in the place of, where moving an appointment makes another one: it is no second answer.
{% macro form_tools() -%}
    {{ return([
        {'name': 'typeform', 'form': 'form_id', 'title': 'title'},
        {'name': 'tally', 'form': 'formId', 'title': 'name'},
        {'name': 'jotform', 'form': 'form_id', 'title': 'title'},
        {
            'name': 'gravity_forms', 'form': 'form_id', 'title': 'title', 'test': 'source_url',
            'test_says': 'gf_page=preview',
        },
        {'name': 'google_forms', 'form': 'formId', 'title': 'info.title', 'way': 'told_by'},
        {'name': 'calendly', 'form': 'form_id', 'title': 'name', 'again': 'old_invitee'},
        {'name': 'hubspot', 'form': 'form_id', 'title': 'name'},
        {'name': 'own_form', 'form': 'form', 'title': 'name', 'test': 'is_test'},
        {
            'name': 'tiktok', 'form': 'page_id', 'title': 'title', 'stream': 'leads', 'object': 'lead',
            'channel': 'tiktok', 'campaign': 'campaign_id', 'test': 'is_test',
        },
        {
            'name': 'linkedin', 'form': 'form_id', 'title': 'name', 'stream': 'leads', 'object': 'lead',
            'channel': 'linkedin', 'campaign': 'campaign_id', 'test': 'testLead',
        },
        {
            'name': 'google_ads', 'form': 'form_id', 'title': 'name', 'stream': 'leads', 'object': 'lead',
            'channel': 'google_ads', 'campaign': 'campaign_id', 'test': 'is_test', 'click': 'gclid', 'way': 'told_by',
            'is_stamped': true,
        },
        {
            'name': 'pinterest', 'form': 'form_id', 'title': 'name', 'stream': 'leads', 'object': 'lead',
            'channel': 'pinterest', 'campaign': 'campaign_id', 'way': 'told_by',
        },
    ]) }}
{%- endmacro %}
