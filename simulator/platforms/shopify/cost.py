"""What a query costs, and the bucket it is paid from.

Reference: rate limits of the GraphQL Admin API. Objects cost one point, scalars and enums none, and a
connection grows with `first`. By how much is not published; the curve here meets three costs reported
for real queries (200 ids: 12, 250 customers: 12) and is a guess between them.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

MAX_COST = 1000
BUCKET_SECONDS = 20
RESTORE = {"standard": 100, "advanced": 200, "plus": 1000, "enterprise": 2000}


def growth(count: int) -> int:
    """How many times its nodes' cost a connection of `count` is charged."""
    return max(1, round(2 * math.log(count))) if count > 0 else 0


@dataclass(frozen=True)
class Pricing:
    """Prices one document with its variables; `returned` replaces `first` of the root lists by what came."""

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any]
    returned: Mapping[str, int] | None = None

    def cost(self) -> int:
        roots = [node for node in self.document.definitions if isinstance(node, OperationDefinitionNode)]
        query = self.schema.query_type
        if not roots or query is None:
            return 0
        return self._selection(roots[0].selection_set, query, is_root=True)

    def _selection(self, selections: SelectionSetNode | None, parent: Any, is_root: bool = False) -> int:
        total = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                total += self._field(node, parent, is_root)
            elif isinstance(node, InlineFragmentNode):
                total += self._selection(node.selection_set, self._condition(node, parent))
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._fragment(node.name.value)
                total += self._selection(fragment.selection_set, self._condition(fragment, parent))
        return total

    def _condition(self, node: Any, parent: Any) -> Any:
        return self.schema.type_map[node.type_condition.name.value] if node.type_condition else parent

    def _fragment(self, name: str) -> FragmentDefinitionNode:
        return next(
            node
            for node in self.document.definitions
            if isinstance(node, FragmentDefinitionNode) and node.name.value == name
        )

    def _field(self, node: FieldNode, parent: Any, is_root: bool) -> int:
        field = getattr(parent, "fields", {}).get(node.name.value)
        if field is None:
            return 0
        kind = get_named_type(field.type)
        if is_leaf_type(kind) or kind.name == "PageInfo":
            return 0
        inside = self._selection(node.selection_set, kind)
        if kind.name.endswith("Edge"):
            return inside
        first = self._first(node)
        if is_root and self.returned is not None:
            first = self.returned.get(node.alias.value if node.alias else node.name.value, first)
        if isinstance(kind, GraphQLObjectType) and kind.name.endswith("Connection"):
            return 1 + growth(10 if first is None else first) * inside
        return (1 + inside) * (growth(first) if first is not None else 1)

    def _first(self, node: FieldNode) -> int | None:
        for argument in node.arguments:
            if argument.name.value in ("first", "last"):
                if isinstance(argument.value, IntValueNode):
                    return int(argument.value.value)
                if isinstance(argument.value, VariableNode):
                    return self.variables.get(argument.value.name.value)
        return None


class Bucket:
    """Points that refill by the second."""

    def __init__(self, plan: str = "plus", seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self.change(plan)

    def change(self, plan: str) -> None:
        """Another plan, with a full bucket. Raises KeyError for an unknown plan."""
        self.restore = RESTORE[plan]
        self.maximum = self.restore * BUCKET_SECONDS
        self._level, self._at = float(self.maximum), self._seconds()

    @property
    def level(self) -> float:
        now = self._seconds()
        self._level = min(self.maximum, self._level + (now - self._at) * self.restore)
        self._at = now
        return self._level

    def take(self, points: int) -> None:
        self._level = self.level - points

    def report(self, requested: int | None, actual: int | None, level: float | None = None) -> dict[str, Any]:
        """The `cost` extension."""
        return {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": {
                "maximumAvailable": float(self.maximum),
                "currentlyAvailable": int(self.level if level is None else level),
                "restoreRate": float(self.restore),
            },
        }
