"""Every text that the code says, extracted the way the catalogues' refresh does it."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "locales"
TEMPLATE = LOCALES / "messages.pot"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "text": None,
    "say": None,
    "plural": (1, 2),
    "N_": None,
}

_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the code; `many` is its other form where it counts something."""

    one: str
    many: str | None = None
    where: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.one!r}"


@cache
def texts_in_code() -> frozenset[Text]:
    """Return every text in bot/."""
    return frozenset(_extracted())


def texts_in(catalogue: Catalog) -> set[Text]:
    """Return every text of a catalogue, without its header."""
    return {_as_text(message) for message in messages_of(catalogue)}


def messages_of(catalogue: Catalog) -> list[Message]:
    """Return the messages of a catalogue, without its header."""
    return [message for message in catalogue if message.id]


def read(path: Path) -> Catalog:
    """Return the catalogue in a file."""
    with path.open("rb") as source:
        return read_po(source, abort_invalid=True)


def catalogue_of(language: str) -> Catalog:
    """Return the catalogue of a language."""
    return read(LOCALES / language / "LC_MESSAGES" / "messages.po")


def originals(message: Message) -> tuple[str, ...]:
    """Return the English forms."""
    return _forms(message.id)


def translations(message: Message) -> tuple[str, ...]:
    """Return the translated forms; empty ones stand for what is missing."""
    return _forms(message.string)


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def tags(text: str) -> list[str]:
    """Return the HTML tags, sorted: languages order their words differently."""
    return sorted(_TAG.findall(text))


def _extracted() -> Iterator[Text]:
    found = extract_from_dir(ROOT, method_map=_method_map(), keywords=KEYWORDS)
    for file, line, message, _, _ in found:
        yield _text(_forms(message), f"{file}:{line}")


def _method_map() -> list[tuple[str, str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [
        (pattern, mapping["method"])
        for mapping in settings["tool"]["babel"]["mappings"]
        for pattern in _listed(mapping["pattern"])
    ]


def _listed(pattern: str | list[str]) -> list[str]:
    return [pattern] if isinstance(pattern, str) else pattern


def _as_text(message: Message) -> Text:
    where = ", ".join(file for file, _ in message.locations)
    return _text(originals(message), where)


def _text(forms: tuple[str, ...], where: str) -> Text:
    return Text(forms[0], forms[1] if len(forms) > 1 else None, where)


def _forms(found: str | Iterable[str | None] | None) -> tuple[str, ...]:
    if isinstance(found, str):
        return (found,)
    return tuple(form or "" for form in found or ("",))
