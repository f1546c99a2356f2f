"""Whose forms they are. There is nobody to call."""

from dataclasses import dataclass

from connectors.client import Env


@dataclass(frozen=True)
class OwnForms:
    account: str


def client(env: Env) -> OwnForms:
    # Without it no link could be trusted, and the receiver would have shown no form.
    env.secret("OWN_FORM_SECRET")
    return OwnForms(str(env.settings.get("account", "own_form")))
