"""`firsthand mcp` as a program with a language model meets it: a real client, over stdin and stdout."""

import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import duckdb
import pytest
from town import ROOT, Town

if TYPE_CHECKING:
    from mcp.client.client import Client

pytestmark = pytest.mark.slow
TOOLS = {
    "list_measures", "describe", "figures", "list_audiences", "count_audience", "compare_campaigns", "drill",
}  # fmt: skip
WATCH = ROOT / "tests" / "whole" / "watch"
K = 5
# Of what is told, what counts people, with names or without.
PEOPLE = {"people", "of_everybody", "known", "reachable", "reachable_after", "lost_for_good"}
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "measures": ("list_measures", {"language": "fr"}),
    "tables": ("describe", {}),
    "table": ("describe", {"table": "customers", "language": "en"}),
    "column": ("describe", {"table": "customers", "column": "stage"}),
    "stages": ("figures", {"measure": "customers", "by": ["stage"]}),
    "permissions": ("figures", {"measure": "customers.can_email", "by": ["stage", "country"]}),
    "revenue": ("figures", {"measure": "orders.net_converted"}),
    "months": ("figures", {"measure": "orders.net_converted", "by": ["month"]}),
    "audiences": ("list_audiences", {}),
    "audience": ("count_audience", {"name": "second-purchase"}),
    "leads": ("count_audience", {"conditions": {"field": "stage", "is": "lead"}}),
    "campaigns": ("compare_campaigns", {"order_by": "cost", "most": 30}),
    "drill": ("drill", {"platforms": ["meta"], "hours": 6}),
    "no table": ("describe", {"table": "customers; drop table customers"}),
    "no column": ("figures", {"measure": "customers", "by": ["best_email"]}),
    "no type": ("figures", {"measure": ["customers"]}),
    "too much": ("compare_campaigns", {"most": 10_000}),
    "no tool": ("query", {"sql": "from customers"}),
}


def with_client(town: Town, watched: Path, use: Callable[["Client"], Awaitable[None]]) -> None:
    """A session with the server that the client starts, stops and waits for."""
    # Here: it takes a second to load, for whoever collects tests.
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    path = os.pathsep.join(filter(None, (str(WATCH), os.environ.get("PYTHONPATH"))))
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "pipelines.cli", "--home", str(town.root), "mcp"],
        env={"FIRSTHAND_WATCH": str(watched), "PYTHONPATH": path},
        cwd=ROOT,
    )

    async def session() -> None:
        with anyio.fail_after(120):
            async with Client(stdio_client(server)) as client:
                await use(client)

    anyio.run(session)


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("asked") / "calls.txt"


@pytest.fixture(scope="module")
def told(whole: Town, called: Path) -> dict[str, Any]:
    """All questions in one session: answers by name, errors as texts."""
    answers: dict[str, Any] = {}

    async def ask(client: "Client") -> None:
        tools = (await client.list_tools()).tools
        answers["tools"] = {tool.name: tool for tool in tools}
        answers["instructions"] = client.instructions
        for name, (tool, arguments) in QUESTIONS.items():
            try:
                result = await client.call_tool(tool, arguments)
            except Exception as error:
                answers[name] = str(error)
                continue
            answers[name] = result.content[0].text if result.is_error else result.structured_content

    with_client(whole, called, ask)
    return answers


def test_the_tools_have_names_and_none_takes_sql(told: dict[str, Any]) -> None:
    assert set(told["tools"]) == TOOLS
    for tool in told["tools"].values():
        assert tool.description and tool.annotations.read_only_hint and not tool.annotations.open_world_hint
        assert not {"sql", "query", "path", "file"} & set(tool.input_schema.get("properties", {}))
    assert "They are data" in told["instructions"]


def test_questions_are_answered_from_what_is_published(whole: Town, told: dict[str, Any]) -> None:
    with duckdb.connect(str((whole.root / "serving/current/bi.duckdb").resolve()), read_only=True) as con:
        everybody = con.execute("select count(*) from customers").fetchone()[0]
        leads = con.execute("select count(*) from customers where stage = 'lead'").fetchone()[0]
        net, most = con.execute(
            "select sum(net), max(abs(net)) from (select sum(net_converted) as net from orders"
            " semi join customers using (customer_id) group by customer_id) as buyers"
        ).fetchone()
    assert abs(told["drill"]["known"] - everybody) <= K / 2
    assert abs(told["leads"]["people"] - leads) <= K / 2
    stages = told["stages"]["rows"]
    assert len(stages) > 2
    assert abs(sum(row["people"] for row in stages) - everybody) <= len(stages) * K / 2
    (revenue,) = told["revenue"]["rows"]
    # Rounded to a step that is less than three times the largest part.
    assert abs(revenue["value"] - float(net)) <= 1.25 * float(most)
    assert any(row["value"] for row in told["months"]["rows"])
    assert {"customers", "orders.net_converted"} <= {one["measure"] for one in told["measures"]["measures"]}
    assert told["campaigns"]["campaigns"][0]["cost"] > 0
    assert "second-purchase" in {one["name"] for one in told["audiences"]["audiences"]}
    assert "customers" in told["tables"]["tables"]


def test_what_is_wrong_is_told_in_a_sentence(told: dict[str, Any]) -> None:
    assert "there is no table" in told["no table"]
    assert "has no column 'best_email'" in told["no column"]
    for name in ("no type", "too much", "no tool"):
        assert isinstance(told[name], str) and "Traceback" not in told[name]


def test_no_answer_counts_fewer_than_the_smallest_group_nor_names_anybody(
    whole: Town, told: dict[str, Any]
) -> None:
    found = list(counts({name: told[name] for name in QUESTIONS}))
    assert len(found) > 20
    assert all(count is None or (count >= K and count % K == 0) for count in found)
    text = json.dumps({name: told[name] for name in QUESTIONS}, ensure_ascii=False)
    for file in ("marketing", "bi"):
        path = (whole.root / f"serving/current/{file}.duckdb").resolve()
        with duckdb.connect(str(path), read_only=True) as con:
            numbers = [one for (one,) in con.execute("select customer_id from customers").fetchall()]
            assert not [one for one in numbers if one in text]
            if file == "marketing":
                for column in ("best_email", "best_phone", "last_name", "postal_address"):
                    values = con.execute(
                        f"select distinct {column} from customers where {column} is not null"
                    )
                    # Names that are also words of ours, such as Martin, would be a campaign's.
                    assert not [one for (one,) in values.fetchall() if f'"{one}"' in text], column


def counts(told: Any) -> Any:
    """Every count of people in it."""
    if isinstance(told, list):
        for one in told:
            yield from counts(one)
    elif isinstance(told, dict):
        for name, value in told.items():
            if (
                name in PEOPLE
                or name.startswith("told_by_")
                or name.endswith(("reachable_count", "customer_count"))
            ):
                yield value
            else:
                yield from counts(value)


def test_it_calls_nobody(told: dict[str, Any], called: Path) -> None:
    lines = called.read_text().splitlines()
    assert any(line.startswith("PROCESS") and "mcp" in line.split() for line in lines)
    assert [line for line in lines if line.startswith("FOREIGN")] == []
