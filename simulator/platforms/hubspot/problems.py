"""How HubSpot refuses: errors that name themselves in `category`."""

from typing import Any

from simulator.platforms.hubspot.nodes import Node
from simulator.wire import Answer


class Refusal(Exception):
    def __init__(self, status: int, category: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.answer = Answer(error(category, message) | more, status)


def error(category: str, message: str) -> Node:
    return {
        "status": "error",
        "message": message,
        "correlationId": "5f0e1c1a-0000-4000-8000-000000000000",
        "category": category,
    }
