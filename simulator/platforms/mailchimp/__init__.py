"""Mailchimp: two audiences with their groups, members in every state, reports and what each reader did."""

from simulator.platforms.mailchimp.api import Mailchimp

__all__ = ["Mailchimp"]
