"""The platforms this pipeline reads: one module of this package each."""

PLATFORMS = [
    "meta",
    "tiktok",
    "linkedin",
    "google_ads",
    "typeform",
    "tally",
    "jotform",
    "gravity_forms",
    "own_form",
    "shopify",
    "woocommerce",
    "stripe",
    "brevo",
    "mailchimp",
    "hubspot",
    "files",
]
