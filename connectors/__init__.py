"""The platforms this pipeline reads: one module of this package each."""

PLATFORMS = ["meta", "typeform", "tally", "jotform", "shopify", "woocommerce", "brevo", "mailchimp", "files"]
