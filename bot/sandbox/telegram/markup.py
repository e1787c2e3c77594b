"""The HTML parse mode, read as strictly as Telegram reads it."""

import re
from dataclasses import dataclass, replace

from bot.sandbox.telegram.entities import (
    Entity,
    EntityKind,
    FormattedText,
    is_link,
    trimmed,
    utf16_length,
    utf16_slice,
)
from bot.sandbox.telegram.refusals import Refusal, bad_request

_KINDS: dict[str, EntityKind | None] = {
    "b": EntityKind.BOLD,
    "strong": EntityKind.BOLD,
    "i": EntityKind.ITALIC,
    "em": EntityKind.ITALIC,
    "u": EntityKind.UNDERLINE,
    "ins": EntityKind.UNDERLINE,
    "s": EntityKind.STRIKETHROUGH,
    "strike": EntityKind.STRIKETHROUGH,
    "del": EntityKind.STRIKETHROUGH,
    "tg-spoiler": EntityKind.SPOILER,
    "span": EntityKind.SPOILER,
    "a": EntityKind.TEXT_LINK,
    "code": EntityKind.CODE,
    "pre": EntityKind.PRE,
    "blockquote": EntityKind.BLOCKQUOTE,
    "tg-emoji": None,  # a bot without the right to custom emoji sends the plain one inside
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));")
_END_TAG = re.compile(r"</([^\s>]*)\s*>")
_START_NAME = re.compile(r"<([^\s>]*)")
_ATTRIBUTE = re.compile(
    r"""\s*([^\s=>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""", re.DOTALL
)
_LANGUAGE = "language-"


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenTag:
    name: str
    start: int
    attributes: dict[str, str]


def parse_html(source: str) -> FormattedText:
    """This function will split a text in HTML parse mode into plain text and entities.

    Raises Refusal with "can't parse entities: …" for what Telegram would not accept.
    """
    reader = _Reader(source)
    while reader.position < len(source):
        reader.step()
    if reader.open_tags:
        name = reader.open_tags[-1].name
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{name}"')
    entities = [
        e if e.kind is EntityKind.PRE else replace(e, language=None) for e in reader.entities
    ]
    return trimmed("".join(reader.written), entities)


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.written: list[str] = []
        self.size = 0
        self.open_tags: list[_OpenTag] = []
        self.entities: list[Entity] = []

    def step(self) -> None:
        here = self.source[self.position]
        if here == "<":
            self._tag()
        elif here == "&":
            self._reference()
        else:
            self._write(here, 1)

    def _write(self, text: str, consumed: int) -> None:
        self.written.append(text)
        self.size += utf16_length(text)
        self.position += consumed

    def _reference(self) -> None:
        match = _REFERENCE.match(self.source, self.position)
        decoded = _decoded(match) if match else None
        if match is None or decoded is None:
            self._write("&", 1)
        else:
            self._write(decoded, len(match.group()))

    def _tag(self) -> None:
        if self.source.startswith("</", self.position):
            self._end_tag()
        else:
            self._start_tag()

    def _start_tag(self) -> None:
        offset = self._byte_offset()
        match = _START_NAME.match(self.source, self.position)
        name = match.group(1).lower() if match else ""
        if match is None or match.end() == len(self.source):
            raise _unparsable(f"Unclosed start tag at byte offset {offset}")
        if name not in _KINDS:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {offset}')
        self.position = match.end()
        attributes = self._attributes(name, offset)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self.open_tags.append(_OpenTag(name=name, start=self.size, attributes=attributes))

    def _attributes(self, name: str, offset: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while match := _ATTRIBUTE.match(self.source, self.position):
            value = next((group for group in match.groups()[1:] if group is not None), "")
            attributes[match.group(1).lower()] = _REFERENCE.sub(_decoded_or_same, value)
            self.position = match.end()
        rest = self.source[self.position :].lstrip()
        if ">" not in rest:
            raise _unparsable(f"Unclosed start tag at byte offset {offset}")
        if rest[0] != ">":
            raise _unparsable(f'Empty attribute name in the tag "{name}" at byte offset {offset}')
        self.position = len(self.source) - len(rest) + 1
        return attributes

    def _end_tag(self) -> None:
        offset = self._byte_offset()
        if not self.open_tags:
            raise _unparsable(f"Unexpected end tag at byte offset {offset}")
        match = _END_TAG.match(self.source, self.position)
        if match is None:
            raise _unparsable(f"Unclosed end tag at byte offset {offset}")
        tag, found = self.open_tags.pop(), match.group(1).lower()
        if found not in {"", tag.name}:
            raise _unparsable(
                f"Unmatched end tag at byte offset {offset},"
                f' expected "</{tag.name}>", found "</{found}>"'
            )
        self.position = match.end()
        if self.size > tag.start:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        kind = _KINDS[tag.name]
        url: str | None = None
        language: str | None = None
        if kind is EntityKind.TEXT_LINK:
            url = tag.attributes.get("href") or self._text_since(tag.start)
            kind = kind if is_link(url) else None
        elif kind is EntityKind.CODE:
            language = tag.attributes.get("class", "").removeprefix(_LANGUAGE) or None
        elif kind is EntityKind.PRE:
            language = self._swallow_code(tag.start)
        elif kind is EntityKind.BLOCKQUOTE and "expandable" in tag.attributes:
            kind = EntityKind.EXPANDABLE_BLOCKQUOTE
        if kind is not None:
            length = self.size - tag.start
            self.entities.append(
                Entity(kind=kind, offset=tag.start, length=length, url=url, language=language)
            )

    def _swallow_code(self, start: int) -> str | None:
        """Code inside a pre makes one block with it and leaves only its language."""
        code = [e for e in self.entities if e.kind is EntityKind.CODE and e.offset >= start]
        self.entities = [e for e in self.entities if e not in code]
        whole = [e for e in code if (e.offset, e.end) == (start, self.size)]
        return whole[0].language if whole else None

    def _text_since(self, start: int) -> str:
        return utf16_slice("".join(self.written), start, self.size)

    def _byte_offset(self) -> int:
        return len(self.source[: self.position].encode())


def _decoded(match: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED.get(name)
    code = int(decimal) if decimal else int(hexadecimal, 16)
    valid = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if valid else None


def _decoded_or_same(match: re.Match[str]) -> str:
    return _decoded(match) or match.group()


def _unparsable(reason: str) -> Refusal:
    return bad_request(f"can't parse entities: {reason}")
