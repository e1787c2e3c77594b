"""What people are told when a question, or its settlement, is refused. Section 10."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.dispute import CreditOutOfRange, DisputeClosed, DisputedTooMuch, DisputeState
from bot.i18n import N_, Safe, Speaker
from bot.services.dispute_case import AlreadyQuestioned, OwnDispute
from bot.services.dispute_words import MOST_WORDS, WordsMissing
from bot.telegram.tenant.dispute import NoPictureForQuestion

Sentence = Callable[[Any, Speaker], Safe]
_ENDED = {
    DisputeState.WITHDRAWN: N_("{number} was withdrawn meanwhile. Nothing is left to decide."),
    DisputeState.REJECTED: N_("{number} was rejected already. Nothing is decided twice."),
}


def _closed(error: DisputeClosed, speaker: Speaker) -> Safe:
    said = _ENDED.get(error.state, N_("{number} was upheld already. Nothing is decided twice."))
    return speaker.text(said, number=error.number)


def _credit(error: CreditOutOfRange, speaker: Speaker) -> Safe:
    return speaker.text(
        "A part is more than nothing and less than {most}. To give all back, uphold it.",
        most=speaker.money(error.most_paise),
    )


def _too_much(error: DisputedTooMuch, speaker: Speaker) -> Safe:
    return speaker.text(
        "At most {most} can be questioned here. Type an amount up to that.",
        most=speaker.money(error.most_paise),
    )


def _words(error: WordsMissing, speaker: Speaker) -> Safe:
    if error.length > MOST_WORDS:
        return speaker.text(
            "That is too long. Say it in up to {most} letters.", most=speaker.count(MOST_WORDS)
        )
    return speaker.text("Write in a few words what it is about.")


def _again(error: AlreadyQuestioned, speaker: Speaker) -> Safe:
    return speaker.text(
        "{number} is about this already. Add to it: /dispute", number=error.dispute.number
    )


def _own(_error: OwnDispute, speaker: Speaker) -> Safe:
    return speaker.text("It is about your own room. Somebody else has to settle it.")


def _no_picture(_error: NoPictureForQuestion, speaker: Speaker) -> Safe:
    return speaker.text(
        "This is not a picture that others could look at. Send a photo, or go on in words: "
        "nothing is lost."
    )


DISPUTE_SENTENCES: Mapping[type[Exception], Sentence] = {
    DisputeClosed: _closed,
    CreditOutOfRange: _credit,
    DisputedTooMuch: _too_much,
    WordsMissing: _words,
    AlreadyQuestioned: _again,
    OwnDispute: _own,
    NoPictureForQuestion: _no_picture,
}
