"""Power is switched: one message from the order to the meter's word. Rules 6.5 and 6.6."""

from datetime import timedelta

from bot.domain.supply import SupplyReason
from bot.i18n import N_, Safe
from bot.telegram.callbacks import Action
from bot.telegram.screen import Rows, Screen, rows_of
from bot.telegram.screens.html import line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader

_CANCELLABLE = ("sent", "waiting_offline", "failed")


def power(facts: Facts, reader: Reader) -> Screen:
    """Return how far the switching has come, for the tenant or for who ordered it."""
    if reader.rents(facts):
        html = lines(_for_tenant(facts, reader), _because(facts, reader))
        return Screen(html=html, buttons=_tenants_buttons(facts, reader))
    html = lines(switched_text(facts, reader), reader.whose(facts), _held(facts, reader))
    return Screen(html=html, buttons=_staffs_buttons(facts, reader))


def _for_tenant(facts: Facts, reader: Reader) -> Safe:
    speaker, on = reader.speaker, facts.is_true("on")
    match facts.word("state"):
        case "sent":
            return (
                speaker.text("⏳ Power is being switched on …")
                if on
                else speaker.text("⏳ Power will be switched off")
            )
        case "on" | "off" if facts.maybe_word("hand_by"):
            return hand_text(facts, reader, on=on)
        case "on":
            return _confirmed(facts, reader, speaker.text("🟢 <b>Power is on</b>"))
        case "off":
            return _confirmed(facts, reader, speaker.text("🔴 <b>Power is off</b>"))
        case "waiting_offline" if on:
            return speaker.text(
                "⚠️ The meter is offline. It will switch on as soon as it is back; "
                "your manager has been told."
            )
        case "waiting_offline":
            return speaker.text(
                "⚠️ The meter is offline. Power will be switched off when it is back."
            )
        case "failed":
            return speaker.text(
                "⚠️ The meter does not switch. It is tried again, and your manager has been told."
            )
        case "by_hand":
            return (
                speaker.text("✋ Power will be switched on by hand by your manager")
                if on
                else speaker.text("✋ Power will be switched off by hand by your manager")
            )
        case "dropped":
            return (
                speaker.text("Power stays off after all")
                if on
                else speaker.text("🟢 Power stays on after all")
            )
    raise ValueError(facts.word("state"))


def _confirmed(facts: Facts, reader: Reader, said: Safe) -> Safe:
    at, seconds = facts.maybe_instant("at"), facts.maybe_whole("seconds")
    if at is None or seconds is None:
        return said
    time = reader.speaker.clock_time(at)
    if seconds < 1:
        return line(said, time, between=", ")
    span = reader.speaker.duration(timedelta(seconds=seconds))
    return reader.speaker.text("{said}, {time} (after {span})", said=said, time=time, span=span)


def _because(facts: Facts, reader: Reader) -> Safe | None:
    """Say why there is no power, and what brings it back."""
    speaker = reader.speaker
    if facts.is_true("on") or facts.word("state") == "dropped":
        return None
    if facts.word("reason") == SupplyReason.BELOW_CUT_OFF.value:
        return lines(_too_little(facts, reader), _way_out(facts, reader))
    if facts.word("reason") == SupplyReason.OVERDUE.value:
        return overdue_text(facts, reader, is_off=facts.word("state") == "off")
    if facts.word("reason") == SupplyReason.HOLD_OFF.value:
        note = facts.maybe_word("note")
        if note is not None:
            return speaker.text("Your manager has switched it off: {note}", note=note)
        return speaker.text("Your manager has switched it off. Ask them when it comes back.")
    return None


def overdue_text(facts: Facts, reader: Reader, *, is_off: bool) -> Safe | None:
    """Return what is overdue, and that paying it gives or keeps the power."""
    speaker = reader.speaker
    if not facts.maybe_whole("overdue_paise"):
        return None
    amount = reader.money(facts, "overdue_paise")
    if is_off:
        return speaker.text(
            "<b>{amount}</b> is overdue. Pay it to have power again.", amount=amount
        )
    return speaker.text("<b>{amount}</b> is overdue. Pay it to keep your power.", amount=amount)


def _too_little(facts: Facts, reader: Reader) -> Safe:
    return reader.speaker.text(
        "Balance <b>{balance}</b> is below {cut_off}.",
        balance=reader.money(facts, "balance_paise"),
        cut_off=reader.money(facts, "cut_off_paise"),
    )


def _way_out(facts: Facts, reader: Reader) -> Safe:
    speaker, missing = reader.speaker, reader.missing(facts)
    if facts.word("state") == "off":
        return speaker.text("Pay <b>{missing}</b> or more to have power again.", missing=missing)
    return speaker.text("Pay <b>{missing}</b> or more to keep your power.", missing=missing)


def switched_text(facts: Facts, reader: Reader) -> Safe:
    """Return how far the switching has come, as staff see it."""
    speaker, on = reader.speaker, facts.is_true("on")
    values = {"room": reader.room(facts), "time": reader.speaker.clock_time(facts.instant("at"))}
    match facts.word("state"):
        case "sent":
            return (
                speaker.text("⏳ {room} → ON · ordered {time}", **values)
                if on
                else speaker.text("⏳ {room} → OFF · ordered {time}", **values)
            )
        case "on" | "off" if facts.maybe_word("hand_by"):
            return _hand_staff(facts, reader)
        case "on" if _is_only_accepted(facts):
            return speaker.text(
                "🟢 {room} is ON · accepted by Qube {time}, not read back", **values
            )
        case "off" if _is_only_accepted(facts):
            return speaker.text(
                "🔴 {room} is OFF · accepted by Qube {time}, not read back", **values
            )
        case "on":
            return speaker.text("🟢 {room} is ON · confirmed by the meter {time}", **values)
        case "off":
            return speaker.text("🔴 {room} is OFF · confirmed by the meter {time}", **values)
        case "waiting_offline":
            return speaker.text(
                "⚠️ {room} is offline. The order waits, and is sent when the meter is back.",
                **values,
            )
        case "failed":
            return speaker.text(
                "❌ {room} does not switch ({problem}). It is tried again every hour.",
                problem=_problem(facts),
                **values,
            )
        case "by_hand":
            return speaker.text("✋ {room} has to be switched by hand", **values)
        case "dropped":
            return speaker.text("{room}: this order is dropped, a later one counts", **values)
    raise ValueError(facts.word("state"))


def hand_text(facts: Facts, reader: Reader, *, on: bool) -> Safe:
    """Return that a person has switched the power, who and when. Rule 6.7."""
    values = {
        "name": facts.word("hand_by"),
        "time": reader.speaker.clock_time(facts.instant("at")),
    }
    if on:
        return reader.speaker.text(
            "🟢 <b>Power is on</b>: switched on by hand by {name}, {time}", **values
        )
    return reader.speaker.text(
        "🔴 <b>Power is off</b>: switched off by hand by {name}, {time}", **values
    )


def _hand_staff(facts: Facts, reader: Reader) -> Safe:
    values = {
        "room": reader.room(facts),
        "name": facts.word("hand_by"),
        "time": reader.speaker.clock_time(facts.instant("at")),
    }
    if facts.is_true("on"):
        return reader.speaker.text("🟢 {room} is ON · by hand, by {name} {time}", **values)
    return reader.speaker.text("🔴 {room} is OFF · by hand, by {name} {time}", **values)


def _is_only_accepted(facts: Facts) -> bool:
    """Some devices cannot say what their relay does (decision 5)."""
    return facts.maybe_word("only_accepted") is not None


def _problem(facts: Facts) -> str:
    return facts.maybe_word("error") or "?"


def _held(facts: Facts, reader: Reader) -> Safe | None:
    """Say who holds the power, until when and why; or what the rules go by."""
    speaker = reader.speaker
    until, note = facts.maybe_instant("hold_until"), facts.maybe_word("note")
    reason = facts.word("reason")
    if reason not in {SupplyReason.HOLD_ON.value, SupplyReason.HOLD_OFF.value}:
        return line(rule_text(reason, reader), _name(facts, reader))
    held = (
        speaker.text("Held by {name}", name=facts.maybe_word("by") or "?")
        if until is None
        else speaker.text(
            "Held until {time} by {name}",
            time=speaker.day_and_time(until),
            name=facts.maybe_word("by") or "?",
        )
    )
    return lines(held, note)


def _name(facts: Facts, reader: Reader) -> Safe | None:
    by = facts.maybe_word("by")
    return None if by is None else reader.speaker.text("by {name}", name=by)


def rule_text(reason: str, reader: Reader) -> Safe:
    """Return which rule decides about the power. Rule 6.2."""
    speaker = reader.speaker
    match SupplyReason(reason):
        case SupplyReason.HOLD_OFF | SupplyReason.HOLD_ON:
            return speaker.text("held by a manager")
        case SupplyReason.PROTECTED_TENANT:
            return speaker.text("protected tenant")
        case SupplyReason.PROTECTED_HOURS:
            return speaker.text("protected hours")
        case SupplyReason.HOLIDAY:
            return speaker.text("holiday")
        case SupplyReason.GRACE:
            return speaker.text("time of grace")
        case SupplyReason.BELOW_CUT_OFF:
            return speaker.text("balance below the cut-off")
        case SupplyReason.EMERGENCY_CREDIT:
            return speaker.text("on emergency credit")
        case SupplyReason.OVERDUE:
            return speaker.text("overdue")
        case SupplyReason.IN_ORDER:
            return speaker.text("balance in order")


def _tenants_buttons(facts: Facts, reader: Reader) -> Rows:
    lease_id = facts.whole("lease_id")
    home = reader.button(N_("Balance"), Action.HOME, lease_id)
    why = reader.button(N_("Why?"), Action.STATEMENT, lease_id)
    if facts.is_true("on"):
        return rows_of(home)
    if facts.word("reason") == SupplyReason.OVERDUE.value:
        return rows_of(
            reader.button(N_("Pay …"), Action.BILLS, lease_id),
            reader.button(N_("I have paid"), Action.CLAIM, lease_id),
            reader.button(N_("I will pay on …"), Action.PROMISE, lease_id),
            reader.question("a", facts.id),
        )
    is_short = facts.word("reason") == SupplyReason.BELOW_CUT_OFF.value
    recharge = reader.button(N_("Recharge …"), Action.TOP_UP, lease_id)
    return rows_of(recharge if is_short else None, home, why, reader.question("a", facts.id))


def _staffs_buttons(facts: Facts, reader: Reader) -> Rows:
    room = reader.button(N_("Open room"), Action.ROOM, facts.whole("lease_id"))
    order_id = facts.maybe_whole("order_id")
    if order_id is None or facts.word("state") not in _CANCELLABLE:
        return rows_of(room)
    once = f"n{facts.id}"
    return rows_of(
        room, reader.button(N_("Cancel order"), Action.CANCEL_ORDER, order_id, once=once)
    )
