"""What somebody means who types /relay in a hurry. Pure."""

from dataclasses import dataclass

from bot.domain.supply import Hold

_WORDS = {
    "on": Hold.ON,
    "चालू": Hold.ON,
    "chalu": Hold.ON,
    "off": Hold.OFF,
    "बंद": Hold.OFF,
    "band": Hold.OFF,
    "auto": Hold.NONE,
    "automatic": Hold.NONE,
    "rules": Hold.NONE,
    "ऑटो": Hold.NONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedSwitch:
    """A room as it was typed, and what is wished for it, as far as it was said."""

    room: str
    hold: Hold | None = None
    reason: str | None = None


def parse_switch(text: str) -> TypedSwitch:
    """Return what was typed after /relay: `<room> on|off|auto [reason]`, or `on <room>`."""
    words = text.split()
    at = next((n for n, word in enumerate(words) if n and _hold(word) is not None), None)
    if at is not None:
        reason = " ".join(words[at + 1 :]) or None
        return TypedSwitch(room=" ".join(words[:at]), hold=_hold(words[at]), reason=reason)
    if words and _hold(words[0]) is not None:
        return TypedSwitch(room=" ".join(words[1:]), hold=_hold(words[0]))
    return TypedSwitch(room=" ".join(words))


def _hold(word: str) -> Hold | None:
    return _WORDS.get(word.casefold().strip(".,:;!"))
