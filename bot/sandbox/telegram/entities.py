"""Formatting of a text: entities, whose offsets and lengths count UTF-16 units."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

LINK_SCHEMES = frozenset({"http", "https", "tg", "ton"})


class EntityKind(StrEnum):
    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKETHROUGH = "strikethrough"
    SPOILER = "spoiler"
    CODE = "code"
    PRE = "pre"
    BLOCKQUOTE = "blockquote"
    EXPANDABLE_BLOCKQUOTE = "expandable_blockquote"
    TEXT_LINK = "text_link"
    URL = "url"
    BOT_COMMAND = "bot_command"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A span of a text, `offset` and `length` in UTF-16 units."""

    kind: EntityKind
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    @property
    def end(self) -> int:
        return self.offset + self.length

    def payload(self) -> dict[str, Any]:
        """This function will return the entity as the Bot API writes it."""
        fields = {
            "type": self.kind.value,
            "offset": self.offset,
            "length": self.length,
            "url": self.url,
            "language": self.language,
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedText:
    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """This function will count the UTF-16 units of a text."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def utf16_slice(text: str, start: int, end: int) -> str:
    """This function will return the part between two offsets in UTF-16 units."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", errors="ignore")


def trimmed(text: str, entities: Iterable[Entity]) -> FormattedText:
    """This function will cut the blanks around a text, as Telegram does, and move its entities."""
    text = text.replace("\r", "")
    shift = utf16_length(text) - utf16_length(text.lstrip())
    kept = text.strip()
    size = utf16_length(kept)
    moved: list[Entity] = []
    for entity in entities:
        start, end = max(0, entity.offset - shift), min(size, entity.end - shift)
        if start < end:
            moved.append(replace(entity, offset=start, length=end - start))
    return FormattedText(text=kept, entities=_ordered(moved))


_FOUND = (
    (EntityKind.URL, re.compile(r"https?://[^\s<>\"]*[^\s<>\".,:;!?)\]}']")),
    (
        EntityKind.BOT_COMMAND,
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    ),
)
_CLOSED = frozenset({EntityKind.CODE, EntityKind.PRE, EntityKind.TEXT_LINK, EntityKind.URL})


def with_found(formatted: FormattedText) -> FormattedText:
    """This function will add the commands and links that stand in the plain text."""
    entities = list(formatted.entities)
    for kind, pattern in _FOUND:
        for match in pattern.finditer(formatted.text):
            offset = utf16_length(formatted.text[: match.start()])
            found = Entity(kind=kind, offset=offset, length=utf16_length(match.group()))
            if not any(e.kind in _CLOSED and _overlap(e, found) for e in entities):
                entities.append(found)
    return FormattedText(text=formatted.text, entities=_ordered(entities))


def is_link(url: str) -> bool:
    """This function will tell whether Telegram makes a link of this address."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return False
    return scheme in LINK_SCHEMES and not any(character.isspace() for character in url)


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end


def _ordered(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(entities, key=lambda e: (e.offset, -e.length)))


_TAGS = {
    EntityKind.BOLD: "b",
    EntityKind.ITALIC: "i",
    EntityKind.UNDERLINE: "u",
    EntityKind.STRIKETHROUGH: "s",
    EntityKind.SPOILER: "tg-spoiler",
    EntityKind.CODE: "code",
    EntityKind.PRE: "pre",
    EntityKind.BLOCKQUOTE: "blockquote",
    EntityKind.EXPANDABLE_BLOCKQUOTE: "blockquote",
    EntityKind.TEXT_LINK: "a",
    EntityKind.URL: "a",
    EntityKind.BOT_COMMAND: "a",
}


def as_html(formatted: FormattedText) -> str:
    """This function will write a text as safe HTML: everything escaped but its own formatting."""
    return "".join(_rendered(formatted.text, formatted.entities, 0, utf16_length(formatted.text)))


def _rendered(text: str, entities: tuple[Entity, ...], start: int, end: int) -> Iterator[str]:
    position = start
    remaining = list(entities)
    while remaining:
        outer = remaining.pop(0)
        if outer.offset < position:  # crosses what is already written
            continue
        inner = tuple(e for e in remaining if e.offset < outer.end)
        remaining = [e for e in remaining if e.offset >= outer.end]
        yield html.escape(utf16_slice(text, position, outer.offset))
        whole = utf16_slice(text, outer.offset, outer.end)
        within = tuple(e for e in inner if e.end <= outer.end)
        body = "".join(_rendered(text, within, outer.offset, outer.end))
        yield f"<{_TAGS[outer.kind]}{_attributes(outer, whole)}>{body}</{_TAGS[outer.kind]}>"
        position = outer.end
    yield html.escape(utf16_slice(text, position, end))


def _attributes(entity: Entity, whole: str) -> str:
    match entity.kind:
        case EntityKind.TEXT_LINK:
            return f' href="{html.escape(entity.url or "")}"'
        case EntityKind.URL:
            return f' href="{html.escape(whole)}"'
        case EntityKind.BOT_COMMAND:
            return f' data-command="{html.escape(whole)}"'
        case EntityKind.EXPANDABLE_BLOCKQUOTE:
            return " expandable"
        case _:
            return ""
