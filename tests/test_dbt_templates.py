"""Templates are translated once for all builds of a project, and code of another Python is no code."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
import pytest

from pipelines import dbt_templates

TEXT = "{{ n + 1 }}"


@pytest.fixture
def begun_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    def begin() -> None:
        monkeypatch.setattr(dbt_templates, "_code", {})
        monkeypatch.setattr(dbt_templates, "_unwritten", set())

    begin()
    yield begin


class Translator:
    """Jinja's own, and how often it was asked."""

    def __init__(self) -> None:
        self.asked, self.environment = 0, jinja2.Environment(autoescape=True)

    def __call__(self, environment: Any, source: str) -> CodeType:
        self.asked += 1
        return environment.compile(source)

    def render(self, n: int) -> str:
        code = dbt_templates.translate(self, self.environment, TEXT)
        return jinja2.Template.from_code(self.environment, code, {}).render(n=n)


def test_a_template_is_translated_once_for_all_builds(tmp_path: Path, begun_anew: Callable[[], None]) -> None:
    file, translator = tmp_path / "parsed.templates", Translator()
    assert [translator.render(1), translator.render(2)] == ["2", "3"]
    dbt_templates.write(file)
    begun_anew()
    dbt_templates.read(file)
    assert translator.render(3) == "4"
    assert translator.asked == 1
    assert list(tmp_path.iterdir()) == [file]


def test_nothing_new_is_not_written_again(tmp_path: Path, begun_anew: Callable[[], None]) -> None:
    file, translator = tmp_path / "parsed.templates", Translator()
    translator.render(1)
    dbt_templates.write(file)
    file.unlink()
    translator.render(2)
    dbt_templates.write(file)
    assert not file.exists()


@pytest.mark.parametrize("spoil", [lambda kept: b"another" + kept, lambda kept: kept[:-9], lambda kept: b""])
def test_what_is_no_code_of_ours_is_translated_again(
    tmp_path: Path, begun_anew: Callable[[], None], spoil: Callable[[bytes], bytes]
) -> None:
    file, translator = tmp_path / "parsed.templates", Translator()
    translator.render(1)
    dbt_templates.write(file)
    file.write_bytes(spoil(file.read_bytes()))
    begun_anew()
    dbt_templates.read(file)
    assert translator.render(1) == "2"
    assert translator.asked == 2


def test_where_nothing_may_be_written_a_build_goes_on(tmp_path: Path, begun_anew: Callable[[], None]) -> None:
    dbt_templates.read(tmp_path / "missing.templates")
    assert Translator().render(1) == "2"
    dbt_templates.write(tmp_path / "no such folder" / "parsed.templates")
