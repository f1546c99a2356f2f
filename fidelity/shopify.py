"""Shopify by its published schema: our queries fit it, the simulator's part agrees, its answers complete."""

import gzip
import json
import runpy
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    build_client_schema,
    build_schema,
    execute,
    parse,
    print_ast,
    validate,
)

from fidelity.environment import SCHEMA
from fidelity.report import Report, must
from fidelity.schema_subset import differences
from fidelity.strict import strict, the_answer
from fidelity.whole import everything

ROOT = Path(__file__).parent.parent
OURS = ROOT / "simulator" / "platforms" / "shopify" / "schema.graphql"
PATH = "/shopify/admin/api/2026-07/graphql.json"


def main(base_url: str) -> int:
    with gzip.open(SCHEMA) as file:
        told = json.load(file)
    vendor = strict(build_client_schema(told.get("data", told)))
    report = Report(base_url, "shopify", SCHEMA.name.removesuffix(".json.gz"))
    with report.check("the simulator's schema is a part of the published one") as notes:
        ours = build_schema(OURS.read_text(encoding="utf-8"))
        found = differences(ours, vendor)
        must(not found, "; ".join(found[:10]))
        notes.append(f"{len([name for name in ours.type_map if not name.startswith('__')])} types")
    queries = connector_documents(ROOT / "connectors", "_QUERY")
    with report.check("the connector's queries are found"):
        must(queries, "no constant ending in _QUERY in connectors/shopify")
    orders = _ask(base_url, "{ orders(first: 1) { nodes { id } } }", {})["data"]["orders"]["nodes"]
    known = {
        "first": 25,
        "id": orders[0]["id"],
        "query": "updated_at:>='2020-01-01T00:00:00Z'",
        "after": None,
    }
    texts = connector_documents(ROOT / "connectors", "")
    for name, text in queries.items():
        if name == "BULK_OPERATION_QUERY":
            continue  # asked below, of an operation
        with report.check(f"{name}: fits the schema, and so does its answer") as notes:
            notes.append(_compare(base_url, vendor, text, known))
    _bulk(report, base_url, vendor, texts)
    for name, text in everything(ours).items():
        with report.check(f"every field of {name} completes as published") as notes:
            notes.append(_compare(base_url, vendor, text, known))
    # Last, for it changes what is asked.
    erasures = connector_documents(ROOT / "connectors", "_ERASURE")
    with report.check("the connector's erasure is found"):
        must(erasures, "no constant ending in _ERASURE in connectors/shopify")
    customers = _ask(base_url, "{ customers(first: 1) { nodes { id } } }", {})["data"]["customers"]["nodes"]
    for name, text in erasures.items():
        with report.check(f"{name}: fits the schema, and so does its answer"):
            _mutate(base_url, vendor, text, {"id": customers[0]["id"]})
    return int(report.has_failed)


def connector_documents(folder: Path, ending: str) -> dict[str, str]:
    """The texts so named: their module needs no other of the connector's."""
    found = runpy.run_path(str(folder / "shopify" / "queries.py"))
    return {name: text for name, text in found.items() if name.endswith(ending) and isinstance(text, str)}


def _bulk(report: Report, base_url: str, vendor: GraphQLSchema, texts: dict[str, str]) -> None:
    """The queries for all there is, begun, looked at and fetched: each file holds what the types allow."""
    run, look = texts["BULK_RUN"], texts["BULK_OPERATION_QUERY"]
    for name in ("CUSTOMERS_BULK", "ORDERS_BULK"):
        with report.check(f"{name}: fits the schema, and so do the operation and its file") as notes:
            document = parse(texts[name])
            wrong = validate(vendor, document)
            must(not wrong, "; ".join(error.message for error in wrong))
            begun = _mutate(base_url, vendor, run, {"query": texts[name]})["bulkOperation"]
            for _ in range(100):
                told = _ask(base_url, look, {"id": begun["id"]})
                _complete(vendor, parse(look), {"id": begun["id"]}, told["data"])
                if told["data"]["bulkOperation"]["status"] == "COMPLETED":
                    break
                time.sleep(0.1)
            with urllib.request.urlopen(told["data"]["bulkOperation"]["url"], timeout=30) as file:  # noqa: S310
                lines = [json.loads(line) for line in file]
            nodes = {line["id"]: line for line in lines if "__parentId" not in line}
            if name == "ORDERS_BULK":
                for node in nodes.values():
                    node["lineItems"] = {"edges": []}
                for line in lines:
                    if owner := line.pop("__parentId", None):
                        nodes[owner]["lineItems"]["edges"].append({"node": line})
            edges = [{"node": node} for node in nodes.values()]
            _complete(vendor, document, {}, {name.partition("_")[0].lower(): {"edges": edges}})
            notes.append(f"{len(lines)} lines")


def _compare(base_url: str, vendor: GraphQLSchema, text: str, known: dict[str, Any]) -> str:
    """Ask the simulator, page by page, and complete each answer against the published types."""
    document = parse(text)
    wrong = validate(vendor, document)
    must(not wrong, "; ".join(error.message for error in wrong))
    [operation] = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    wanted = [variable.variable.name.value for variable in operation.variable_definitions]
    variables, values, dearest = {name: known[name] for name in wanted}, 0, 0
    while True:
        body = _ask(base_url, print_ast(document), variables)
        must("errors" not in body, json.dumps(body.get("errors")))
        _complete(vendor, document, variables, body["data"])
        cost = body["extensions"]["cost"]
        must(cost["actualQueryCost"] <= cost["requestedQueryCost"] <= 1000, f"cost {cost}")
        values, dearest = values + _leaves(body["data"]), max(dearest, cost["requestedQueryCost"])
        page = next(iter(body["data"].values())).get("pageInfo") or {}
        if "after" not in variables or not page.get("hasNextPage"):
            return f"{values} values, {dearest} points"
        variables["after"] = page["endCursor"]


def _mutate(base_url: str, vendor: GraphQLSchema, text: str, variables: dict[str, Any]) -> dict[str, Any]:
    document = parse(text)
    wrong = validate(vendor, document)
    must(not wrong, "; ".join(error.message for error in wrong))
    body = _ask(base_url, print_ast(document), variables)
    must("errors" not in body, json.dumps(body.get("errors")))
    [answer] = body["data"].values()
    must(not answer["userErrors"], json.dumps(answer))
    _complete(vendor, document, variables, body["data"])
    return answer


def _complete(vendor: GraphQLSchema, document: DocumentNode, variables: dict[str, Any], data: Any) -> None:
    """The published schema, given the answer for its data, must give the same answer."""
    completed = execute(
        vendor,
        document,
        root_value=data,
        variable_values=variables,
        field_resolver=the_answer,
        type_resolver=lambda value, *_: value["__typename"],
    )
    must(not completed.errors, "; ".join(str(error) for error in (completed.errors or ())[:5]))
    must(completed.data == data, "completing the answer changed it")


def _leaves(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_leaves, value.values()))
    return sum(map(_leaves, value)) if isinstance(value, list) else 1


def _ask(base_url: str, text: str, variables: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps({"query": text, "variables": variables}).encode()
    headers = {"Content-Type": "application/json", "X-Shopify-Access-Token": "shpat_sim"}
    request = urllib.request.Request(base_url + PATH, body, headers)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
