"""WooCommerce: the REST API v3 of one shop, its webhooks, and the files it lets somebody download."""

from simulator.platforms.woocommerce.api import WooCommerce

__all__ = ["WooCommerce"]
