"""What people are told without having asked: one screen for each kind of notice."""

from collections.abc import Callable, Mapping

from bot.services.store import Notice, NoticeKind
from bot.telegram.screen import Screen
from bot.telegram.screens.notices.alarms import (
    key_rejected,
    still_dark,
    switch_by_hand,
    unreachable,
)
from bot.telegram.screens.notices.balance import last_warning, low
from bot.telegram.screens.notices.bill_reminders import invoice_reminder
from bot.telegram.screens.notices.bills import billing_changed, invoice, invoice_waits, moved_out
from bot.telegram.screens.notices.claims import claim_outcome, payment_claim
from bot.telegram.screens.notices.disputes import dispute
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.inspections import inspections
from bot.telegram.screens.notices.meters import (
    device_offline,
    device_replaced,
    device_trouble,
    reading_fell,
)
from bot.telegram.screens.notices.payment import adjustment, payment, payment_reversed
from bot.telegram.screens.notices.power import power
from bot.telegram.screens.notices.prices import price_missing
from bot.telegram.screens.notices.promises import payment_promise, promise_outcome
from bot.telegram.screens.notices.reader import Reader
from bot.telegram.screens.notices.readings import (
    reading_held,
    reading_outcome,
    reading_unusual,
)
from bot.telegram.screens.notices.rounds import reading_due, round_done
from bot.telegram.screens.notices.shares import loss, share, share_taken_back
from bot.telegram.screens.notices.terms import price_changed, terms_changed
from bot.telegram.screens.notices.unusual import unusual_uses

__all__ = ["Reader", "notice_screen"]

SCREENS: Mapping[NoticeKind, Callable[[Facts, Reader], Screen]] = {
    NoticeKind.LOW: low,
    NoticeKind.LAST_WARNING: last_warning,
    NoticeKind.POWER: power,
    NoticeKind.PAYMENT: payment,
    NoticeKind.PAYMENT_REVERSED: payment_reversed,
    NoticeKind.ADJUSTMENT: adjustment,
    NoticeKind.STILL_DARK: still_dark,
    NoticeKind.SWITCH_BY_HAND: switch_by_hand,
    NoticeKind.KEY_REJECTED: key_rejected,
    NoticeKind.UNREACHABLE: unreachable,
    NoticeKind.DEVICE_OFFLINE: device_offline,
    NoticeKind.DEVICE_REPLACED: device_replaced,
    NoticeKind.DEVICE_TROUBLE: device_trouble,
    NoticeKind.DISPUTE: dispute,
    NoticeKind.READING_HELD: reading_held,
    NoticeKind.READING_FELL: reading_fell,
    NoticeKind.READING_UNUSUAL: reading_unusual,
    NoticeKind.UNUSUAL_USES: unusual_uses,
    NoticeKind.READING_OUTCOME: reading_outcome,
    NoticeKind.READING_DUE: reading_due,
    NoticeKind.ROUND_DONE: round_done,
    NoticeKind.PRICE_MISSING: price_missing,
    NoticeKind.PRICE_CHANGED: price_changed,
    NoticeKind.TERMS_CHANGED: terms_changed,
    NoticeKind.INSPECTIONS: inspections,
    NoticeKind.BILLING_CHANGED: billing_changed,
    NoticeKind.SHARE: share,
    NoticeKind.SHARE_TAKEN_BACK: share_taken_back,
    NoticeKind.LOSS: loss,
    NoticeKind.MOVED_OUT: moved_out,
    NoticeKind.INVOICE: invoice,
    NoticeKind.INVOICE_WAITS: invoice_waits,
    NoticeKind.INVOICE_REMINDER: invoice_reminder,
    NoticeKind.PAYMENT_CLAIM: payment_claim,
    NoticeKind.CLAIM_OUTCOME: claim_outcome,
    NoticeKind.PAYMENT_PROMISE: payment_promise,
    NoticeKind.PROMISE_OUTCOME: promise_outcome,
}


def notice_screen(notice: Notice, reader: Reader) -> Screen:
    """Return what a notice says to a reader, with the buttons for what one would do next.

    Raises LookupError, TypeError, ValueError or ArithmeticError when facts are missing or wrong.
    """
    facts = Facts(notice.facts, id=notice.id, created_at=notice.created_at)
    return SCREENS[notice.kind](facts, reader)
