"""Warnings, in time to pay. Rule 5.7."""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.deduction import INSTANT, day_of_end
from bot.domain.lease import CheckInterval, next_check_at
from bot.domain.period import local_date
from bot.domain.top_up import sums
from bot.i18n import N_, Safe, Speaker
from bot.services.outlook import cut_after
from bot.telegram.callbacks import Action
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader
from bot.telegram.screens.top_up import top_up_press

_TOMORROW = timedelta(days=1)


def low(facts: Facts, reader: Reader) -> Screen:
    """Return what is said when the balance falls below the low mark."""
    lease_id = facts.whole("lease_id")
    return Screen(
        html=lines(_left(facts, reader), _threshold(facts, reader), _advice(facts, reader)),
        buttons=rows_of(
            *_recharge(facts, reader),
            reader.button(N_("Why?"), Action.STATEMENT, lease_id),
            reader.button(N_("Usage"), Action.USAGE, lease_id),
            reader.question("a", facts.id),
        ),
    )


def last_warning(facts: Facts, reader: Reader) -> Screen:
    """Return what is said shortly before the power is cut."""
    lease_id = facts.whole("lease_id")
    return Screen(
        html=lines(_when(facts, reader), _why(facts, reader), _advice(facts, reader)),
        buttons=rows_of(
            *_recharge(facts, reader),
            reader.button(N_("Why?"), Action.STATEMENT, lease_id),
            reader.button(N_("I will pay on …"), Action.PROMISE, lease_id),
            reader.button(N_("I have paid"), Action.CLAIM, lease_id),
            reader.question("a", facts.id),
        ),
    )


def _left(facts: Facts, reader: Reader) -> Safe:
    speaker, days = reader.speaker, facts.maybe_decimal("days_left")
    owed, is_short = owed_text(facts, reader), _is_short(facts)
    if owed is not None and (is_short or days is None):
        return line("🔴" if is_short else "🟡", owed, between=" ")
    if is_short:
        return speaker.text(
            "🔴 Balance <b>{balance}</b> is below the cut-off of {cut_off}.",
            balance=reader.money(facts, "balance_paise"),
            cut_off=reader.money(facts, "cut_off_paise"),
        )
    balance = reader.money(facts, "balance_paise")
    if days is None:
        return speaker.text("🟡 <b>{balance}</b> left", balance=balance)
    if owed is not None:
        lasts = speaker.text("Your power lasts about {days}.", days=speaker.days(days))
        return lines(line("🟡", owed, between=" "), lasts)
    return speaker.text(
        "🟡 <b>{balance}</b> left, about {days}", balance=balance, days=speaker.days(days)
    )


def owed_text(facts: Facts, reader: Reader) -> Safe | None:
    """Return how much is owed, of a balance below zero."""
    balance_paise = facts.whole("balance_paise")
    if balance_paise >= 0:
        return None
    amount = reader.speaker.money(-balance_paise, facts.word("currency"))
    return reader.speaker.text("You owe <b>{amount}</b>.", amount=amount)


def _threshold(facts: Facts, reader: Reader) -> Safe:
    speaker, cut_off_paise = reader.speaker, facts.whole("cut_off_paise")
    if not _is_cut(facts):
        return speaker.text("Your power is not cut automatically.")
    if _is_short(facts):
        return _when(facts, reader)
    if cut_off_paise < 0:
        amount = speaker.money(-cut_off_paise, facts.word("currency"))
        return speaker.text("Power is cut when you owe more than {amount}.", amount=amount)
    cut_off = reader.money(facts, "cut_off_paise")
    return speaker.text("Power is cut when it falls below {cut_off}.", cut_off=cut_off)


def _when(facts: Facts, reader: Reader) -> Safe:
    """Say when the power will be cut: at a check, or when what then puts it off is over."""
    speaker, cut_at = reader.speaker, _cut_at(facts, reader)
    if cut_at is None:
        return speaker.text("🟠 <b>Power will be cut soon</b>")
    return cut_text(cut_at, told_at=facts.created_at, speaker=speaker)


def _cut_at(facts: Facts, reader: Reader) -> datetime | None:
    """What spares who is short already ends by itself, without another check."""
    zone, runs_out_at = reader.speaker.zone, facts.maybe_instant("cut_at")
    if _is_short(facts):
        return cut_after(facts.created_at, facts.values, zone)
    if runs_out_at is None:
        return None
    after = max(runs_out_at, facts.created_at + INSTANT)
    return cut_after(_check_at(after, facts, reader), facts.values, zone)


def cut_text(cut_at: datetime, *, told_at: datetime, speaker: Speaker) -> Safe:
    """Return when power will be cut, as one says it at an instant."""
    on, today = day_of_end(cut_at, speaker.zone), local_date(told_at, speaker.zone)
    time = speaker.time(cut_at) if on == local_date(cut_at, speaker.zone) else "24:00"
    if on == today:
        return speaker.text("🟠 <b>Power will be cut today about {time}</b>", time=time)
    if on == today + _TOMORROW:
        return speaker.text("🟠 <b>Power will be cut tomorrow about {time}</b>", time=time)
    return speaker.text(
        "🟠 <b>Power will be cut on {day} about {time}</b>", day=speaker.date(on), time=time
    )


def _check_at(at: datetime, facts: Facts, reader: Reader) -> datetime:
    interval = CheckInterval(facts.word("check_time_matters"))
    return next_check_at(at, interval, reader.check_time, reader.speaker.zone)


def _why(facts: Facts, reader: Reader) -> Safe:
    speaker, owed = reader.speaker, owed_text(facts, reader)
    cost = reader.money(facts, "daily_cost_paise") if facts.values["daily_cost_paise"] else None
    if owed is not None:
        daily = None if cost is None else speaker.text("You use about {cost} a day.", cost=cost)
        allowed = None if _is_short(facts) else _threshold(facts, reader)
        return lines(line(owed, daily, between=" "), allowed)
    amounts = {
        "balance": reader.money(facts, "balance_paise"),
        "cut_off": reader.money(facts, "cut_off_paise"),
    }
    if cost is None:
        return speaker.text("Balance {balance}, cut-off {cut_off}.", **amounts)
    return speaker.text(
        "Balance {balance}, cut-off {cut_off}, you use about {cost} a day.", **amounts, cost=cost
    )


def _is_short(facts: Facts) -> bool:
    """Return whether power would be off already if nothing spared it."""
    return _missing_paise(facts) > 0


def _missing_paise(facts: Facts) -> int:
    """Return what has to be paid to be at the cut-off: what is questioned counts as paid."""
    held_paise = facts.maybe_whole("disputed_paise") or 0
    return facts.whole("cut_off_paise") - facts.whole("balance_paise") - held_paise


def _is_cut(facts: Facts) -> bool:
    """Return whether power is cut for want of money; notices of old do not say so."""
    return facts.values.get("is_cut", True) is True


def _advice(facts: Facts, reader: Reader) -> Safe | None:
    """Say how far an amount goes that is worth paying."""
    speaker, currency = reader.speaker, facts.word("currency")
    owed_paise = -facts.whole("balance_paise")
    if not _is_cut(facts):
        if owed_paise <= 0:
            return None
        amount = speaker.money(owed_paise, currency)
        return speaker.text("Pay your manager <b>{amount}</b> to settle it.", amount=amount)
    if _is_short(facts):
        missing = speaker.money(_missing_paise(facts), currency)
        return speaker.text(
            "Pay your manager <b>{missing}</b> or more before, and it stays on.", missing=missing
        )
    daily_paise = facts.maybe_whole("daily_cost_paise")
    if not daily_paise:
        return speaker.text("Pay your manager in time, and it stays on.")
    amount_paise = sums(daily_cost_paise=daily_paise)[0]
    return speaker.text(
        "Pay your manager in time, and it stays on: {amount} lasts about {days}.",
        amount=speaker.money(amount_paise, currency),
        days=speaker.days(Decimal(amount_paise) / daily_paise),
    )


def _recharge(facts: Facts, reader: Reader) -> tuple[Button, ...]:
    """Return the way to pay what is worth paying, and the way to pay something else."""
    lease_id, daily_paise = facts.whole("lease_id"), facts.maybe_whole("daily_cost_paise")
    if not daily_paise or not _is_cut(facts):
        return (reader.button(N_("Recharge …"), Action.TOP_UP, lease_id),)
    missing_paise = max(_missing_paise(facts), 0)
    amount_paise = sums(daily_cost_paise=daily_paise, missing_paise=missing_paise)[0]
    amount = reader.speaker.money(amount_paise, facts.word("currency"))
    return (
        Button(
            label=reader.speaker.plain.text("Recharge {amount}", amount=amount),
            press=top_up_press(lease_id, amount_paise, aside=True),
        ),
        reader.button(N_("Other amount …"), Action.TOP_UP, lease_id),
    )
