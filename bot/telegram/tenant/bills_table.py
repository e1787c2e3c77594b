"""The rows of the one table of handlers that are about bills, of tenants and staff alike."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import TENANT, tenants_and_staff_with
from bot.telegram.callbacks import Action
from bot.telegram.routing import Route
from bot.telegram.tenant import bills

_SEES_MONEY = tenants_and_staff_with(Permission.SEE_MONEY)

BILLS_TABLE: tuple[Route, ...] = (
    Route(command="bills", menu=N_("Your bills"), audience=TENANT, handler=bills.bills),
    Route(action=Action.BILLS, audience=_SEES_MONEY, handler=bills.bills),
    Route(action=Action.BILL, audience=_SEES_MONEY, handler=bills.bill),
    Route(action=Action.BILL_PDF, audience=_SEES_MONEY, handler=bills.pdf),
    Route(action=Action.BILL_PAY, audience=TENANT, handler=bills.pay),
)
