"""The rows of the table of handlers that set prices."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import room_tariff, tariff, tariff_steps
from bot.telegram.tariff_draft import Step

_SETS = staff_with(Permission.SET_TARIFFS)
_TYPED = (Step.NAME, Step.DAY, Step.PRICE, Step.STANDING, Step.TAXES)

TARIFF_TABLE: tuple[Route, ...] = (
    Route(
        command="tariffs",
        menu=N_("What a unit costs, and from when"),
        action=Action.TARIFFS,
        audience=_SETS,
        handler=tariff.tariffs,
    ),
    Route(action=Action.TARIFF, audience=_SETS, handler=tariff.tariff),
    Route(action=Action.TARIFF_WITHDRAW, audience=_SETS, handler=tariff.withdraw),
    Route(action=Action.TARIFF_NAME, audience=_SETS, handler=tariff.ask_name),
    Route(content=Kind.TEXT, step=tariff.RENAMING, audience=_SETS, handler=tariff.rename),
    Route(action=Action.TARIFF_CHANGE, audience=_SETS, handler=tariff_steps.change),
    Route(action=Action.TARIFF_NEW, audience=_SETS, handler=tariff_steps.new),
    Route(action=Action.TARIFF_STEP, audience=_SETS, handler=tariff_steps.step),
    *(
        Route(content=Kind.TEXT, step=each.dialog, audience=_SETS, handler=tariff_steps.typed)
        for each in _TYPED
    ),
    Route(action=Action.TARIFF_CONFIRM, audience=_SETS, handler=tariff_steps.confirm),
    Route(action=Action.ROOM_TARIFF, audience=_SETS, handler=room_tariff.of_room),
    Route(action=Action.TARIFF_ROOMS, audience=_SETS, handler=room_tariff.begin),
    Route(action=Action.TARIFF_PICK, audience=_SETS, handler=room_tariff.pick),
    Route(
        content=Kind.TEXT,
        step=room_tariff.CHOOSING,
        audience=_SETS,
        handler=room_tariff.typed_rooms,
    ),
    Route(
        content=Kind.TEXT,
        step=room_tariff.ASKING_DAY,
        audience=_SETS,
        handler=room_tariff.typed_day,
    ),
    Route(action=Action.TARIFF_GIVE, audience=_SETS, handler=room_tariff.give),
)
