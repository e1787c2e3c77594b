"""Money came, or was taken back, and what that means for the power. Rules 5.6, 6.6, 9.3."""

from datetime import timedelta

from bot.domain.ledger import EntryKind
from bot.i18n import N_, Safe
from bot.i18n.payment_methods import method_text
from bot.telegram.callbacks import Action
from bot.telegram.screen import Rows, Screen, rows_of
from bot.telegram.screens.html import line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.power import hand_text
from bot.telegram.screens.notices.reader import Reader

_LONG_REFERENCE = 10
_SHOWN_ENDS = 4


def payment(facts: Facts, reader: Reader) -> Screen:
    """Return the receipt; it is edited until the meter has confirmed the power."""
    speaker, amount = reader.speaker, reader.money(facts, "amount_paise")
    if reader.rents(facts):
        head = speaker.text("✅ <b>{amount}</b> received", amount=amount)
        if how := _how(facts, reader):
            head = speaker.text("✅ <b>{amount}</b> received ({how})", amount=amount, how=how)
        return _screen(facts, reader, head)
    head = speaker.text(
        "✅ <b>{amount}</b> recorded for {room}", amount=amount, room=reader.room(facts)
    )
    by = facts.maybe_word("by")
    recorded = None if by is None else speaker.text("by {name}", name=by)
    details = line(facts.maybe_word("tenant"), _how(facts, reader), recorded)
    return _screen(facts, reader, head, details)


def payment_reversed(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a payment, or an adjustment, that did not count after all."""
    speaker, amount = reader.speaker, reader.money(facts, "amount_paise")
    head = speaker.text("↩️ Payment of <b>{amount}</b> taken back", amount=amount)
    if facts.maybe_word("undone") == EntryKind.ADJUSTMENT.value:
        head = speaker.text("↩️ Adjustment of <b>{amount}</b> taken back", amount=amount)
    return _screen(facts, reader, head, _whose(facts, reader), _why(facts, reader))


def adjustment(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a balance that was set right by hand."""
    speaker, amount = reader.speaker, reader.money(facts, "amount_paise")
    head = speaker.text("✏️ Adjustment: <b>{amount}</b> charged", amount=amount)
    if facts.is_true("is_credit"):
        head = speaker.text("✏️ Adjustment: <b>{amount}</b> credited", amount=amount)
    return _screen(facts, reader, head, _whose(facts, reader), _why(facts, reader))


def _whose(facts: Facts, reader: Reader) -> Safe | None:
    if reader.rents(facts):
        return None
    return line(reader.room(facts), facts.maybe_word("tenant"))


def _why(facts: Facts, reader: Reader) -> Safe | None:
    reason = facts.maybe_word("reason")
    return (
        None
        if reason is None
        else reader.speaker.text("Reason: {reason}", reason=reader.speaker.reason(reason))
    )


def short_reference(reference: str) -> str:
    """Return a reference by which one can tell it, without the middle of a long one."""
    if len(reference) <= _LONG_REFERENCE:
        return reference
    return f"{reference[:_SHOWN_ENDS]}…{reference[-_SHOWN_ENDS:]}"


def _how(facts: Facts, reader: Reader) -> Safe | None:
    method, reference = facts.maybe_word("method"), facts.maybe_word("reference")
    named = None if method is None else method_text(method, reader.speaker) or None
    shown = None if reference is None else short_reference(reference)
    return line(named, shown, between=" ") or None


def _screen(facts: Facts, reader: Reader, *above: Safe | None) -> Screen:
    balance = reader.speaker.text(
        "Balance {before} → <b>{after}</b>",
        before=reader.money(facts, "before_paise"),
        after=reader.money(facts, "after_paise"),
    )
    html = lines(*above, balance, power_line(facts, reader))
    return Screen(html=html, buttons=_buttons(facts, reader))


def power_line(facts: Facts, reader: Reader) -> Safe | None:
    """Return what the payment means for the power, as far as the meter has confirmed it."""
    speaker = reader.speaker
    match facts.maybe_word("power"):
        case "restoring":
            return speaker.text("⏳ Power is being switched on …")
        case "on":
            return _on_again(facts, reader)
        case "off" if facts.maybe_word("hand_by"):
            return hand_text(facts, reader, on=False)
        case "waiting_offline":
            return _offline(facts, reader)
        case "failed":
            return _failed(facts, reader)
        case "still_off":
            return _still_off(facts, reader)
        case "cutting":
            return speaker.text("⏳ Power is being switched off …")
        case "off":
            return speaker.text("🔴 Power is off.")
        case "by_hand":
            return _by_hand(facts, reader, on=True)
        case "cutting_by_hand":
            return _by_hand(facts, reader, on=False)
    return None


def _by_hand(facts: Facts, reader: Reader, *, on: bool) -> Safe:
    """Say that a person switches. Rule 6.7."""
    speaker = reader.speaker
    if reader.rents(facts):
        return (
            speaker.text("✋ Power will be switched on by hand by your manager")
            if on
            else speaker.text("✋ Power will be switched off by hand by your manager")
        )
    return (
        speaker.text("✋ Its meter cannot switch: switch power on by hand, then say so.")
        if on
        else speaker.text("✋ Its meter cannot switch: switch power off by hand, then say so.")
    )


def _on_again(facts: Facts, reader: Reader) -> Safe:
    at, seconds = facts.maybe_instant("power_at"), facts.maybe_whole("seconds")
    if facts.maybe_word("hand_by") is not None:
        return hand_text(facts, reader, on=True)
    if at is None or seconds is None or seconds < 1:
        return reader.speaker.text("🟢 Power is on again.")
    return reader.speaker.text(
        "🟢 Power is on again, {time} (after {span})",
        time=reader.speaker.clock_time(at),
        span=reader.speaker.duration(timedelta(seconds=seconds)),
    )


def _offline(facts: Facts, reader: Reader) -> Safe:
    if reader.rents(facts):
        return reader.speaker.text(
            "⚠️ The meter is offline. It will switch on as soon as it is back; "
            "your manager has been told."
        )
    return reader.speaker.text(
        "⚠️ The meter is offline. The order waits, and is sent when the meter is back."
    )


def _failed(facts: Facts, reader: Reader) -> Safe:
    if reader.rents(facts):
        return reader.speaker.text(
            "⚠️ The meter does not switch. It is tried again, and your manager has been told."
        )
    return reader.speaker.text(
        "⚠️ The meter does not switch. It is tried again every hour; look at it, or switch by hand."
    )


def _still_off(facts: Facts, reader: Reader) -> Safe:
    if facts.maybe_whole("overdue_paise"):
        return reader.speaker.text(
            "🔴 Power stays off: <b>{missing}</b> more is overdue.",
            missing=reader.money(facts, "overdue_paise"),
        )
    missing_paise = facts.whole("cut_off_paise") - facts.whole("after_paise")
    if missing_paise > 0:
        missing = reader.speaker.money(missing_paise, facts.word("currency"))
        return reader.speaker.text(
            "🔴 Power stays off: pay <b>{missing}</b> more to restore it.", missing=missing
        )
    return reader.speaker.text("🔴 Power stays off: the manager holds it off.")


def _buttons(facts: Facts, reader: Reader) -> Rows:
    lease_id = facts.whole("lease_id")
    statement = reader.button(N_("Statement"), Action.STATEMENT, lease_id)
    if reader.rents(facts):
        return rows_of(reader.button(N_("Balance"), Action.HOME, lease_id), statement)
    return rows_of(reader.button(N_("Open room"), Action.ROOM, lease_id), statement)
