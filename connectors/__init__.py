"""The platforms this pipeline reads: one module of this package each, listed by what it knows of people."""

ADS = ["meta", "tiktok", "linkedin", "google_ads", "pinterest"]
FORMS = ["typeform", "tally", "jotform", "gravity_forms", "google_forms", "calendly", "own_form"]
SHOPS = ["shopify", "woocommerce", "prestashop", "square", "stripe"]
MAIL = ["brevo", "mailchimp", "klaviyo"]
CRMS = ["hubspot", "pipedrive", "salesforce"]
REVIEWS = ["yotpo", "trustpilot"]
FILES = ["files"]

PLATFORMS = [*ADS, *FORMS, *SHOPS, *MAIL, *CRMS, *REVIEWS, *FILES]
# Who is believed first, unless firsthand.yaml says otherwise: a shop is given what must arrive, a mail tool
# what is read; an ad's form was filled in by the phone, a file by anybody.
MOST_BELIEVED = [*SHOPS, *MAIL, *CRMS, *FORMS, *ADS, *REVIEWS, *FILES]
