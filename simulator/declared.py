"""What a simulated platform says of itself, in the `__init__.py` of its package; `fleet.py` gathers them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.model import Campaign, Company, Form, Lead
from simulator.wire import Platform

# Headers and body of one POST.
Post = tuple[dict[str, str], bytes]
# Who came in, the forms they answered, the campaigns that sent them.
Push = Callable[[list[Lead], Mapping[str, Form], Mapping[str, Campaign]], Post]


@dataclass(frozen=True)
class Declared:
    """A platform as the simulator knows it.

    `speaks` answers its calls. `kind` says which of the company's records it has: those of forms, of ads
    (forms as well), of the shop, the mail tool, the CRM, or the reviews. `settings` are its block of
    firsthand.yaml, the address below the simulator's; `secrets` what .env needs.

    `account` is where its forms and campaigns are kept, and `counts` whether it gives them numbers.
    `announces`: it says how many records it holds.

    `push` makes the body that tells of leads, `leads_at_once` of them at the most; `nth(company, number)` a
    body of another kind, each number another. `word` ends the address where nothing is signed, `key` is what
    stands among the data instead. `files(company, folder)` writes what a marketer would download, in a folder
    for each account; `numbers_lines`: each line of it has the number by which the API calls its record.
    """

    speaks: Callable[[Company, Clock, Faults], Platform]
    kind: Literal["forms", "ads", "shop", "mail", "crm", "reviews"]
    settings: Mapping[str, Any]
    secrets: Mapping[str, str]
    account: str = "maison"
    counts: bool = False
    announces: bool = True
    push: Push | None = None
    leads_at_once: int = 1
    nth: Callable[[Company, int], Post] | None = None
    word: str = ""
    key: str = ""
    files: Callable[[Company, Path], list[Path]] | None = None
    numbers_lines: bool = True


def lead_by_lead(delivery: Callable[[Lead, Form], Post]) -> Push:
    """The push of a tool that tells of one answer at a time."""

    def push(leads: list[Lead], forms: Mapping[str, Form], campaigns: Mapping[str, Campaign]) -> Post:
        [lead] = leads
        return delivery(lead, forms[lead.form_id])

    return push
