"""What people are told of bills and credit notes. Section 7."""

from datetime import date

from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.i18n import N_, Safe
from bot.services.meter_close import MeterClose
from bot.telegram.callbacks import Action
from bot.telegram.screen import Screen, rows_of
from bot.telegram.screens.bills import corrected_text, replaces_text
from bot.telegram.screens.html import bold, line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader

WAITS = {
    MeterClose.MISSING: N_("No reading of the closing day is known. Enter one, and it is issued."),
    MeterClose.HELD: N_("A reading is held. Accept or correct it, and it is issued."),
    MeterClose.IN_THE_WAY: N_("The closing reading does not fit those around it. Look at them."),
}


def invoice(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a new bill, or on a credit note."""
    speaker = reader.speaker
    invoice_id = facts.whole("invoice_id")
    buttons = rows_of(
        reader.button(N_("Open bill"), Action.BILL, invoice_id),
        reader.button(N_("PDF"), Action.BILL_PDF, invoice_id),
    )
    if facts.word("document") == DocumentKind.CREDIT_NOTE.value:
        return Screen(html=_credit_note(facts, reader), buttons=buttons)
    replaces, reason = facts.maybe_word("replaces"), facts.maybe_word("reason")
    return Screen(
        html=lines(
            speaker.text(
                "🧾 {room} · bill {number}", room=reader.room(facts), number=facts.word("number")
            ),
            bold(reader.money(facts, "total_paise")),
            _period(facts, reader),
            None if replaces is None else replaces_text(replaces, speaker),
            corrected_text(facts.maybe_word("corrects"), speaker),
            None
            if reason is None
            else speaker.text("Reason: {reason}", reason=speaker.reason(reason)),
            _to_pay(facts, reader),
        ),
        buttons=buttons,
    )


def _credit_note(facts: Facts, reader: Reader) -> Safe:
    speaker, reason = reader.speaker, facts.maybe_word("reason")
    return lines(
        speaker.text(
            "🧾 {room} · credit note {number}",
            room=reader.room(facts),
            number=facts.word("number"),
        ),
        bold(speaker.money(-facts.whole("total_paise"), facts.word("currency"))),
        speaker.text("for bill {number}", number=facts.word("corrects")),
        None if reason is None else speaker.text("Reason: {reason}", reason=speaker.reason(reason)),
    )


def _period(facts: Facts, reader: Reader) -> Safe:
    speaker, used = reader.speaker, facts.maybe_decimal("consumption")
    unit = facts.maybe_word("unit")
    return line(
        speaker.text(
            "{first} to {last}",
            first=speaker.date(date.fromisoformat(facts.word("period_from"))),
            last=speaker.date(date.fromisoformat(facts.word("period_to"))),
        ),
        None if used is None or unit is None else speaker.quantity(used, unit),
        between=" · ",
    )


def _to_pay(facts: Facts, reader: Reader) -> Safe:
    speaker, after_paise = reader.speaker, facts.whole("after_paise")
    if after_paise >= 0:
        return speaker.text("Paid from your credit: nothing to do.")
    return speaker.text(
        "To pay {amount} by {day}",
        amount=speaker.money(-after_paise, facts.word("currency")),
        day=speaker.date(date.fromisoformat(facts.word("due_on"))),
    )


def invoice_waits(facts: Facts, reader: Reader) -> Screen:
    """Return the word to staff on a bill that cannot be made yet."""
    speaker = reader.speaker
    return Screen(
        html=lines(
            speaker.text("⚠️ Bill waits: {room}", room=reader.room(facts)),
            reader.whose(facts),
            _period(facts, reader),
            speaker.text(WAITS[MeterClose(facts.word("waits"))]),
        ),
        buttons=rows_of(
            reader.button(N_("Readings"), Action.READINGS),
            reader.button(N_("Open room"), Action.ROOM, facts.whole("lease_id")),
        ),
    )


def billing_changed(facts: Facts, reader: Reader) -> Screen:
    """Return the word to tenants that they pay before use, or after it, from now on."""
    speaker = reader.speaker
    statement = reader.button(N_("Statement"), Action.STATEMENT, facts.whole("lease_id"))
    is_later = facts.word("mode") == BillingMode.POSTPAID.value
    told = _later(facts, reader) if is_later else _beforehand(facts, reader)
    return Screen(
        html=lines(speaker.text("🧾 {room} · billing", room=reader.room(facts)), *told),
        buttons=rows_of(statement),
    )


def _later(facts: Facts, reader: Reader) -> list[Safe | None]:
    speaker = reader.speaker
    next_on = date.fromisoformat(facts.word("next_close_on"))
    day = speaker.count(facts.whole("billing_day"))
    return [
        speaker.text("<b>Billed on day {day} of each month.</b>", day=day),
        _brought_over(facts, reader),
        speaker.text("The next bill is made when {day} is over.", day=speaker.date(next_on)),
    ]


def _brought_over(facts: Facts, reader: Reader) -> Safe | None:
    """Say what becomes of the balance of a lease that paid beforehand until now."""
    speaker, balance_paise = reader.speaker, facts.whole("balance_paise")
    was_later = facts.maybe_word("was_mode") == BillingMode.POSTPAID.value
    if was_later or not balance_paise:
        return None
    amount = speaker.money(abs(balance_paise), facts.word("currency"))
    if balance_paise < 0:
        return speaker.text(
            "You owe <b>{amount}</b>. What no bill has asked for is due with the next one.",
            amount=amount,
        )
    return speaker.text("Your balance of <b>{amount}</b> pays for the bills.", amount=amount)


def _beforehand(facts: Facts, reader: Reader) -> list[Safe | None]:
    speaker, until = reader.speaker, facts.maybe_word("power_until")
    return [
        speaker.text("<b>From now on paid beforehand.</b>"),
        speaker.text("All until now is on a last bill."),
        None
        if until is None
        else speaker.text(
            "Power stays on through {day}: pay by then.",
            day=speaker.date(date.fromisoformat(until)),
        ),
    ]


def moved_out(facts: Facts, reader: Reader) -> Screen:
    """Return the word that a lease has ended, with what is left to settle."""
    speaker, balance_paise = reader.speaker, facts.whole("balance_paise")
    amount = speaker.money(abs(balance_paise), facts.word("currency"))
    left = speaker.text("Nothing is left to settle.")
    if balance_paise > 0:
        left = speaker.text("To be paid back: {amount}", amount=amount)
    elif balance_paise < 0:
        left = speaker.text("Still to be paid: {amount}", amount=amount)
    statement = reader.button(N_("Statement"), Action.STATEMENT, facts.whole("lease_id"))
    return Screen(
        html=lines(
            speaker.text("📦 {room}: the lease has ended", room=reader.room(facts)),
            None if reader.rents(facts) else reader.whose(facts),
            left,
        ),
        buttons=rows_of(statement),
    )
