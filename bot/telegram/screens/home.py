"""The card that a tenant begins with."""

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.lease import BillingMode
from bot.domain.money import round_half_up
from bot.domain.supply import SupplyReason
from bot.i18n import Safe, Speaker
from bot.i18n.service_names import service_name
from bot.services.book import LeaseBook
from bot.services.home_card import Freshness, HomeCard, OtherMedium, Power
from bot.services.home_day import Spent
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.claim import claim_button
from bot.telegram.screens.home_dues import due_text, spent_text, today_text, unbilled_text
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.promise import promise_button
from bot.telegram.screens.room import room_title
from bot.telegram.screens.top_up import top_up_button

_CELLS = 14
_FULL_DAYS = 30
_A_DAY_S = 86_400


def home_screen(card: HomeCard, speaker: Speaker, *, has_others: bool = False) -> Screen:
    """Return the card: what is left, what was used, whether there is power."""
    return Screen(
        html=blocks(
            [line(bold(room_title(card.room, speaker)), card.place)],
            _money_lines(card, speaker),
            [*_use_lines(card, speaker), *_meter_lines(card, speaker)],
        ),
        buttons=_buttons(card, speaker, has_others=has_others),
    )


def chooser_screen(
    books: Sequence[LeaseBook], speaker: Speaker, *said: int, action: Action = Action.HOME
) -> Screen:
    """Return the leases of somebody who has several, each with what was asked for."""
    buttons = [
        Button(
            label=f"{book.room.name} · {speaker.money(book.balance_paise, book.place.currency)}",
            press=press(action, book.lease.id, *said),
        )
        for book in books
    ]
    return Screen(html=speaker.text("Which room?"), buttons=rows_of(*buttons))


def days_left(card: HomeCard, speaker: Speaker) -> str | None:
    """Return how long the balance lasts, None when nothing was used or it is used up."""
    lasts = card.forecast.lasts
    if lasts is None or card.shortfall_paise:
        return None
    return speaker.days(Decimal(int(lasts.total_seconds())) / _A_DAY_S)


def _money_lines(card: HomeCard, speaker: Speaker) -> list[Safe | None]:
    if card.has_ended:
        return [_standing(card, speaker), speaker.text("You have moved out of this room.")]
    if card.mode is BillingMode.POSTPAID:
        return [_standing(card, speaker)]
    if card.shortfall_paise:
        return [_too_little(card, speaker), _questioned(card, speaker)]
    return [_left(card, speaker), _gauge(card, speaker), _questioned(card, speaker)]


def _questioned(card: HomeCard, speaker: Speaker) -> Safe | None:
    if not card.disputed_paise:
        return None
    amount = speaker.money(card.disputed_paise, card.currency)
    return speaker.text("{amount} questioned, not counted meanwhile", amount=amount)


def _standing(card: HomeCard, speaker: Speaker) -> Safe:
    if card.dues is None:
        return _settled(card, speaker)
    return due_text(card, card.dues, speaker)


def _settled(card: HomeCard, speaker: Speaker) -> Safe:
    amount = speaker.money(abs(card.balance_paise), card.currency)
    if card.balance_paise < 0:
        return speaker.text("<b>{amount}</b> to pay", amount=amount)
    if card.balance_paise > 0:
        return speaker.text("<b>{amount}</b> in your favour", amount=amount)
    return speaker.text("<b>{amount}</b>: nothing to pay", amount=amount)


def _too_little(card: HomeCard, speaker: Speaker) -> Safe:
    amounts = {
        "balance": speaker.money(card.balance_paise, card.currency),
        "cut_off": speaker.money(card.cut_off_paise, card.currency),
        "missing": speaker.money(card.shortfall_paise, card.currency),
    }
    is_cut = card.power is Power.OFF and card.power_reason is SupplyReason.BELOW_CUT_OFF
    if is_cut:
        return speaker.text(
            "🔴 Power is off: balance <b>{balance}</b> is below {cut_off}.\n"
            "Pay <b>{missing}</b> or more to restore it.",
            **amounts,
        )
    if card.decided_by in {None, SupplyReason.BELOW_CUT_OFF}:
        return speaker.text(
            "🔴 Balance <b>{balance}</b> is below the cut-off of {cut_off}.\n"
            "Pay <b>{missing}</b> or more to keep your power.",
            **amounts,
        )
    short = speaker.text(
        "🔴 Balance <b>{balance}</b> is below the cut-off of {cut_off}.", **amounts
    )
    return lines(short, _why_on(card, speaker))


def _why_on(card: HomeCard, speaker: Speaker) -> Safe | None:
    """Say why there is power that the balance alone would not give, and for how long."""
    until = card.spared_until
    match card.decided_by:
        case SupplyReason.PROTECTED_TENANT:
            return speaker.text("Your power is not cut automatically.")
        case SupplyReason.EMERGENCY_CREDIT:
            return speaker.text(
                "You have power on emergency credit. It is cut when that is used up."
            )
        case SupplyReason.HOLD_ON if until is None:
            return speaker.text("Your manager keeps your power on.")
    if until is None or card.decided_by is SupplyReason.HOLD_OFF:
        return None
    missing = speaker.money(card.shortfall_paise, card.currency)
    return speaker.text(
        "It is not cut before {time}. Pay <b>{missing}</b> or more by then to keep your power.",
        time=speaker.day_and_time(until),
        missing=missing,
    )


def _left(card: HomeCard, speaker: Speaker) -> Safe:
    balance = speaker.money(card.balance_paise, card.currency)
    days = days_left(card, speaker)
    is_low = card.balance_paise + card.disputed_paise < card.low_balance_paise
    if days is None:
        left = speaker.text("<b>{balance}</b> left", balance=balance)
        return line("🟡", left, between=" ") if is_low else left
    if is_low:
        return speaker.text("🟡 <b>{balance}</b> left, about {days}", balance=balance, days=days)
    return speaker.text("<b>{balance}</b>   about {days}", balance=balance, days=days)


def _gauge(card: HomeCard, speaker: Speaker) -> Safe:
    cut_off = speaker.money(card.cut_off_paise, card.currency)
    said = speaker.text("cut-off {amount}", amount=cut_off)
    lasts = card.forecast.lasts
    if lasts is None:
        return said
    share = Decimal(int(lasts.total_seconds())) / (_FULL_DAYS * _A_DAY_S)
    full = min(max(round_half_up(share * _CELLS), 1), _CELLS)
    bar = "▓" * full + "░" * (_CELLS - full)
    return line(bar, said, between="  ")


def _use_lines(card: HomeCard, speaker: Speaker) -> list[Safe | None]:
    if card.has_ended:
        return []
    today = [_today(card, speaker)] if card.has_electricity else []
    month = _month(card, speaker) if card.dues is None else unbilled_text(card, card.dues, speaker)
    return [*today, month, *(_other(each, card, speaker) for each in card.others)]


def _other(used: OtherMedium, card: HomeCard, speaker: Speaker) -> Safe:
    """Return what is used of something else this month; the month's money holds its cost."""
    quantity = speaker.quantity(used.quantity, used.medium.unit, decimals=used.decimals)
    cost: object = speaker.text("included in the rent")
    if used.cost_paise is not None:
        cost = speaker.money(used.cost_paise, card.currency)
    return line(service_name(used.medium.service, speaker), line(quantity, cost), between="  ")


def _today(card: HomeCard, speaker: Speaker) -> Safe | None:
    if card.today is None:
        return _unread(card, speaker)
    if card.dues is not None:
        return today_text(card, card.today, speaker)
    used = _and_charged(card.today, card, speaker)
    if card.today.since_at.astimezone(card.zone).date() == card.today_on:
        return speaker.text("Today  {used}", used=used)
    since = speaker.date(card.today.since_at.astimezone(card.zone).date())
    return speaker.text("Since {day}  {used}", day=since, used=used)


def _unread(card: HomeCard, speaker: Speaker) -> Safe | None:
    """Say that nobody knows yet: what the meter counts between two readings is in no book."""
    if card.freshness is not Freshness.STORED:
        return speaker.text("Today  not known")
    return speaker.text("Today  not read yet: tap ⟳") if card.can_refresh else None


def _and_charged(spent: Spent, card: HomeCard, speaker: Speaker) -> Safe:
    used = Safe(spent_text(spent, card, speaker))
    if not spent.uncharged_paise:
        return used
    if spent.uncharged_paise == spent.cost_paise:
        return speaker.text("{used} (not charged yet)", used=used)
    amount = speaker.money(spent.uncharged_paise, card.currency)
    return speaker.text("{used} ({amount} not charged yet)", used=used, amount=amount)


def _month(card: HomeCard, speaker: Speaker) -> Safe:
    used = spent_text(card.month, card, speaker)
    name = speaker.month(card.month_on)
    if not card.usual_paise:
        return line(name, used, between="  ")
    usual = speaker.money(card.usual_paise, card.currency)
    return speaker.text("{month}  {used}  (usual {usual})", month=name, used=used, usual=usual)


def _meter_lines(card: HomeCard, speaker: Speaker) -> list[Safe]:
    lines = [] if card.has_ended else _power_lines(card, speaker)
    if card.read_at is None:
        return lines
    return [*lines, _read(card, speaker)]


def _power_lines(card: HomeCard, speaker: Speaker) -> list[Safe]:
    if card.power is Power.UNKNOWN:
        return []
    if card.power is Power.ON and card.power_w is not None:
        watts = speaker.quantity(card.power_w, "W")
        if card.freshness is Freshness.LIVE:
            return [speaker.text("Power  🟢 on · {watts} now", watts=watts)]
        return [speaker.text("Power  🟢 on · {watts}", watts=watts)]
    return [_power(card, speaker)]


def _power(card: HomeCard, speaker: Speaker) -> Safe:
    if card.power is Power.ON:
        return speaker.text("Power  🟢 on")
    if card.by_hand and card.power is Power.COMING_ON:
        return speaker.text("Power  ✋ will be switched on by hand by your manager")
    if card.by_hand and card.power is Power.GOING_OFF:
        return speaker.text("Power  ✋ will be switched off by hand by your manager")
    if card.power is Power.COMING_ON:
        return speaker.text("Power  ⏳ will be switched on")
    if card.power is Power.GOING_OFF:
        return speaker.text("Power  ⏳ will be switched off")
    if card.power_reason is SupplyReason.HOLD_OFF:
        return speaker.text("Power  🔴 off, by your manager")
    return speaker.text("Power  🔴 off")


def _read(card: HomeCard, speaker: Speaker) -> Safe:
    assert card.read_at is not None
    at = speaker.time(card.read_at)
    if card.read_at.astimezone(card.zone).date() != card.today_on:
        at = speaker.day_and_time(card.read_at)
    if card.freshness is Freshness.OFFLINE:
        return speaker.text("⚠️ The meter is offline. Last read at {time}", time=at)
    if card.freshness is Freshness.UNAVAILABLE:
        return speaker.text("⚠️ The meter does not answer just now. Last read at {time}", time=at)
    return speaker.text("Read at {time}", time=at)


def _buttons(card: HomeCard, speaker: Speaker, *, has_others: bool) -> Rows:
    say, lease_id = speaker.plain.text, card.lease_id
    refresh = Button(label=say("⟳ Refresh"), press=press(Action.REFRESH, lease_id))
    bills = Button(label=say("Bills"), press=press(Action.BILLS, lease_id))
    others = Button(label=say("Other rooms"), press=press(Action.HOME))
    is_prepaid = card.mode is BillingMode.PREPAID and not card.has_ended
    return rows_of(
        top_up_button(lease_id, speaker, is_prepaid=is_prepaid) if card.may_pay else None,
        claim_button(lease_id, speaker) if card.wants_money else None,
        promise_button(lease_id, speaker) if card.may_promise else None,
        Button(label=say("Usage"), press=press(Action.USAGE, lease_id)),
        bills if card.has_bills else None,
        Button(label=say("Statement"), press=press(Action.STATEMENT, lease_id)),
        None if card.has_ended else refresh,
        Button(label=say("More …"), press=press(Action.HELP)),
        others if has_others else None,
    )
