-- Whether the person did it. What we, a program or the calendar did about them keeps nobody alive: imports, money
-- sent back, mail that bounced or was opened (programs open mail by themselves), a subscription that renews itself.
-- Nor does a goodbye: leaving the list is not coming to the shop. A mail tool says that somebody was subscribed whoever
-- did it, an import too; a signing up of their own is told as that. Whether a deal is lost, staff write down.
{% macro is_own_act(event_type) -%}
    {{ event_type }} not in (
        'lead_imported', 'order_refunded', 'order_charged_back', 'order_cancelled', 'order_placed',
        'referral_received', 'became_mql', 'became_sql', 'opportunity_opened', 'disqualified', 'not_interested',
        'deceased', 'closed', 'subscription_renewed', 'subscription_payment_failed', 'subscription_ended',
        'hard_bounced', 'hard_bounce', 'soft_bounced', 'soft_bounce', 'invalid_email', 'mail_sent', 'mail_delivered',
        'email_sent', 'email_delivered', 'delivered', 'sms_sent', 'sms_delivered', 'letter_sent', 'call_made',
        'mail_opened', 'email_opened', 'opened', 'unsubscribed', 'unsubscribe', 'sms_unsubscribed',
        'sms_unsubscribe', 'sms_stopped', 'spam', 'complaint', 'complained', 'unsubscribed_from_list',
        'subscribed_to_list', 'subscribed_to_email_marketing', 'subscribed_to_sms_marketing', 'deal_lost'
    )
{%- endmacro %}
