"""Queries that ask for every field of a schema, so that no resolver goes unchecked."""

from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

DEPTH = 5
# They lead back to where we come from, or would be asked for twice.
SKIPPED = {"Customer.orders", "Customer.lastOrder", "Order.customer"}


def everything(schema: GraphQLSchema) -> dict[str, str]:
    """A query per root field that needs no id, with all there is below it."""
    root = schema.query_type
    if root is None:
        return {}
    queries = {}
    for name, field in root.fields.items():
        if "id" not in field.args:
            page = "(first: 20, after: $after)" if "first" in field.args else ""
            head = "query ($after: String) " if page else ""
            queries[name] = f"{head}{{ {name}{page} {_selection(field, DEPTH)} }}"
    links = "id ... on Customer { lastOrder { id name } orders(first: 2) { nodes { id } } }"
    queries["customers and their orders"] = f"{{ customers(first: 5) {{ nodes {{ __typename {links} }} }} }}"
    queries["orders and their customers"] = "{ orders(first: 5) { nodes { customer { id displayName } } } }"
    return queries


def _selection(field: GraphQLField, depth: int) -> str:
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        return "{ __typename }"
    return "{ " + " ".join(["__typename", *_fields(kind, depth)]) + " }"


def _fields(kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> Iterator[str]:
    for name, field in kind.fields.items():
        inside = get_named_type(field.type)
        is_leaf = is_leaf_type(inside)
        if f"{kind.name}.{name}" in SKIPPED or (not is_leaf and depth == 0):
            continue
        # Edges repeat the nodes: their cursors are enough.
        if name == "edges":
            yield "edges { cursor }"
            continue
        arguments = "(first: 3)" if "first" in field.args else ""
        yield f"{name}{arguments} {_selection(field, depth - 1)}"
