"""The rows of the one table of handlers for those who read meters, with a photo or without."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import tenants_and_staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.tenant import photo, reading

_READS = tenants_and_staff_with(Permission.READ_METERS)

METER_READING_TABLE: tuple[Route, ...] = (
    Route(
        command="reading",
        menu=N_("Read a meter: send its photo, or type the number"),
        action=Action.READ,
        audience=_READS,
        handler=reading.reading,
    ),
    Route(content=Kind.PHOTO, audience=_READS, handler=photo.photo),
    Route(content=Kind.DOCUMENT, audience=_READS, handler=photo.no_picture),
    Route(content=Kind.TEXT, step=reading.METER, audience=_READS, handler=reading.find),
    Route(content=Kind.TEXT, step=reading.VALUE, audience=_READS, handler=reading.typed),
    Route(action=Action.READ_METER, audience=_READS, handler=photo.meter),
    Route(action=Action.READ_TYPE, audience=_READS, handler=reading.type_it),
    Route(action=Action.READ_SAY, audience=_READS, handler=reading.say),
    Route(action=Action.READ_CONFIRM, audience=_READS, handler=reading.confirm),
)
