"""dbt without what it does again at every model and nobody here needs twice: more than half of its own time.

It makes some thirty events a model and writes each down twice before it asks whether anybody listens; all but
two or three are for its debug log, which we do not keep. Where a model reads an ephemeral one, or a unit
test its rows, it takes the whole statement apart to find the first `with`: tens of milliseconds each. Twice
a model it looks up each of some 650 macros in five tables. For each answer of the database it builds two
parsers of dates in words, which read none. And it translates a template it has translated before
(dbt_templates.py).

Limit: it reaches into dbt-core 1.11 (pinned below 1.12); tests/test_dbt_lean.py fails where that moves.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from pipelines import dbt_templates

# What stands before a statement's own words: blanks, comments.
FIRST_WITH = re.compile(r"(?is)(?:\s|--[^\n]*\n|/\*.*?\*/)*with\s+(?:recursive\s+)?")


def lean() -> None:
    """For every call of dbt in this process from now on."""
    import dbt.compilation
    from dbt.context.manifest import ManifestContext
    from dbt_common.clients import agate_helper
    from dbt_common.clients.jinja import MacroFuzzEnvironment
    from dbt_common.events.base_types import BaseEvent
    from dbt_common.events.event_manager import EventManager

    if EventManager.fire_event is not _fire:
        _told["make"], _told["fire"] = BaseEvent.__init__, EventManager.fire_event
        BaseEvent.__init__ = _note
        BaseEvent.__getattr__ = _ask
        EventManager.fire_event = _fire
        dbt.compilation.inject_ctes_into_sql = with_tables
        ManifestContext._build_namespace = _macros
        agate_helper.build_type_tester = type_tester
        agate_helper.empty_table = cache(agate_helper.empty_table)
        _told["compile"] = MacroFuzzEnvironment.compile
        MacroFuzzEnvironment.compile = _compile


_told: dict[str, Any] = {}


def _note(event: Any, *words: Any, **values: Any) -> None:
    """An event is made when somebody asks what it says."""
    object.__setattr__(event, "given", (words, values))


def _ask(event: Any, name: str) -> Any:
    """Python comes here for what the event itself does not have."""
    if name != "pb_msg":
        return getattr(event.pb_msg, name)
    words, values = object.__getattribute__(event, "given")
    _told["make"](event, *words, **values)
    return object.__getattribute__(event, "pb_msg")


def _fire(manager: Any, event: Any, level: Any = None, **more: Any) -> None:
    if (level or event.level_tag()) != "debug":
        _told["fire"](manager, event, level=level, **more)


def with_tables(sql: str, tables: Iterable[Any]) -> str:
    """`sql` that may read these: each has its own `sql`, `name as (...)`."""
    first = ", ".join(table.sql for table in tables)
    if not first:
        return sql
    found = FIRST_WITH.match(sql)
    return f"{sql[: found.end()]}{first}, {sql[found.end() :]}" if found else f"with {first} {sql}"


class Macros(dict):
    """A context's macros by name, as dbt's MacroNamespace finds them; copied at once, being a dictionary."""

    def __init__(self, context: Any) -> None:
        from dbt.include.global_project import PROJECT_NAME

        told = context._get_namespace_builder()
        one = _generator()
        packages = {
            package: {
                name: one(macro, context._ctx, told.node, context.macro_stack)
                for name, macro in macros.items()
            }
            for package, macros in context.manifest.get_macros_by_package().items()
        }
        # dbt's own and the adapter's: whose are first in the order win, and the project's win over theirs.
        own: dict[str, Any] = {}
        for package in reversed(told.internal_package_names_order):
            own |= packages.pop(package, {})
        super().__init__(own | {PROJECT_NAME: own} | packages)
        self.update(packages.get(told.root_package, {}))
        self.update(packages.get(told.search_package, {}))
        self._packages = packages | {None: self, PROJECT_NAME: own}

    def get_from_package(self, package: str | None, name: str) -> Any:
        from dbt.exceptions import PackageNotFoundForMacroError

        if package not in self._packages:
            raise PackageNotFoundForMacroError(package)
        return self._packages[package].get(name)


@cache
def _generator() -> type:
    """dbt's MacroGenerator, made in one step instead of three, for there are some 650 to a model."""
    from dbt.clients.jinja import MacroGenerator

    class Made(MacroGenerator):
        def __init__(self, macro: Any, context: Any, node: Any, stack: Any) -> None:
            self.macro, self.context, self.node, self.stack = macro, context, node, stack

    return Made


def _macros(context: Any) -> Macros:
    return Macros(context)  # as a method: a class would not be told whose it is


def type_tester(text_columns: Iterable[str], string_null_values: Any = ("null", "")) -> Any:
    """Of which type each column of an answer is: text where told so, else by what it holds."""
    import agate
    from dbt_common.clients.agate_helper import DEFAULT_TYPE_TESTER

    text = agate.data_types.Text(null_values=string_null_values)
    types = [*DEFAULT_TYPE_TESTER._possible_types[:-1], text]
    return agate.TypeTester(force=dict.fromkeys(text_columns, text), types=types)


def _compile(environment: Any, source: str, *more: Any, **named: Any) -> Any:
    if more or named or not isinstance(source, str):
        return _told["compile"](environment, source, *more, **named)
    return dbt_templates.translate(_told["compile"], environment, source)
