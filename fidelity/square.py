"""Square by its own client, and by its own judge of signatures."""

import sys
from importlib.metadata import version
from typing import Any

from square import Square
from square.core.api_error import ApiError
from square.utils.webhooks_helper import verify_signature

from fidelity.report import Report, must

OURS, ANOTHER = "EAAA-sim-square", "EAAA-another"
PLACES = [f"L{number:02d}SIMULATED" for number in range(10)]


def main(base_url: str) -> int:
    report = Report(base_url, "square", f"squareup {version('squareup')}")
    client = Square(token=OURS, base_url=f"{base_url}/square")
    customers: list[Any] = []
    orders: list[Any] = []
    with report.check("customers searched page by page, and counted") as notes:
        customers += _customers(client)
        told = client.customers.search(limit=1, count=True)
        must(told.count == len(customers) == len({one.id for one in customers}), "lost or twice")
        must(all(one.created_at and one.updated_at and one.preferences for one in customers), "bare")
        notes.append(f"{len(customers)} customers")
    with report.check("only customers changed after a time"):
        times = sorted(one.updated_at for one in customers)
        middle = times[len(times) // 2]
        found = _customers(client, {"filter": {"updated_at": {"start_at": middle}}})
        must({one.id for one in found} == {one.id for one in customers if one.updated_at >= middle}, "others")
    with report.check("orders of ten places page by page, money as the client reads it") as notes:
        orders += _orders(client, {"sort": {"sort_field": "CREATED_AT", "sort_order": "ASC"}})
        must(len({one.id for one in orders}) == len(orders), "twice")
        must(
            all(isinstance(one.total_money.amount, int) and one.total_money.currency for one in orders),
            "no money",
        )
        must(any(one.customer_id is None for one in orders), "everybody known")
        notes.append(f"{len(orders)} orders")
    with report.check("orders by when they changed, sorted by it"):
        times = sorted(one.updated_at for one in orders)
        middle = times[len(times) // 2]
        within = {"filter": {"date_time_filter": {"updated_at": {"start_at": middle}}}}
        found = _orders(client, within | {"sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"}})
        must([one.updated_at for one in found] == [time for time in times if time >= middle], "others")
    with report.check("refunds name payments, payments their order") as notes:
        refunds = list(client.refunds.list(sort_order="ASC", limit=20))
        for one in refunds:
            key = client.payments.get(payment_id=one.payment_id).payment.order_id
            order = client.orders.get(order_id=key).order
            must(order.tenders[0].payment_id == one.payment_id, "another order")
            must(one.amount_money.amount <= order.total_money.amount, "more than was paid")
        notes.append(f"{len(refunds)} refunds")
    with report.check("refunds changed after a time"):
        middle = sorted(one.updated_at for one in refunds)[len(refunds) // 2]
        asked = {"updated_at_begin_time": middle, "sort_field": "UPDATED_AT", "sort_order": "ASC"}
        found = {one.id for one in client.refunds.list(**asked)}
        must(found == {one.id for one in refunds if one.updated_at >= middle}, "others")
    _signature(report)
    _errors(report, client, base_url)
    # Last, for it changes what is asked.
    with report.check("a customer erased, and not there any more"):
        client.customers.delete(customer_id=customers[0].id)
        must(
            _refusal(lambda: client.customers.get(customer_id=customers[0].id)) == (404, "NOT_FOUND"), "there"
        )
    return int(report.has_failed)


def _customers(client: Square, query: dict[str, Any] | None = None) -> list[Any]:
    found: list[Any] = []
    cursor = None
    while True:
        told = client.customers.search(limit=20, query=query, cursor=cursor)
        found += told.customers or []
        cursor = told.cursor
        if not cursor:
            return found


def _orders(client: Square, query: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    cursor = None
    while True:
        told = client.orders.search(location_ids=PLACES, query=query, limit=50, cursor=cursor)
        found += told.orders or []
        cursor = told.cursor
        if not cursor:
            return found


def _signature(report: Report) -> None:
    from simulator.platforms.square.push import ADDRESS, KEY, delivery, event

    with report.check("its judge takes what the simulator signs, and nothing else"):
        headers, body = delivery(event("order.updated", "A", {"order_updated": {"order_id": "A"}}))
        given = headers["x-square-hmacsha256-signature"]

        def judged(text: str, address: str) -> bool:
            return verify_signature(
                request_body=text, signature_header=given, signature_key=KEY, notification_url=address
            )

        must(judged(body.decode(), ADDRESS), "refused")
        must(not judged(body.decode() + " ", ADDRESS), "taken though altered")
        must(not judged(body.decode(), ADDRESS + "/"), "taken for another address")


def _errors(report: Report, client: Square, base_url: str) -> None:
    wrong = Square(token=ANOTHER, base_url=f"{base_url}/square")
    by = {"sort": {"sort_field": "CREATED_AT"}, "filter": {"date_time_filter": {"updated_at": {}}}}
    cases = (
        ("a customer that is not there", (404, "NOT_FOUND"),
         lambda: client.customers.get(customer_id="NOBODY")),
        ("a page too large", (400, "VALUE_TOO_HIGH"), lambda: client.customers.search(limit=101)),
        ("a filter by one time and an order by another", (400, "INVALID_SORT_FIELD"),
         lambda: client.orders.search(location_ids=PLACES, query=by)),
        ("eleven places", (400, "INVALID_ARRAY_VALUE"),
         lambda: client.orders.search(location_ids=[*PLACES, "ELEVENTH"])),
        ("a wrong token", (401, "UNAUTHORIZED"), lambda: wrong.customers.search(limit=1)),
    )  # fmt: skip
    for what, expected, call in cases:
        with report.check(f"the client is told of {what}"):
            told = _refusal(call)
            must(told == expected, f"{told}")


def _refusal(call: Any) -> tuple[int | None, str]:
    try:
        call()
    except ApiError as error:
        return error.status_code, error.errors[0].code
    raise AssertionError("taken")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
