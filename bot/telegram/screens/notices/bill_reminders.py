"""Tenants are reminded of bills, and warned before their power goes for one. Rule 7.3."""

from datetime import date

from bot.domain.dues import LAST_STEP
from bot.i18n import N_, Safe
from bot.telegram.callbacks import Action
from bot.telegram.screen import Rows, Screen, rows_of
from bot.telegram.screens.html import bold, lines
from bot.telegram.screens.notices.balance import cut_text
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader


def invoice_reminder(facts: Facts, reader: Reader) -> Screen:
    """Return the reminder of a bill that is not paid, in time or too late."""
    if not reader.rents(facts):
        return _for_staff(facts, reader)
    is_last = facts.word("step") == LAST_STEP
    said = [_power(facts, reader), _due(facts, reader)]
    html = lines(
        *(said if is_last else reversed(said)),
        _which(facts, reader),
        _rest(facts, reader),
        _others(facts, reader),
    )
    return Screen(html=html, buttons=_buttons(facts, reader))


def _for_staff(facts: Facts, reader: Reader) -> Screen:
    """Return what staff hear in place of people whom no message reaches."""
    speaker = reader.speaker
    return Screen(
        html=lines(
            _power(facts, reader),
            _due(facts, reader),
            _which(facts, reader),
            reader.whose(facts),
            speaker.text("Nobody of this room reads messages here: please tell them."),
        ),
        buttons=rows_of(
            reader.button(N_("Open room"), Action.ROOM, facts.whole("lease_id")),
            reader.button(N_("Take payment"), Action.PAY, facts.whole("lease_id")),
        ),
    )


def _due(facts: Facts, reader: Reader) -> Safe:
    speaker = reader.speaker
    due_on = date.fromisoformat(facts.word("due_on"))
    today_on = facts.instant("told_at").astimezone(speaker.zone).date()
    values = {"amount": reader.money(facts, "open_paise"), "day": speaker.date(due_on)}
    if today_on < due_on:
        return speaker.text("🧾 <b>{amount}</b> to pay by {day}", **values)
    if today_on == due_on:
        return speaker.text("🧾 <b>{amount}</b> to pay today", **values)
    return speaker.text("🔴 <b>{amount}</b> overdue since {day}", **values)


def _power(facts: Facts, reader: Reader) -> Safe | None:
    cut_at = facts.maybe_instant("cut_at")
    if cut_at is not None:
        return cut_text(cut_at, told_at=facts.instant("told_at"), speaker=reader.speaker)
    if facts.is_true("is_off"):
        return reader.speaker.text("Power stays off until what is overdue is paid.")
    return None


def _which(facts: Facts, reader: Reader) -> Safe:
    return reader.speaker.text(
        "{room} · bill {number}", room=reader.room(facts), number=facts.word("number")
    )


def _rest(facts: Facts, reader: Reader) -> Safe | None:
    """Say of which whole it is the rest, or what comes on top."""
    before_paise = facts.whole("open_paise") - facts.whole("charged_paise")
    if not before_paise:
        return None
    if before_paise > 0:
        amount = reader.speaker.money(before_paise, facts.word("currency"))
        return reader.speaker.text("With {amount} owed from before.", amount=amount)
    return reader.speaker.text(
        "It was {amount}; the rest is paid.", amount=reader.money(facts, "charged_paise")
    )


def _others(facts: Facts, reader: Reader) -> Safe | None:
    if facts.whole("owed_paise") == facts.whole("open_paise"):
        return None
    owed = bold(reader.money(facts, "owed_paise"))
    return reader.speaker.text("With your other bills it is {amount}.", amount=owed)


def _buttons(facts: Facts, reader: Reader) -> Rows:
    lease_id = facts.whole("lease_id")
    return rows_of(
        reader.button(N_("Pay …"), Action.BILL_PAY, facts.whole("invoice_id")),
        reader.button(N_("I have paid"), Action.CLAIM, lease_id),
        reader.button(N_("I will pay on …"), Action.PROMISE, lease_id),
        reader.button(N_("Open bill"), Action.BILL, facts.whole("invoice_id")),
    )
