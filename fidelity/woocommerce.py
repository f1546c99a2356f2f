"""WooCommerce by its own client, which on plain http signs each call and says every parameter twice."""

import sys
from importlib.metadata import version
from typing import Any

from woocommerce import API

from fidelity.report import Report, must

KEY, SECRET = "ck_sim", "cs_sim"
# What the vendor's documentation shows of each record, by type.
CUSTOMER = {"id": int, "date_created_gmt": str, "email": str, "role": str, "username": str, "billing": dict,
            "shipping": dict, "is_paying_customer": bool, "avatar_url": str, "meta_data": list}  # fmt: skip
ORDER = {"id": int, "number": str, "order_key": str, "created_via": str, "version": str, "status": str,
         "currency": str, "date_created_gmt": str, "date_modified_gmt": str, "discount_total": str,
         "discount_tax": str, "shipping_total": str, "shipping_tax": str, "cart_tax": str, "total": str,
         "total_tax": str, "prices_include_tax": bool, "customer_id": int, "billing": dict, "shipping": dict,
         "payment_method": str, "transaction_id": str, "meta_data": list, "line_items": list,
         "tax_lines": list, "shipping_lines": list, "fee_lines": list, "coupon_lines": list,
         "refunds": list}  # fmt: skip
REFUND = {"id": int, "date_created_gmt": str, "amount": str, "reason": str, "refunded_by": int,
          "refunded_payment": bool, "meta_data": list, "line_items": list}  # fmt: skip


def main(base_url: str) -> int:
    report = Report(base_url, "woocommerce", f"woocommerce {version('woocommerce')}")
    client = API(f"{base_url}/woocommerce", KEY, SECRET, version="wc/v3", timeout=20)
    customers: list[dict] = []
    orders: list[dict] = []
    with report.check("customers paged by 10, by number") as notes:
        customers += _all(client, "customers", role="all", orderby="id", order="asc")
        must(all(_shows(row, CUSTOMER) for row in customers), "another shape than documented")
        notes.append(f"{len(customers)} customers")
    with report.check("orders paged by 10, guests among them") as notes:
        orders += _all(client, "orders", orderby="id", order="asc")
        must(all(_shows(row, ORDER) for row in orders), "another shape than documented")
        must(any(row["customer_id"] == 0 for row in orders), "no guest")
        notes.append(f"{len(orders)} orders")
    with report.check("only what changed after a time, the moment itself left out"):
        times = sorted({row["date_modified_gmt"] for row in orders})
        middle = times[len(times) // 2]
        asked = {"modified_after": middle, "dates_are_gmt": "true", "per_page": 100}
        found = {row["date_modified_gmt"] for row in client.get("orders", params=asked).json()}
        must(found == set(times[len(times) // 2 + 1 :]), "others")
    with report.check("refunds: negative in the order, positive by themselves") as notes:
        whole = client.get("refunds", params={"per_page": 100}).json()
        given = [one for row in orders for one in row["refunds"]]
        must({one["id"] for one in whole} == {one["id"] for one in given}, "others than in the orders")
        for row in (row for row in orders if row["refunds"]):
            alone = client.get(f"orders/{row['id']}/refunds").json()
            must(all(_shows(one, REFUND) for one in alone), "another shape than documented")
            told = {one["id"]: f"-{one['amount']}" for one in alone}
            must(told == {one["id"]: one["total"] for one in row["refunds"]}, "another amount")
        notes.append(f"{len(given)} refunds")
    _errors(report, client, base_url)
    # Last, for it changes what is asked.
    with report.check("a customer erased, and not there any more"):
        key = customers[0]["id"]
        must(client.delete(f"customers/{key}", params={"force": "true"}).status_code == 200, "refused")
        must(client.get(f"customers/{key}").status_code == 404, "still there")
    return int(report.has_failed)


def _all(client: API, path: str, **params: Any) -> list[dict]:
    rows, page = [], 1
    while True:
        answer = client.get(path, params={**params, "per_page": 10, "page": page})
        rows += answer.json()
        if page >= int(answer.headers["X-WP-TotalPages"]):
            break
        page += 1
    must(len({row["id"] for row in rows}) == len(rows) == int(answer.headers["X-WP-Total"]), "lost or twice")
    return rows


def _shows(row: dict, shape: dict[str, type]) -> bool:
    return all(isinstance(row.get(name), kind) for name, kind in shape.items())


def _errors(report: Report, client: API, base_url: str) -> None:
    wrong = API(f"{base_url}/woocommerce", KEY, "wrong", version="wc/v3")
    cases = (
        ("a customer that is not there", 404, "woocommerce_rest_invalid_id",
         lambda: client.get("customers/9")),
        ("a page too large", 400, "rest_invalid_param",
         lambda: client.get("orders", params={"per_page": 101})),
        ("a wrong secret", 401, "woocommerce_rest_authentication_error", lambda: wrong.get("orders")),
    )  # fmt: skip
    for what, status, code, call in cases:
        with report.check(f"the client is told of {what}"):
            answer = call()
            must((answer.status_code, answer.json()["code"]) == (status, code), f"{answer.status_code}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
