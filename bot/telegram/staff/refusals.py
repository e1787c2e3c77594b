"""What staff are told when something is refused: what, why, and what to do instead."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.ledger import EntryKind
from bot.domain.money import NotAnAmount
from bot.domain.period import local_date
from bot.i18n import Safe, Speaker
from bot.i18n.import_problems import unreadable_text
from bot.services.adjustment import MOST_REASON, NothingToAdjust, ReasonMissing
from bot.services.exchange.table import UnreadableTable
from bot.services.hand_switch import SwitchedBefore
from bot.services.invitation import LeaseNotRunning
from bot.services.naming import MOST_CHARACTERS, NameInUse, UnusableName
from bot.services.payment import AlreadyReversed, AmountNotPositive
from bot.services.power import NoRelay, NoSupplyMeter, OrderClosed
from bot.services.reference import MAX_REFERENCE_LENGTH, BadReference, DuplicateReference
from bot.services.store import OrderStatus
from bot.telegram.screens.html import line
from bot.telegram.screens.room import room_title
from bot.telegram.staff.invoice_refusals import INVOICE_SENTENCES
from bot.telegram.staff.meter_refusals import METER_SENTENCES
from bot.telegram.staff.reading_refusals import READING_SENTENCES
from bot.telegram.staff.report_refusals import REPORT_SENTENCES
from bot.telegram.staff.round_refusals import ROUND_SENTENCES
from bot.telegram.staff.rule_refusals import RULE_SENTENCES
from bot.telegram.staff.sharing_refusals import COMMON_SENTENCES
from bot.telegram.staff.sheet_refusals import SHEET_SENTENCES
from bot.telegram.staff.tariff_refusals import TARIFF_SENTENCES

Sentence = Callable[[Any, Speaker], Safe]


def _not_an_amount(error: NotAnAmount, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” is not an amount I can record. Type rupees, for example 500 or 1250.50.",
        typed=error.text[:40],
    )


def _not_positive(error: AmountNotPositive, speaker: Speaker) -> Safe:
    return speaker.text(
        "{amount} is not an amount I can record. Type rupees, for example 500 or 1250.50.",
        amount=speaker.money(error.amount_paise),
    )


def _bad_reference(_error: BadReference, speaker: Speaker) -> Safe:
    return speaker.text(
        "This is not a reference I can record. It has up to {most} letters and digits, "
        "for example 423188908890.",
        most=MAX_REFERENCE_LENGTH,
    )


def _duplicate(error: DuplicateReference, speaker: Speaker) -> Safe:
    entry = error.entry
    where = line(
        room_title(error.room, speaker),
        speaker.date(local_date(entry.occurred_at, error.zone)),
        speaker.money(entry.tenant_paise, error.currency),
        between=", ",
    )
    return speaker.text(
        "UTR {reference} is already on {where}. If it is a different payment, check the number.",
        reference=entry.reference or "",
        where=where,
    )


def _already_reversed(error: AlreadyReversed, speaker: Speaker) -> Safe:
    day = speaker.date(local_date(error.entry.occurred_at, error.zone))
    if error.kind is EntryKind.ADJUSTMENT:
        return speaker.text("This adjustment was taken back already, on {day}.", day=day)
    return speaker.text("This payment was taken back already, on {day}.", day=day)


def _nothing_to_adjust(_error: NothingToAdjust, speaker: Speaker) -> Safe:
    return speaker.text("That would change nothing I can book. Type rupees, for example 250.")


def _reason_missing(error: ReasonMissing, speaker: Speaker) -> Safe:
    if len(error.reason) > MOST_REASON:
        return speaker.plural(
            "The reason is too long. Say it in up to {n} letter.",
            "The reason is too long. Say it in up to {n} letters.",
            MOST_REASON,
        )
    return speaker.text("Say in a few words why. The tenant reads it on the statement.")


def _no_supply_meter(_error: NoSupplyMeter, speaker: Speaker) -> Safe:
    return speaker.text("No meter of this room can be switched. Import its meter first.")


def _no_relay(error: NoRelay, speaker: Speaker) -> Safe:
    return speaker.text(
        "The meter of {room} has no relay. Switch it by hand.",
        room=room_title(error.room, speaker),
    )


def _switched_before(error: SwitchedBefore, speaker: Speaker) -> Safe:
    at = error.order.confirmed_at or error.order.created_at
    there = replace(speaker, zone=error.zone)
    values = {
        "room": room_title(error.room, speaker),
        "name": error.by or "?",
        "time": there.day_and_time(at),
    }
    if error.order.turn_on:
        return speaker.text(
            "{name} has said already that {room} is switched on: {time}. "
            "Nothing is recorded twice.",
            **values,
        )
    return speaker.text(
        "{name} has said already that {room} is switched off: {time}. Nothing is recorded twice.",
        **values,
    )


def _unusable_name(_error: UnusableName, speaker: Speaker) -> Safe:
    return speaker.text(
        "A name has 1 to {most} characters, on one line. Type another one.", most=MOST_CHARACTERS
    )


def _name_in_use(error: NameInUse, speaker: Speaker) -> Safe:
    return speaker.text("“{name}” is taken already. Type another name.", name=error.name)


def _order_closed(error: OrderClosed, speaker: Speaker) -> Safe:
    if error.status is OrderStatus.CONFIRMED:
        return speaker.text("Too late: the meter has carried the order out.")
    return speaker.text("This order waits no longer. Look at the room for how it stands.")


def _lease_over(_error: LeaseNotRunning, speaker: Speaker) -> Safe:
    return speaker.text("Nobody rents this room any more, so there is nobody to invite.")


STAFF_SENTENCES: Mapping[type[Exception], Sentence] = {
    NotAnAmount: _not_an_amount,
    AmountNotPositive: _not_positive,
    BadReference: _bad_reference,
    DuplicateReference: _duplicate,
    AlreadyReversed: _already_reversed,
    NothingToAdjust: _nothing_to_adjust,
    ReasonMissing: _reason_missing,
    NoSupplyMeter: _no_supply_meter,
    NoRelay: _no_relay,
    OrderClosed: _order_closed,
    UnusableName: _unusable_name,
    NameInUse: _name_in_use,
    SwitchedBefore: _switched_before,
    LeaseNotRunning: _lease_over,
    UnreadableTable: unreadable_text,
    **COMMON_SENTENCES,
    **TARIFF_SENTENCES,
    **METER_SENTENCES,
    **INVOICE_SENTENCES,
    **READING_SENTENCES,
    **SHEET_SENTENCES,
    **REPORT_SENTENCES,
    **ROUND_SENTENCES,
    **RULE_SENTENCES,
}
