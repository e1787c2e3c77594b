"""The staff's rows of the one table of handlers."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import STAFF, staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import (
    adjust,
    home,
    imports,
    inbox,
    invite,
    meter,
    naming,
    pay,
    relay,
    reverse,
    rooms,
    statement,
    status,
    swap,
)
from bot.telegram.staff.billing import BILLING_TABLE
from bot.telegram.staff.claim_table import STAFF_CLAIM_TABLE
from bot.telegram.staff.device_table import DEVICE_TABLE
from bot.telegram.staff.dispute_table import STAFF_DISPUTE_TABLE
from bot.telegram.staff.invoice_table import INVOICE_TABLE
from bot.telegram.staff.meters_table import METERS_TABLE
from bot.telegram.staff.move_out import MOVE_OUT_TABLE
from bot.telegram.staff.reading_table import READING_TABLE
from bot.telegram.staff.report_table import REPORT_TABLE
from bot.telegram.staff.round_table import ROUND_TABLE
from bot.telegram.staff.rule_table import RULE_TABLE
from bot.telegram.staff.sharing_table import COMMON_TABLE
from bot.telegram.staff.tariff_table import TARIFF_TABLE

_SEES = staff_with(Permission.SEE_ROOMS)
_SWITCHES = staff_with(Permission.SWITCH_POWER)
_TAKES = staff_with(Permission.TAKE_PAYMENT)
_ONBOARDS = staff_with(Permission.ONBOARD)
_SEES_HEALTH = staff_with(Permission.SEE_HEALTH)
_MANAGES = staff_with(Permission.MANAGE_STAFF)

STAFF_TABLE: tuple[Route, ...] = (
    Route(action=Action.HOME, audience=STAFF, handler=home.home),
    Route(
        command="rooms",
        menu=N_("All rooms, or those that you name"),
        content=Kind.TEXT,
        audience=_SEES,
        handler=rooms.rooms,
    ),
    Route(action=Action.ROOMS, audience=_SEES, handler=rooms.page),
    Route(action=Action.SEARCH, audience=_SEES, handler=rooms.search),
    Route(action=Action.ROOM_CARD, audience=_SEES, handler=rooms.room),
    Route(action=Action.ROOM, audience=_SEES, handler=rooms.room_of_lease),
    Route(action=Action.ROOM_MORE, audience=_SEES, handler=rooms.more),
    Route(action=Action.ROOM_RENAME, audience=_ONBOARDS, handler=naming.ask_room),
    Route(content=Kind.TEXT, step=naming.ROOM, audience=_ONBOARDS, handler=naming.room),
    Route(
        command="inbox",
        menu=N_("What waits for your decision"),
        action=Action.INBOX,
        audience=_SEES,
        handler=inbox.inbox,
    ),
    Route(
        command="pay",
        menu=N_("Record a payment"),
        content=Kind.TEXT,
        step=pay.ASKING_ROOM,
        audience=_TAKES,
        handler=pay.pay,
    ),
    Route(action=Action.PAY, audience=_TAKES, handler=pay.step),
    Route(content=Kind.TEXT, step=pay.ASKING_AMOUNT, audience=_TAKES, handler=pay.amount),
    Route(content=Kind.TEXT, step=pay.ASKING_REFERENCE, audience=_TAKES, handler=pay.reference),
    Route(action=Action.PAY_CONFIRM, audience=_TAKES, handler=pay.confirm),
    Route(action=Action.ENTRY, audience=_TAKES, handler=statement.entry),
    Route(action=Action.REVERSE, audience=_TAKES, handler=reverse.reverse),
    Route(content=Kind.TEXT, step=reverse.WHY, audience=_TAKES, handler=reverse.reason),
    Route(action=Action.REVERSE_CONFIRM, audience=_TAKES, handler=reverse.confirm),
    Route(action=Action.ADJUST, audience=_TAKES, handler=adjust.adjust),
    Route(content=Kind.TEXT, step=adjust.ASKING_AMOUNT, audience=_TAKES, handler=adjust.amount),
    Route(content=Kind.TEXT, step=adjust.WHY, audience=_TAKES, handler=adjust.reason),
    Route(action=Action.ADJUST_CONFIRM, audience=_TAKES, handler=adjust.confirm),
    Route(
        command="relay",
        menu=N_("Switch the power of a room"),
        content=Kind.TEXT,
        step=relay.ASKING,
        audience=_SWITCHES,
        handler=relay.relay,
    ),
    Route(action=Action.POWER, audience=_SWITCHES, handler=relay.power),
    Route(action=Action.POWER_REASON, audience=_SWITCHES, handler=relay.ask_reason),
    Route(content=Kind.TEXT, step=relay.WHY, audience=_SWITCHES, handler=relay.reason),
    Route(action=Action.POWER_CONFIRM, audience=_SWITCHES, handler=relay.confirm),
    Route(action=Action.SWITCHED, audience=_SWITCHES, handler=relay.switched),
    Route(action=Action.CANCEL_ORDER, audience=_SWITCHES, handler=relay.cancel_order),
    *INVOICE_TABLE,
    *STAFF_CLAIM_TABLE,
    *STAFF_DISPUTE_TABLE,
    *READING_TABLE,
    Route(action=Action.METER, audience=_SEES, handler=meter.meter),
    Route(action=Action.METER_EDIT, audience=_ONBOARDS, handler=meter.edit),
    Route(content=Kind.TEXT, step=meter.ASKING, audience=_ONBOARDS, handler=meter.value),
    Route(action=Action.METER_CONFIRM, audience=_ONBOARDS, handler=meter.confirm),
    *METERS_TABLE,
    Route(action=Action.SWAP, audience=_TAKES, handler=swap.swap),
    Route(content=Kind.TEXT, step=swap.ASKING, audience=_TAKES, handler=swap.value),
    Route(action=Action.SWAP_CONFIRM, audience=_TAKES, handler=swap.confirm),
    *ROUND_TABLE,
    *TARIFF_TABLE,
    *COMMON_TABLE,
    *RULE_TABLE,
    *REPORT_TABLE,
    *BILLING_TABLE,
    *MOVE_OUT_TABLE,
    Route(action=Action.INVITE, audience=_ONBOARDS, handler=invite.to_lease),
    Route(
        command="import",
        menu=N_("Bring rooms and tenants in from a file"),
        action=Action.IMPORT,
        audience=_ONBOARDS,
        handler=imports.ask,
    ),
    Route(content=Kind.DOCUMENT, audience=_ONBOARDS, handler=imports.preview),
    Route(action=Action.IMPORT_CONFIRM, audience=_ONBOARDS, handler=imports.confirm),
    *DEVICE_TABLE,
    Route(
        command="status",
        menu=N_("Whether all is well"),
        action=Action.STATUS,
        audience=_SEES_HEALTH,
        handler=status.status,
    ),
    Route(
        command="team",
        menu=N_("Invite somebody to your staff"),
        action=Action.TEAM,
        audience=_MANAGES,
        handler=invite.team,
    ),
)
