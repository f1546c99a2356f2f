"""Where one schema says something that another does not: names, types, nullability, arguments, values."""

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    is_required_argument,
    is_specified_scalar_type,
)


def differences(part: GraphQLSchema, whole: GraphQLSchema) -> list[str]:
    """Everything in `part` that `whole` would not say in the same way."""
    found: list[str] = []
    for name, kind in part.type_map.items():
        if name.startswith("__") or is_specified_scalar_type(kind):
            continue
        other = whole.type_map.get(name)
        if type(other) is not type(kind):
            found.append(f"{name} is no {type(kind).__name__}")
        else:
            found += _type_differences(kind, other)
    return found


def _type_differences(kind: GraphQLNamedType, other: GraphQLNamedType) -> Iterator[str]:
    match kind, other:
        case GraphQLEnumType(), GraphQLEnumType():
            yield from (f"{kind.name}.{value} is unknown" for value in set(kind.values) - set(other.values))
        case ((GraphQLObjectType() | GraphQLInterfaceType()), (GraphQLObjectType() | GraphQLInterfaceType())):
            theirs = {one.name for one in other.interfaces}
            yield from (f"{kind.name} is no {one.name}" for one in kind.interfaces if one.name not in theirs)
            for name, field in kind.fields.items():
                if name not in other.fields:
                    yield f"{kind.name}.{name} is unknown"
                else:
                    yield from _field_differences(f"{kind.name}.{name}", field, other.fields[name])


def _field_differences(name: str, field: GraphQLField, other: GraphQLField) -> Iterator[str]:
    if str(field.type) != str(other.type):
        yield f"{name} is {other.type}, not {field.type}"
    if bool(field.deprecation_reason) != bool(other.deprecation_reason):
        yield f"{name}: deprecated on one side only"
    for argument, ours in field.args.items():
        theirs = other.args.get(argument)
        if theirs is None:
            yield f"{name}({argument}:) is unknown"
        elif str(ours.type) != str(theirs.type):
            yield f"{name}({argument}:) is {theirs.type}, not {ours.type}"
        elif ours.default_value != theirs.default_value and Undefined not in (
            ours.default_value,
            theirs.default_value,
        ):
            yield f"{name}({argument}:) is {theirs.default_value} by default, not {ours.default_value}"
    for argument, theirs in other.args.items():
        if is_required_argument(theirs) and argument not in field.args:
            yield f"{name} needs {argument}"
