"""The rows of the one table of handlers with which people go rounds."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import round as tour

_READS = staff_with(Permission.READ_METERS)

ROUND_TABLE: tuple[Route, ...] = (
    Route(
        command="round",
        menu=N_("Go round and read the meters that are due"),
        action=Action.ROUND,
        audience=_READS,
        handler=tour.rounds,
    ),
    Route(action=Action.ROUND_NEXT, audience=_READS, handler=tour.go_on),
    Route(action=Action.ROUND_STOP, audience=_READS, handler=tour.stop),
    Route(content=Kind.TEXT, step=tour.ASKING, audience=_READS, handler=tour.value),
    Route(action=Action.ROUND_CONFIRM, audience=_READS, handler=tour.confirm),
    Route(action=Action.ROUND_SKIP, audience=_READS, handler=tour.ask_skip),
    Route(action=Action.ROUND_SKIP_WHY, audience=_READS, handler=tour.skip),
    Route(content=Kind.TEXT, step=tour.WHY, audience=_READS, handler=tour.why),
)
