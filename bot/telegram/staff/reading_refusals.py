"""What people are told when a reading is refused, and what to do instead."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.meter import MeterStatus
from bot.domain.metering import ReadingStatus
from bot.i18n import Safe, Speaker
from bot.services.reading_appraisal import (
    ReadingAtThatTime,
    ReadingFell,
    ReadingInFuture,
    ReadingOvertaken,
)
from bot.services.reading_correction import ReadingReckoned, SameValue
from bot.services.reading_entry import MeterNotInUse, SameReadingKnown
from bot.services.reading_spot import ReadingBeforeInstallation
from bot.services.readings import ReadingJudged, ReadingUnknown

Sentence = Callable[[Any, Speaker], Safe]


def _unknown(_error: ReadingUnknown, speaker: Speaker) -> Safe:
    return speaker.text("This reading is not here any more.")


def _judged(error: ReadingJudged, speaker: Speaker) -> Safe:
    match error.status:
        case ReadingStatus.ACCEPTED:
            return speaker.text("This reading was accepted already. Nothing is charged twice.")
        case ReadingStatus.CORRECTED:
            return speaker.text("This reading was corrected already. Open the one that counts.")
    return speaker.text("This reading was rejected already. The next check reads the meter again.")


def _reckoned(_error: ReadingReckoned, speaker: Speaker) -> Safe:
    return speaker.text(
        "Nobody read this: it was reckoned between two readings. Correct one of them."
    )


def _in_future(_error: ReadingInFuture, speaker: Speaker) -> Safe:
    return speaker.text("That is still to come. Type a time that has passed.")


def _before_installation(error: ReadingBeforeInstallation, speaker: Speaker) -> Safe:
    return speaker.text(
        "The meter counts here only since {time}. Type a later time.",
        time=_time(error.since_at, error.zone, speaker),
    )


def _fell(error: ReadingFell, speaker: Speaker) -> Safe:
    return speaker.text(
        "A counter never runs back: it showed {value} on {time}. Look again, or ask a manager "
        "whether it was replaced.",
        value=speaker.quantity(error.previous.value, error.spot.sheet.unit),
        time=_time(error.previous.at, error.spot.place.zone, speaker),
    )


def _overtaken(error: ReadingOvertaken, speaker: Speaker) -> Safe:
    return speaker.text(
        "It showed {value} on {time}, so it cannot have shown more before. Check value and time.",
        value=speaker.quantity(error.following.value, error.spot.sheet.unit),
        time=_time(error.following.at, error.spot.place.zone, speaker),
    )


def _at_that_time(error: ReadingAtThatTime, speaker: Speaker) -> Safe:
    return speaker.text(
        "There is a reading of that very minute: {value}. Correct that one, or type another time.",
        value=speaker.quantity(error.known.point.value, error.spot.sheet.unit),
    )


def _same_known(error: SameReadingKnown, speaker: Speaker) -> Safe:
    return speaker.text(
        "{value} was recorded that day already. Enter it again if it is another reading.",
        value=speaker.quantity(error.known.point.value, error.spot.sheet.unit),
    )


def _same_value(error: SameValue, speaker: Speaker) -> Safe:
    return speaker.text(
        "It says {value} already. Nothing was changed.",
        value=speaker.quantity(error.reading.point.value, error.unit),
    )


def _not_in_use(error: MeterNotInUse, speaker: Speaker) -> Safe:
    if error.sheet.status is MeterStatus.FAULTY:
        return speaker.text(
            "This meter is marked as faulty and is not read. A manager can put it in use again."
        )
    return speaker.text(
        "This meter is out of use and is not read. A manager can put it in use again."
    )


def _time(at: datetime, zone: ZoneInfo, speaker: Speaker) -> str:
    """Return day and time by the clock of the place."""
    return replace(speaker, zone=zone).day_and_time(at)


READING_SENTENCES: Mapping[type[Exception], Sentence] = {
    ReadingUnknown: _unknown,
    ReadingJudged: _judged,
    ReadingReckoned: _reckoned,
    ReadingInFuture: _in_future,
    ReadingBeforeInstallation: _before_installation,
    ReadingFell: _fell,
    ReadingOvertaken: _overtaken,
    ReadingAtThatTime: _at_that_time,
    SameReadingKnown: _same_known,
    SameValue: _same_value,
    MeterNotInUse: _not_in_use,
}
