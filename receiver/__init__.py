"""Webhooks: a small process that writes inbox/ and reads nothing."""
