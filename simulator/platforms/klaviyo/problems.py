"""How Klaviyo refuses: a list of errors, each with a code and where it was."""

from typing import Any

from simulator.wire import Answer

JSON_API = "application/vnd.api+json"


class Refusal(Exception):
    def __init__(self, status: int, code: str, detail: str, source: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.answer = Answer(error(status, code, detail, source), status, {"Content-Type": JSON_API})


def error(status: int, code: str, detail: str, source: dict[str, str] | None = None) -> dict[str, Any]:
    told = {
        "id": "5f0e1c1a-0000-4000-8000-000000000000",
        "status": status,
        "code": code,
        "title": code.replace("_", " ").capitalize(),
        "detail": detail,
        "source": source or {"pointer": "/data/"},
    }
    return {"errors": [told]}


def invalid(detail: str, parameter: str = "filter") -> Refusal:
    return Refusal(400, "invalid", detail, {"parameter": parameter})


def not_found() -> Refusal:
    return Refusal(404, "not_found", "A resource was not found.")
