"""What those who go a round are told when something is refused, and what to do instead."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.i18n import Safe, Speaker
from bot.services.round import LONGEST_NOTE, NoteMissing, ReadMeanwhile
from bot.telegram.screens.round import meanwhile_text

Sentence = Callable[[Any, Speaker], Safe]


def _note_missing(_error: NoteMissing, speaker: Speaker) -> Safe:
    return speaker.text(
        "Say in a few words why, in up to {most} letters. A manager reads it.", most=LONGEST_NOTE
    )


def _read_meanwhile(error: ReadMeanwhile, speaker: Speaker) -> Safe:
    return meanwhile_text(error, replace(speaker, zone=error.place.zone))


ROUND_SENTENCES: Mapping[type[Exception], Sentence] = {
    NoteMissing: _note_missing,
    ReadMeanwhile: _read_meanwhile,
}
