-- The form tools, and where their raw records say what: `form`, the path of a response's form; `title`, that of a
-- form's name; `test`, a mark of its own on answers given to try a form out. A new tool is a line here and its model
-- stg_<tool>__answers. An ad platform's forms are forms like any other; its responses are `leads`, `campaign` is the
-- path of what brought one, `channel` where that was.
{% macro form_tools() -%}
    {{ return([
        {'name': 'typeform', 'form': 'form_id', 'title': 'title'},
        {'name': 'tally', 'form': 'formId', 'title': 'name'},
        {'name': 'jotform', 'form': 'form_id', 'title': 'title'},
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
    ]) }}
{%- endmacro %}
