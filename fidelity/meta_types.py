"""Values of Meta's answers against the types that its SDK declares for them."""

import json
import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from fidelity.report import must


def check_all(kind: type, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        check_fields(kind, row)


def check_types(kind: type, objects: Iterable[Any], promised: list[str]) -> None:
    """Every field known to the SDK and of the type it declares; the promised ones present."""
    for one in objects:
        data = one.export_all_data()
        missing = [name for name in promised if name not in data]
        must(not missing, f"{kind.__name__} lacks {missing}")
        check_fields(kind, data)


def check_fields(kind: type, data: Mapping[str, Any]) -> None:
    declared: dict[str, str] = kind._field_types  # type: ignore[attr-defined]
    for name, value in data.items():
        must(name in declared, f"{kind.__name__} has no field {name}")
        must(
            _fits(value, declared[name]),
            f"{kind.__name__}.{name}: {json.dumps(value)} is no {declared[name]}",
        )


def _fits(value: Any, declared: str) -> bool:
    if inner := re.fullmatch(r"list<(.+)>", declared):
        return isinstance(value, list) and all(_fits(one, inner[1]) for one in value)
    match declared:
        case "string":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "int" | "unsigned int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "datetime":
            return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", str(value)))
    try:
        module = import_module(f"facebook_business.adobjects.{declared.lower()}")
    except ModuleNotFoundError:
        return True  # a word for a value set
    kind = getattr(module, declared)
    if isinstance(value, Mapping) and getattr(kind, "_field_types", None):
        check_fields(kind, value)
    return True
