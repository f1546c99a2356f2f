"""The published schema with scalars that check instead of passing everything through."""

import re
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLScalarType, GraphQLSchema

# What each custom scalar looks like on the wire.
SHAPES = {
    "DateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "Decimal": r"-?\d+\.\d+",
    "Money": r"-?\d+\.\d+",
    "UnsignedInt64": r"\d+",
    "URL": r"https?://\S+",
    "FormattedString": r"(?s).*",
}
NATIVE: dict[str, Callable[[Any], bool]] = {
    "ID": lambda value: isinstance(value, str) and value.startswith("gid://shopify/"),
    "String": lambda value: isinstance(value, str),
    "Int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
}


def strict(schema: GraphQLSchema) -> GraphQLSchema:
    """The same schema; serialising a value of another shape raises."""
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLScalarType) and name in SHAPES:
            kind.serialize = _checked(name, lambda value, shape=SHAPES[name]: _matches(shape, value))  # type: ignore[method-assign]
    return schema


def _matches(shape: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(shape, value) is not None


def _checked(name: str, fits: Callable[[Any], bool]) -> Callable[[Any], Any]:
    def serialize(value: Any) -> Any:
        if not fits(value):
            raise GraphQLError(f"{value!r} is no {name}")
        return value

    return serialize


def the_answer(source: Any, info: GraphQLResolveInfo, **_: Any) -> Any:
    """A resolver that takes each value from an answer already given, under its own key."""
    key = str(info.path.key)
    if key not in source:
        raise GraphQLError(f"{info.parent_type.name}.{info.field_name} was asked for and not answered")
    value = source[key]
    fits = NATIVE.get(str(info.return_type).strip("!"))
    if value is not None and fits is not None and not fits(value):
        raise GraphQLError(f"{value!r} is no {info.return_type}")
    return value
