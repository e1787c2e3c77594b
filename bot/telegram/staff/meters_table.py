"""The rows of the table of handlers that show and describe meters."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.link_draft import CHOOSING, SHARING
from bot.telegram.meter_draft import ASKING
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import meter, meter_form, meter_links, meters

_SEES = staff_with(Permission.SEE_ROOMS)
_ONBOARDS = staff_with(Permission.ONBOARD)

METERS_TABLE: tuple[Route, ...] = (
    Route(
        command="meters",
        menu=N_("All meters, what they count and who pays"),
        action=Action.METERS,
        audience=_SEES,
        handler=meters.meters,
    ),
    Route(action=Action.METERS_FILTER, audience=_SEES, handler=meters.narrow),
    Route(content=Kind.TEXT, step=meters.ASKING_ROOM, audience=_SEES, handler=meters.room_typed),
    Route(action=Action.METERS_TREE, audience=_SEES, handler=meters.tree),
    Route(action=Action.METER_BRANCH, audience=_SEES, handler=meters.branch),
    Route(action=Action.INSPECTIONS, audience=_SEES, handler=meters.inspections),
    Route(action=Action.METER_COUNTER, audience=_SEES, handler=meter.counter),
    Route(action=Action.METER_NEW, audience=_ONBOARDS, handler=meter_form.new),
    Route(action=Action.METER_FIELDS, audience=_ONBOARDS, handler=meter_form.fields),
    Route(action=Action.METER_FORM, audience=_ONBOARDS, handler=meter_form.step),
    Route(content=Kind.TEXT, step=ASKING, audience=_ONBOARDS, handler=meter_form.typed),
    Route(action=Action.METER_SAVE, audience=_ONBOARDS, handler=meter_form.confirm),
    Route(action=Action.METER_DELETE, audience=_ONBOARDS, handler=meter_form.delete),
    Route(action=Action.METER_LINKS, audience=_ONBOARDS, handler=meter_links.begin),
    Route(action=Action.METER_LINK_PICK, audience=_ONBOARDS, handler=meter_links.pick),
    Route(content=Kind.TEXT, step=CHOOSING, audience=_ONBOARDS, handler=meter_links.typed_room),
    Route(content=Kind.TEXT, step=SHARING, audience=_ONBOARDS, handler=meter_links.typed_shares),
    Route(action=Action.METER_LINK_CONFIRM, audience=_ONBOARDS, handler=meter_links.confirm),
)
