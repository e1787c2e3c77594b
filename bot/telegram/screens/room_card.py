"""One room, as staff see it, with all that can be done about it."""

from datetime import datetime, timedelta

from bot.domain.lease import BillingMode
from bot.domain.people import Permission
from bot.domain.supply import Hold, SupplyReason
from bot.i18n import N_, Safe, Speaker
from bot.i18n.payment_methods import method_text
from bot.services.home_card import Power
from bot.services.room_card import RoomCard, RoomMoney, RoomSupply
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.reason import PUT_OFF, REASONS, SPARED
from bot.telegram.screens.room import room_label

SWITCHED_ON = N_("✓ I switched it on")
SWITCHED_OFF = N_("✓ I switched it off")
_A_MINUTE = timedelta(minutes=1)


def room_card_screen(card: RoomCard, speaker: Speaker) -> Screen:
    """Return the card: money, power, the last payment, the week."""
    if card.is_vacant:
        vacant = speaker.text("⚪ Vacant. Nobody rents this room.")
        html = blocks([title(card, speaker)], [vacant])
        return Screen(html=html, buttons=((_more(card, speaker),), _ways_out(speaker)))
    return Screen(
        html=blocks(
            [title(card, speaker)],
            _money_lines(card, speaker),
            _power_lines(card, speaker),
            _history_lines(card, speaker),
        ),
        buttons=(*rows_of(*_actions(card, speaker)), _ways_out(speaker)),
    )


def power_text(supply: RoomSupply, speaker: Speaker, *, now: datetime) -> Safe:
    """Return what the relay is, and since when that is certain."""
    if not supply.can_switch:
        return _by_hand(supply, speaker, now=now)
    if supply.power is Power.COMING_ON:
        return speaker.text("⏳ Power is being switched on …")
    if supply.power is Power.GOING_OFF:
        return speaker.text("⏳ Power is being switched off …")
    if supply.power is Power.UNKNOWN:
        return speaker.text("Power on, as far as is known")
    is_on = supply.power is Power.ON
    if supply.confirmed_at is None:
        return (
            speaker.text("🟢 Power on, accepted by Qube, not read back")
            if is_on
            else speaker.text("🔴 Power off, accepted by Qube, not read back")
        )
    at = clock_text(supply.confirmed_at, speaker, now=now)
    if is_on:
        return speaker.text("🟢 Power on, confirmed {time}", time=at)
    return speaker.text("🔴 Power off, confirmed {time}", time=at)


def _by_hand(supply: RoomSupply, speaker: Speaker, *, now: datetime) -> Safe:
    """Say what a person is asked to do, or who did it: no meter tells. Rule 6.7."""
    asked = supply.awaits_hand
    if asked is not None:
        since = clock_text(asked.created_at, speaker, now=now)
        if asked.turn_on:
            return speaker.text("✋ To be switched ON by hand since {time}", time=since)
        return speaker.text("✋ To be switched OFF by hand since {time}", time=since)
    if supply.confirmed_at is None or supply.confirmed_by is None:
        if supply.power in {Power.OFF, Power.GOING_OFF}:
            return speaker.text("🔴 Power off, as far as is known")
        return speaker.text("Power on, as far as is known")
    at = clock_text(supply.confirmed_at, speaker, now=now)
    values = {"name": supply.confirmed_by, "time": at}
    if supply.power is Power.OFF:
        return speaker.text("🔴 Power off, by hand, by {name} {time}", **values)
    return speaker.text("🟢 Power on, by hand, by {name} {time}", **values)


def clock_text(at: datetime, speaker: Speaker, *, now: datetime) -> str:
    """Return the time of day to the second, and the day if it is not today."""
    on = at.astimezone(speaker.zone).date()
    if on == now.astimezone(speaker.zone).date():
        return speaker.clock_time(at)
    return speaker.day_and_time(at)


def mode_text(mode: BillingMode, speaker: Speaker) -> Safe:
    """Return how a lease pays."""
    if mode is BillingMode.PREPAID:
        return speaker.text("prepaid")
    return speaker.text("postpaid")


def hold_text(supply: RoomSupply, speaker: Speaker, *, now: datetime) -> Safe | None:
    """Return who holds the power above the rules, until when, and why."""
    if supply.hold is Hold.NONE:
        return None
    held = (
        speaker.text("✋ Held on")
        if supply.hold is Hold.ON
        else speaker.text("✋ Held off, a payment does not change that")
    )
    until = None
    if supply.hold_until is not None:
        until = speaker.text("until {time}", time=_until(supply.hold_until, speaker, now=now))
    by = None if supply.hold_by is None else speaker.text("by {name}", name=supply.hold_by)
    note = None if supply.hold_note is None else f"“{supply.hold_note}”"
    return line(held, until, by, note)


def title(card: RoomCard, speaker: Speaker) -> Safe:
    """Return which room it is, and whose."""
    mode = None if card.mode is None else mode_text(card.mode, speaker)
    return lines(line(bold(room_label(card.room)), card.tenant or None, mode), card.place)


def _money_lines(card: RoomCard, speaker: Speaker) -> list[Safe]:
    if card.money is None:
        return []
    cut = _cut_since(card, speaker)
    return [line(_balance(card.money, speaker), cut, between="  ")]


def _balance(money: RoomMoney, speaker: Speaker) -> Safe:
    balance = bold(speaker.money(money.balance_paise, money.currency))
    if money.mode is BillingMode.POSTPAID and money.overdue_paise:
        overdue = speaker.money(money.overdue_paise, money.currency)
        return speaker.text("🔴 {balance}  ({amount} overdue)", balance=balance, amount=overdue)
    if money.due_on is not None:
        amount, day = speaker.money(money.due_paise, money.currency), speaker.date(money.due_on)
        return speaker.text(
            "{balance}  ({amount} due by {day})", balance=balance, amount=amount, day=day
        )
    if money.mode is BillingMode.POSTPAID:
        return speaker.text("Balance {balance}", balance=balance)
    cut_off = speaker.money(money.cut_off_paise, money.currency)
    sign = "🔴" if money.is_short else "🟡" if money.is_low else "🟢"
    return speaker.text(
        "{sign} {balance}  (cut-off {cut_off})", sign=sign, balance=balance, cut_off=cut_off
    )


def _cut_since(card: RoomCard, speaker: Speaker) -> Safe | None:
    supply = card.supply
    if supply is None or supply.decided_at is None or supply.power is not Power.OFF:
        return None
    if supply.reason not in {SupplyReason.BELOW_CUT_OFF, SupplyReason.OVERDUE}:
        return None
    span = card.now - supply.decided_at
    if span < _A_MINUTE:
        return speaker.text("cut just now")
    return speaker.text("cut {span} ago", span=speaker.duration(span))


def _power_lines(card: RoomCard, speaker: Speaker) -> list[Safe | None]:
    supply, meter = card.supply, card.meter
    if supply is None:
        return [speaker.text("No meter of this room can be switched.")]
    offline = None
    if meter is not None and meter.is_offline:
        offline = _offline(meter.offline_since_at, speaker, now=card.now)
    is_sent = supply.order is not None and not supply.awaits_hand
    waits = speaker.text("An order to the meter waits.") if is_sent and offline else None
    return [
        power_text(supply, speaker, now=card.now),
        hold_text(supply, speaker, now=card.now),
        _spared(card, supply, speaker),
        line(offline, waits, between=" ") if offline else None,
        _no_relay(supply, speaker),
    ]


def _no_relay(supply: RoomSupply, speaker: Speaker) -> Safe | None:
    if supply.can_switch:
        return None
    if supply.awaits_hand is None:
        return speaker.text("This meter has no relay: switch by hand.")
    return speaker.text("This meter has no relay: switch by hand, then say so below.")


def _spared(card: RoomCard, supply: RoomSupply, speaker: Speaker) -> Safe | None:
    """Return why there is power that the balance alone would not give."""
    if supply.reason in PUT_OFF and supply.review_at is not None:
        return speaker.text(
            "🕗 Not cut until {time}: {reason}.",
            time=_until(supply.review_at, speaker, now=card.now),
            reason=speaker.text(REASONS[supply.reason]),
        )
    is_short = card.money is not None and card.money.is_short
    if supply.reason in SPARED and is_short:
        return speaker.text("Not cut: {reason}.", reason=speaker.text(REASONS[supply.reason]))
    return None


def _offline(since_at: datetime | None, speaker: Speaker, *, now: datetime) -> Safe:
    if since_at is None:
        return speaker.text("⚠️ The meter is offline.")
    at = clock_text(since_at, speaker, now=now)
    return speaker.text("⚠️ The meter is offline since {time}.", time=at)


def _history_lines(card: RoomCard, speaker: Speaker) -> list[Safe]:
    if card.money is None:
        return []
    said = []
    paid = card.last_payment
    if paid is not None:
        day = speaker.date(paid.occurred_at.astimezone(speaker.zone).date())
        amount = speaker.money(paid.tenant_paise, card.money.currency)
        method = method_text(str(paid.why.get("method", "")), speaker)
        said.append(speaker.text("Last payment {what}", what=line(amount, day, method)))
    if card.week is not None:
        energy = speaker.about(card.week.energy, card.week.unit)
        cost = speaker.money(card.week.cost_paise, card.money.currency)
        said.append(speaker.text("7 days  {energy} · {cost}", energy=energy, cost=cost))
    return said


def _actions(card: RoomCard, speaker: Speaker) -> list[Button | None]:
    say, lease_id, may = speaker.plain.text, card.lease_id or 0, card.may
    can_switch = card.supply is not None and card.supply.can_switch
    sees_money = Permission.SEE_MONEY in may
    return [
        _switched(card, speaker),
        Button(label=say("Take payment"), press=press(Action.PAY, lease_id))
        if Permission.TAKE_PAYMENT in may
        else None,
        Button(label=say("Power …"), press=press(Action.POWER, lease_id))
        if Permission.SWITCH_POWER in may and can_switch
        else None,
        Button(label=say("Statement"), press=press(Action.STATEMENT, lease_id))
        if sees_money
        else None,
        Button(label=say("Bills"), press=press(Action.BILLS, lease_id))
        if sees_money and card.mode is BillingMode.POSTPAID
        else None,
        Button(label=say("Usage"), press=press(Action.USAGE, lease_id)) if sees_money else None,
        Button(label=say("Invitation"), press=press(Action.INVITE, lease_id))
        if Permission.ONBOARD in may
        else None,
        _more(card, speaker),
    ]


def _switched(card: RoomCard, speaker: Speaker) -> Button | None:
    """Return the button that says that the power is switched by hand, where somebody waits."""
    asked = None if card.supply is None else card.supply.awaits_hand
    if asked is None or Permission.SWITCH_POWER not in card.may:
        return None
    label = SWITCHED_ON if asked.turn_on else SWITCHED_OFF
    return Button(label=speaker.plain.text(label), press=press(Action.SWITCHED, asked.id))


def _more(card: RoomCard, speaker: Speaker) -> Button:
    label = speaker.plain.text("More …")
    return Button(label=label, press=press(Action.ROOM_MORE, card.room_id))


def _ways_out(speaker: Speaker) -> tuple[Button, ...]:
    rooms = Button(label=speaker.plain.text("‹ Rooms"), press=press(Action.ROOMS))
    return rooms, home_button(speaker)


def _until(at: datetime, speaker: Speaker, *, now: datetime) -> str:
    """Return the end of a hold, or of what spares; the midnight that ends a day is its 24:00."""
    local, today = at.astimezone(speaker.zone), now.astimezone(speaker.zone).date()
    on, time = local.date(), speaker.time(at)
    if time == "00:00":
        on, time = on - timedelta(days=1), "24:00"
    return time if on == today else f"{speaker.date(on)} · {time}"
