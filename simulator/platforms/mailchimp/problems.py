"""How Mailchimp refuses: problem documents."""

from simulator.wire import Answer


class Refusal(Exception):
    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(title)
        self.answer = problem(status, title, detail)


def problem(status: int, title: str, detail: str) -> Answer:
    body = {
        "type": "https://mailchimp.com/developer/marketing/docs/errors/",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": "5f0e1c1a-0000-4000-8000-000000000000",
    }
    return Answer(body, status, {"Content-Type": "application/problem+json; charset=utf-8"})


def not_found() -> Refusal:
    return Refusal(404, "Resource Not Found", "The requested resource could not be found.")
