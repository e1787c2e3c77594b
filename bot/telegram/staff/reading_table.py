"""The rows of the one table of handlers that are about readings."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import reading, reading_correction, reading_entry, readings

_SEES = staff_with(Permission.SEE_ROOMS)
_READS = staff_with(Permission.READ_METERS)
_TAKES = staff_with(Permission.TAKE_PAYMENT)

READING_TABLE: tuple[Route, ...] = (
    Route(
        command="readings",
        menu=N_("What meters showed: look, enter, review"),
        action=Action.READINGS,
        audience=_SEES,
        handler=readings.readings,
    ),
    Route(content=Kind.TEXT, step=readings.FINDING, audience=_SEES, handler=readings.find),
    Route(action=Action.READING_METER, audience=_SEES, handler=readings.choose),
    Route(action=Action.METER_READINGS, audience=_SEES, handler=readings.of_meter),
    Route(action=Action.READING_FILTER, audience=_SEES, handler=readings.choose_filter),
    Route(content=Kind.TEXT, step=readings.FILTERING, audience=_SEES, handler=readings.typed_days),
    Route(action=Action.READING, audience=_SEES, handler=reading.reading),
    Route(action=Action.READING_REVIEW, audience=_TAKES, handler=readings.review),
    Route(action=Action.ACCEPT_READING, audience=_TAKES, handler=reading.ask_accept),
    Route(action=Action.READING_ACCEPT, audience=_TAKES, handler=reading.accept),
    Route(action=Action.REJECT_READING, audience=_TAKES, handler=reading.ask_reason),
    Route(action=Action.READING_REASON, audience=_TAKES, handler=reading.ask_reason),
    Route(content=Kind.TEXT, step=reading.WHY, audience=_TAKES, handler=reading.reason),
    Route(action=Action.READING_REJECT, audience=_TAKES, handler=reading.reject_with_reason),
    Route(action=Action.READING_ENTER, audience=_READS, handler=reading_entry.enter),
    Route(
        content=Kind.TEXT,
        step=reading_entry.ASKING_VALUE,
        audience=_READS,
        handler=reading_entry.value,
    ),
    Route(action=Action.READING_DAY, audience=_READS, handler=reading_entry.another_day),
    Route(
        content=Kind.TEXT,
        step=reading_entry.ASKING_DAY,
        audience=_READS,
        handler=reading_entry.day,
    ),
    Route(action=Action.READING_CONFIRM, audience=_READS, handler=reading_entry.confirm),
    Route(action=Action.READING_CORRECT, audience=_TAKES, handler=reading_correction.correct),
    Route(
        content=Kind.TEXT,
        step=reading_correction.ASKING,
        audience=_TAKES,
        handler=reading_correction.value,
    ),
    Route(action=Action.READING_CORRECT_WHY, audience=_TAKES, handler=reading_correction.why),
    Route(
        content=Kind.TEXT,
        step=reading_correction.WHY,
        audience=_TAKES,
        handler=reading_correction.reason,
    ),
    Route(
        action=Action.READING_CORRECT_CONFIRM,
        audience=_TAKES,
        handler=reading_correction.confirm,
    ),
)
