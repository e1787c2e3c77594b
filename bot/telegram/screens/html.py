"""Bits of HTML that are the same in every language."""

from collections.abc import Iterable

from bot.i18n import Safe, escape


def bold(value: object) -> Safe:
    """Return the value in bold."""
    return Safe(f"<b>{escape(value)}</b>")


def italic(value: object) -> Safe:
    """Return the value in italics."""
    return Safe(f"<i>{escape(value)}</i>")


def line(*parts: object, between: str = " · ") -> Safe:
    """Return one line of the parts that are there."""
    return Safe(between.join(escape(part) for part in parts if part is not None))


def lines(*parts: object) -> Safe:
    """Return the parts that are there, one under another."""
    return line(*parts, between="\n")


def blocks(*parts: Iterable[object]) -> Safe:
    """Return groups of lines with an empty line between them."""
    return line(*(lines(*part) for part in map(tuple, parts) if part), between="\n\n")
