"""What staff are told when common use cannot be split so, and what to do instead."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.allocation import NothingToSplitBy
from bot.domain.meter import SplitKey
from bot.domain.tariff import NoTariffOn
from bot.i18n import Safe, Speaker
from bot.services.allocation import DaysNotOver
from bot.services.allocation_look import SplitUnknown
from bot.services.allocation_undo import SplitTakenBack
from bot.services.room_size import SizeNotYet, SizeOutOfRange

Sentence = Callable[[Any, Speaker], Safe]


def _not_over(error: DaysNotOver, speaker: Speaker) -> Safe:
    return speaker.text(
        "These days are not over yet. Choose days up to {day}.",
        day=speaker.full_date(error.last_on),
    )


def _nothing(_error: NothingToSplitBy, speaker: Speaker) -> Safe:
    return speaker.text("By this key no room has a part, so nobody would pay. Choose another one.")


def _no_tariff(error: NoTariffOn, speaker: Speaker) -> Safe:
    return speaker.text(
        "This tariff has no price yet on {day}. Choose another one, or later days.",
        day=speaker.full_date(error.on),
    )


def _taken_back(_error: SplitTakenBack, speaker: Speaker) -> Safe:
    return speaker.text("This split was taken back already. Nothing is done twice.")


def _unknown(_error: SplitUnknown, speaker: Speaker) -> Safe:
    return speaker.text("There is no such split. Look at /common.")


def _out_of_range(error: SizeOutOfRange, speaker: Speaker) -> Safe:
    if error.key is SplitKey.HEADCOUNT:
        return speaker.text(
            "That is no number of people. Type a whole number up to {most}.",
            most=speaker.count(error.most),
        )
    return speaker.text(
        "That is no area. Type square metres up to {most}, for example 41.5.",
        most=speaker.count(error.most),
    )


def _not_yet(error: SizeNotYet, speaker: Speaker) -> Safe:
    return speaker.text(
        "That day is still to come. Type a day up to today, {day}.",
        day=speaker.full_date(error.today_on),
    )


COMMON_SENTENCES: Mapping[type[Exception], Sentence] = {
    DaysNotOver: _not_over,
    NothingToSplitBy: _nothing,
    NoTariffOn: _no_tariff,
    SplitTakenBack: _taken_back,
    SplitUnknown: _unknown,
    SizeOutOfRange: _out_of_range,
    SizeNotYet: _not_yet,
}
