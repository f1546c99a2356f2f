"""Bulk operations: a query run over the whole shop in the background, its answer a file of JSON lines.

What stands in a connection of a record is written on lines of its own, away from its record and now and then
before it. A file is told ready after a few looks at the soonest. It is fetched without the token.
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    IntValueNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    execute,
    get_named_type,
    parse,
    validate,
    visit,
)

from simulator.clock import Clock
from simulator.platforms.shopify.graph import Context
from simulator.platforms.shopify.nodes import Node, connection, encode_cursor, gid, stamp
from simulator.wire import Answer, Call

LARGEST = 250
KEPT = timedelta(days=7)
ENDINGS = {"completed": "COMPLETED", "failed": "FAILED", "canceled": "CANCELED", "expired": "EXPIRED"}


@dataclass
class Operation:
    number: int
    query: str
    created_at: datetime
    base: str
    ending: str
    looks: int
    lines: list[str] = field(default_factory=list)
    roots: int = 0
    thread: threading.Thread | None = None
    completed_at: datetime | None = None

    @property
    def status(self) -> str:
        if self.looks > 0 or (self.thread and self.thread.is_alive()):
            return "RUNNING"
        return self.ending

    def end(self, now: datetime) -> None:
        """Keep when it ended: the first time that it is seen to have."""
        if self.completed_at is None and self.status != "RUNNING":
            self.completed_at = now

    @property
    def content(self) -> bytes:
        return "".join(self.lines).encode()


class Bulk:
    """The app's operations.

    `settle(things, nodes, signature)` spoils records as it does those of pages; `end(things)` hears that all
    have been read.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        clock: Clock,
        settings: Any,
        settle: Callable[[str, list[Node], str], None],
        end: Callable[[str], None],
    ) -> None:
        self.schema, self.clock, self.settings = schema, clock, settings
        self._settle, self._end = settle, end
        self.operations: list[Operation] = []
        root, changes = schema.query_type, schema.mutation_type
        assert isinstance(root, GraphQLObjectType)  # noqa: S101
        assert isinstance(changes, GraphQLObjectType)  # noqa: S101
        changes.fields["bulkOperationRunQuery"].resolve = self._run
        root.fields["bulkOperation"].resolve = self._one
        root.fields["bulkOperations"].resolve = self._list

    def file(self, call: Call) -> Answer:
        """The file of an operation, or the rest of it."""
        found = next((one for one in self.operations if call.parts[-1] == f"{one.number}.jsonl"), None)
        is_there = found and found.status == "COMPLETED" and self.clock.now - found.created_at < KEPT
        if not is_there or "x-shopify-access-token" in call.headers:
            return Answer(
                "<Error><Code>AccessDenied</Code></Error>", 403, {"Content-Type": "application/xml"}
            )
        assert found is not None  # noqa: S101
        content, headers = found.content, {"Content-Type": "application/jsonl", "Accept-Ranges": "bytes"}
        begin = int(call.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        if not begin:
            return Answer(content, 200, headers)
        told = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        return Answer(content[begin:], 206, headers | {"Content-Range": told})

    # -- resolvers --------------------------------------------------------------------------------

    def _run(self, _root: Any, info: GraphQLResolveInfo, query: str, groupObjects: bool = False) -> Node:
        if refusal := self._refusal(query):
            code, message = refusal
            error = {"code": code, "field": ["query"], "message": message}
            return {"bulkOperation": None, "userErrors": [error]}
        made = Operation(
            number=720_000_001 + len(self.operations),
            query=query,
            created_at=self.clock.now,
            base=info.context.base,
            ending=ENDINGS[self.settings.bulk],
            looks=self.settings.bulk_looks,
        )
        made.thread = threading.Thread(target=self._write, args=(made, groupObjects), daemon=True)
        self.operations.append(made)
        made.thread.start()
        return {"bulkOperation": self._node(made) | {"status": "CREATED"}, "userErrors": []}

    def _refusal(self, query: str) -> tuple[str, str] | None:
        at_work = [one for one in self.operations if one.status == "RUNNING"]
        if len(at_work) >= self.settings.bulk_at_once:
            code = "OPERATION_IN_PROGRESS" if self.settings.bulk_at_once == 1 else "LIMIT_REACHED"
            return code, "A bulk query operation for this app and shop is already in progress."
        try:
            document = parse(query)
        except ValueError as error:
            return "INVALID", str(error)
        wrong = validate(self.schema, document)
        if wrong or len(_connections(self.schema, document)) not in range(1, 6):
            return "INVALID", wrong[
                0
            ].message if wrong else "Bulk queries must contain one to five connections."
        return None

    def _one(self, _root: Any, info: GraphQLResolveInfo, id: str) -> Node | None:
        found = next((one for one in self.operations if gid("BulkOperation", str(one.number)) == id), None)
        if found is None:
            return None
        found.looks -= 1
        return self._node(found)

    def _list(self, _root: Any, info: GraphQLResolveInfo, first: int | None = None, **_how: Any) -> Node:
        newest = [self._node(one) for one in reversed(self.operations)][:first]
        return connection(newest, [encode_cursor([node["id"]]) for node in newest], False, False)

    def _node(self, operation: Operation) -> Node:
        operation.end(self.clock.now)
        status, content = operation.status, b""
        if status in ("COMPLETED", "FAILED"):
            content = operation.content
        url = f"{operation.base}/bulk/{operation.number}.jsonl?signed=sim" if content else None
        failed = status == "FAILED"
        return {
            "__typename": "BulkOperation",
            "id": gid("BulkOperation", str(operation.number)),
            "status": status,
            "type": "QUERY",
            "query": operation.query,
            "createdAt": stamp(operation.created_at),
            "completedAt": stamp(operation.completed_at) if operation.completed_at else None,
            "errorCode": "INTERNAL_SERVER_ERROR" if failed else None,
            "fileSize": str(len(content)) if content else None,
            "objectCount": str(len(operation.lines)),
            "rootObjectCount": str(operation.roots),
            "url": url if status == "COMPLETED" else None,
            "partialDataUrl": url if failed else None,
        }

    # -- the file ---------------------------------------------------------------------------------

    def _write(self, operation: Operation, is_grouped: bool) -> None:
        document = _paged(self.schema, parse(operation.query))
        for things, nodes in self._pages(operation, document):
            self._settle(things, nodes, operation.query)
            own = [list(_nested(node)) for node in nodes]
            if is_grouped:
                lines = [line for node, mine in zip(nodes, own, strict=True) for line in (node, *mine)]
            else:
                # Those of one record keep their order; those of several are mixed.
                apart = [line for turn in zip_longest(*own) for line in turn if line]
                is_before = operation.roots // LARGEST % 2
                lines = apart + nodes if is_before else nodes + apart
            operation.roots += len(nodes)
            # A slash may come escaped, as it does from the real one.
            operation.lines += [
                json.dumps(line, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/") + "\n"
                for line in lines
            ]

    def _pages(self, operation: Operation, document: DocumentNode) -> Iterator[tuple[str, list[Node]]]:
        after = None
        while True:
            context = Context(f"bulk {operation.number} {after}", operation.base)
            result = execute(
                self.schema, document, context_value=context, variable_values={"bulkAfter": after}
            )
            assert isinstance(result, ExecutionResult)  # noqa: S101
            [(things, page)] = (result.data or {}).items()
            yield things, [edge["node"] for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                self._end(things)
                return
            after = page["pageInfo"]["endCursor"]


def _nested(node: Node) -> Iterator[Node]:
    """The lines of a record's connections, which are taken from it."""
    for name in [name for name, value in node.items() if isinstance(value, dict) and "edges" in value]:
        for edge in node.pop(name)["edges"]:
            yield edge["node"] | {"__parentId": node["id"]}


def _is_connection(info: TypeInfo) -> bool:
    kind = info.get_type()
    return kind is not None and get_named_type(kind).name.endswith("Connection")


def _connections(schema: GraphQLSchema, document: DocumentNode) -> list[str]:
    info, found = TypeInfo(schema), []

    class Found(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            if _is_connection(info):
                found.append(node.name.value)

    visit(document, TypeInfoVisitor(info, Found()))
    return found


def _paged(schema: GraphQLSchema, document: DocumentNode) -> DocumentNode:
    """The same query as pages of the largest size, its one root list from a variable on."""
    info = TypeInfo(schema)
    first = ArgumentNode(name=NameNode(value="first"), value=IntValueNode(value=str(LARGEST)))
    [page_info] = parse("{ pageInfo { hasNextPage endCursor } }").definitions
    [after] = parse("query ($bulkAfter: String) { x(after: $bulkAfter) }").definitions
    assert isinstance(page_info, OperationDefinitionNode)  # noqa: S101
    assert isinstance(after, OperationDefinitionNode)  # noqa: S101

    class Paged(Visitor):
        def leave_field(self, node: FieldNode, _key: Any, _parent: Any, _path: Any, ancestors: Any) -> Any:
            if not _is_connection(info):
                return None
            is_root = not any(isinstance(one, FieldNode) for one in ancestors)
            [asked] = after.selection_set.selections
            arguments = (*node.arguments, first, *(asked.arguments if is_root else ()))
            selections = (*node.selection_set.selections, *page_info.selection_set.selections)
            return _with(node, arguments=arguments, selections=selections)

        def leave_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> Any:
            return OperationDefinitionNode(
                operation=node.operation,
                selection_set=node.selection_set,
                variable_definitions=after.variable_definitions,
            )

    return visit(document, TypeInfoVisitor(info, Paged()))


def _with(node: FieldNode, arguments: Any, selections: Any) -> FieldNode:
    return FieldNode(
        alias=node.alias,
        name=node.name,
        arguments=arguments,
        selection_set=SelectionSetNode(selections=selections),
    )
