"""Why power is what it is, in words. Rule 6.2."""

from bot.domain.supply import SupplyReason
from bot.i18n import N_

REASONS = {
    SupplyReason.PROTECTED_TENANT: N_("this tenant is never cut automatically"),
    SupplyReason.PROTECTED_HOURS: N_("no cut begins at these hours"),
    SupplyReason.HOLIDAY: N_("no cut begins on a holiday"),
    SupplyReason.GRACE: N_("there is a grace period"),
    SupplyReason.BELOW_CUT_OFF: N_("the balance is below the cut-off"),
    SupplyReason.EMERGENCY_CREDIT: N_("there is emergency credit left"),
    SupplyReason.OVERDUE: N_("a bill is overdue"),
    SupplyReason.IN_ORDER: N_("all is in order"),
}

PUT_OFF = frozenset({SupplyReason.PROTECTED_HOURS, SupplyReason.HOLIDAY, SupplyReason.GRACE})
"""Reasons that put a cut off until they end by themselves."""

SPARED = frozenset({SupplyReason.PROTECTED_TENANT, SupplyReason.EMERGENCY_CREDIT})
"""Reasons that no hour ends."""
