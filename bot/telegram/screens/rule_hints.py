"""What a rule is for, and how it is asked what it shall be."""

from collections.abc import Mapping

from bot.domain.rule import Rule
from bot.i18n import N_

HINTS: Mapping[Rule, str] = {
    Rule.CUT_OFF: N_("Below it, power goes off."),
    Rule.LOW_BALANCE: N_("Below it, the tenant is warned."),
    Rule.EMERGENCY_CREDIT: N_(
        "So far below the cut-off power stays on. Once used up, it is repaid before it helps again."
    ),
    Rule.PROTECTED_HOURS: N_("At these hours no cut begins; power may come back."),
    Rule.HOLIDAYS: N_("On these days no cut begins; power may come back."),
    Rule.CHECK_INTERVAL: N_("So often the meter is read and the balance charged."),
    Rule.PROTECTED: N_("A protected tenant is never cut automatically, only by a manager."),
    Rule.GRACE: N_("Until then power stays on, whatever the balance."),
    Rule.READING_WINDOW: N_(
        "On these days people read the meters that no device tells: tenants are reminded, and who "
        "goes round finds what is due with /round."
    ),
    Rule.PHOTOS_KEPT: N_("Then photos of meters are deleted; the readings stay."),
    Rule.DUE_DAYS: N_("So long tenants have to pay a bill. Bills that are out keep their day."),
    Rule.REMINDER_DAYS: N_(
        "On these days tenants are reminded of a bill that is not paid: −3 is three days before it "
        "is due, +7 a week after. Before power goes they are warned in any case."
    ),
}
ASKED: Mapping[Rule, str] = {
    Rule.CUT_OFF: N_("<b>How much?</b> Tap or type it, for example 150."),
    Rule.LOW_BALANCE: N_("<b>How much?</b> Tap or type it, for example 150."),
    Rule.EMERGENCY_CREDIT: N_("<b>How much?</b> Tap or type it, for example 150."),
    Rule.PROTECTED_HOURS: N_("<b>Which hours?</b> Tap or type them, for example 18:00–08:00."),
    Rule.HOLIDAYS: N_("<b>Which day?</b> Type it, for example 25 Dec or 8–12 Nov."),
    Rule.GRACE: N_("<b>Until which day?</b> Tap or type it, for example 25 Dec."),
    Rule.CHECK_INTERVAL: N_("<b>How often?</b>"),
    Rule.READING_WINDOW: N_(
        "<b>Which days of the month?</b> Tap or type them, for example 25–28 or 28–3."
    ),
    Rule.PROTECTED: N_("<b>Shall this tenant be protected?</b>"),
    Rule.PHOTOS_KEPT: N_("<b>How many days?</b> Tap or type them, for example 180."),
    Rule.DUE_DAYS: N_("<b>How many days?</b> Tap or type them, for example 5."),
    Rule.REMINDER_DAYS: N_("<b>Which days?</b> Tap or type them, for example −3 0 3 7."),
}
