"""Having Salesforce delete somebody."""

from collections.abc import Callable

from connectors.erasing import Outcome, Row
from connectors.salesforce.api import Salesforce
from connectors.stream import NotThere


def erase(of: str) -> Callable[[Salesforce, str, Row], Outcome]:
    """Into the bin, which is emptied 15 days later."""

    def ask(salesforce: Salesforce, key: str, row: Row) -> Outcome:
        path = f"{salesforce.data}/sobjects/{of}/{key}"
        try:
            salesforce.use(lambda headers: salesforce.http.delete(path, headers=headers))
        except NotThere:
            return "not_there"
        return "requested"

    return ask
