"""Webhooks: a small process of its own, the only part that may face the internet."""
