"""A query text, read once: parsed, checked against the schema, its deprecated fields found; and errors."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    default_field_resolver,
    parse,
    validate,
    visit,
)

from simulator.platforms.shopify.cost import MAX_COST
from simulator.platforms.shopify.graph import PROTECTED

DENIED_HELP = "https://shopify.dev/docs/apps/launch/protected-customer-data"


@dataclass(frozen=True)
class Document:
    """`errors` are as answered; with any, `parsed` must not be run."""

    parsed: DocumentNode | None
    errors: tuple[dict[str, Any], ...] = ()
    deprecated: tuple[str, ...] = ()


class Reader:
    """Reads query texts against one schema and remembers them."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self.read = lru_cache(maxsize=64)(self._read)

    def _read(self, text: str) -> Document:
        try:
            parsed = parse(text)
        except GraphQLError as error:
            return Document(None, (_invalid(error),))
        wrong = tuple(_invalid(error) for error in validate(self._schema, parsed))
        return Document(parsed, wrong, self._deprecated(parsed))

    def _deprecated(self, parsed: DocumentNode) -> tuple[str, ...]:
        info, found = TypeInfo(self._schema), []

        class Deprecated(Visitor):
            def enter_field(self, node: FieldNode, *_: Any) -> None:
                field = info.get_field_def()
                if field is not None and field.deprecation_reason:
                    found.append(f"{info.get_parent_type()}.{node.name.value}")

        visit(parsed, TypeInfoVisitor(info, Deprecated()))
        return tuple(dict.fromkeys(found))


def deny(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """A resolver for an app without access to personal data: such fields are null, each with an error."""
    if info.field_name in PROTECTED.get(info.parent_type.name, ()):
        raise GraphQLError(
            f"This app is not approved to use the {info.field_name} field. See {DENIED_HELP} for details.",
            extensions={"code": "ACCESS_DENIED", "documentation": DENIED_HELP},
        )
    return default_field_resolver(source, info, **arguments)


def _invalid(error: GraphQLError) -> dict[str, Any]:
    """A syntax error or a query that does not fit the schema: answered with status 200 and no data."""
    shown = dict(error.formatted)
    if unknown := re.match(r"Cannot query field '(\w+)' on type '(\w+)'", error.message):
        name, kind = unknown.groups()
        shown["message"] = f"Field '{name}' doesn't exist on type '{kind}'"
        shown["extensions"] = {"code": "undefinedField", "typeName": kind, "fieldName": name}
    return shown


def too_dear(cost: int) -> dict[str, Any]:
    return {
        "message": f"Query cost is {cost}, which exceeds the single query max cost limit ({MAX_COST}).\n\n"
        "See https://shopify.dev/concepts/about-apis/rate-limits for more information on how the cost of a "
        "query is calculated.",
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": MAX_COST,
            "documentation": "https://shopify.dev/api/usage/rate-limits",
        },
    }
