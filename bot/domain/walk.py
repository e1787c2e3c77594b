"""The order in which one walks through a building."""

import re

_NUMBER = re.compile(r"(\d+)")

WalkKey = tuple[tuple[int, int, str], ...]


def walk_key(name: str) -> WalkKey:
    """Return by what rooms are sorted as people count them: 9 before 10, A2 before A10."""
    parts = filter(None, _NUMBER.split(name.casefold()))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
