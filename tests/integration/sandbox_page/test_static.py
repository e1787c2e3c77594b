import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.sandbox.page.app import STATIC

FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())
ELSEWHERE = re.compile(r"""(?:https?:)?//[a-z0-9-]+\.[a-z]""", re.IGNORECASE)
NAMESPACE = "http://www.w3.org/2000/svg"
IMPORTED = re.compile(r"""^import\s[^"]*?"([^"]+)";""", re.MULTILINE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_names_another_host(path: Path) -> None:
    assert ELSEWHERE.findall(path.read_text().replace(NAMESPACE, "")) == []


@pytest.mark.parametrize("path", [f for f in FILES if f.suffix == ".js"], ids=lambda p: p.name)
def test_every_imported_module_is_there(path: Path) -> None:
    missing = [
        name for name in IMPORTED.findall(path.read_text()) if not (path.parent / name).is_file()
    ]
    assert missing == []


@pytest.mark.parametrize("path", [f for f in FILES if f.suffix == ".js"], ids=lambda p: p.name)
def test_no_script_writes_markup_or_runs_text(path: Path) -> None:
    dangers = re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function",
        path.read_text(),
    )
    assert dangers == []


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def references(self) -> Iterator[str]:
        for _, attributes in self.found:
            yield from (value for name in ("src", "href") if (value := attributes.get(name)))


@pytest.fixture
def index() -> _Tags:
    return _Tags((STATIC / "index.html").read_text())


def test_the_page_refers_only_to_files_that_are_there(index: _Tags) -> None:
    references = list(index.references())
    assert references
    for reference in references:
        assert (STATIC / reference.removeprefix("/static/")).is_file(), reference


def test_the_page_has_no_inline_scripts_styles_or_handlers(index: _Tags) -> None:
    for tag, attributes in index.found:
        assert tag != "style"
        assert tag != "script" or attributes.get("src")
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
