"""The accounts of a place as a table, who owes what, and closing a month."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.domain.account import AccountLine, TrialBalance, month_ends_on, year_starts_on
from bot.domain.dues import Age
from bot.domain.ledger import AccountKind
from bot.i18n import N_, Safe, Speaker, escape
from bot.services.accounts import BooksReport
from bot.services.dispute_list import DisputeFilter
from bot.services.dues import Dues, LeaseDues
from bot.services.period_close import ClosePreview
from bot.services.still_open import StillOpen
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.report import balance_text, month_code
from bot.telegram.screens.room import room_label

MONTH, YEAR, END = "m", "y", "e"
"""What a table of the accounts shows: what was posted in the month, in the year, or the ends."""

ACCOUNT_NAMES = {
    AccountKind.RECEIVABLE: N_("Tenants"),
    AccountKind.ENERGY_INCOME: N_("Use"),
    AccountKind.FIXED_CHARGE_INCOME: N_("Standing charges"),
    AccountKind.TAX_PAYABLE: N_("Taxes"),
    AccountKind.CASH: N_("Cash"),
    AccountKind.UPI: N_("UPI"),
    AccountKind.BANK: N_("Bank"),
    AccountKind.GATEWAY: N_("Gateway"),
    AccountKind.DEPOSITS_HELD: N_("Deposits"),
    AccountKind.ADJUSTMENTS: N_("Adjustments"),
}
AGE_NAMES = {
    Age.NOT_DUE: N_("Not due yet"),
    Age.UP_TO_30: N_("1–30 days"),
    Age.UP_TO_60: N_("31–60 days"),
    Age.UP_TO_90: N_("61–90 days"),
    Age.OLDER: N_("Over 90 days"),
}
NEW_LINE = "\n"
MOST_SHOWN = 6


def books_screen(report: BooksReport, view: str, speaker: Speaker) -> Screen:
    """Return a trial balance: what was posted to both sides, or what the accounts hold."""
    month, trial = report.month, report.trial
    place_id, code = month.place.id, month_code(month.month_on)
    names = {MONTH: N_("Month"), YEAR: N_("Year"), END: N_("Balances")}
    others = (
        Button(
            label=speaker.plain.text(name), press=press(Action.REPORT_BOOKS, place_id, code, each)
        )
        for each, name in names.items()
        if each != view
    )
    return Screen(
        html=blocks(
            [bold(month.place.name), _about(month.month_on, view, speaker)],
            [
                _table(trial, view, speaker),
                balance_text(speaker, is_balanced=trial.is_balanced),
            ],
        ),
        buttons=(*rows_of(*others), (_back(place_id, code, speaker),)),
    )


def _about(month_on: date, view: str, speaker: Speaker) -> Safe:
    last = speaker.full_date(month_ends_on(month_on))
    if view == MONTH:
        return speaker.text("Posted in {month}", month=speaker.month_of_year(month_on))
    if view == END:
        return speaker.text("What the accounts hold on {day}", day=last)
    first = speaker.full_date(year_starts_on(month_on))
    return speaker.text("Posted from {first} to {last}", first=first, last=last)


def _sides(each: AccountLine, view: str) -> tuple[int, int]:
    if view != END:
        return each.debit_paise, each.credit_paise
    return max(-each.closing_paise, 0), max(each.closing_paise, 0)


def _table(trial: TrialBalance, view: str, speaker: Speaker) -> Safe:
    """Return the table; names come last, as not every script has letters of one width."""
    say = speaker.plain.text
    sides = [(each, _sides(each, view)) for each in trial.lines]
    shown = [(say(ACCOUNT_NAMES[each.account]), posted) for each, posted in sides if any(posted)]
    sums = (sum(debit for _, (debit, _) in shown), sum(credit for _, (_, credit) in shown))
    rows = [
        (_amount(debit), _amount(credit), name)
        for name, (debit, credit) in (*shown, (say("Sum"), sums))
    ]
    head = (say("Debit"), say("Credit"), "")
    width = max(len(cell) for row in (head, *rows) for cell in row[:2])
    lines = (
        f"{debit.rjust(width)}  {credit.rjust(width)}  {name}".rstrip()
        for debit, credit, name in (head, *rows)
    )
    return Safe(f"<pre>{escape(NEW_LINE.join(lines))}</pre>")


def _amount(paise: int) -> str:
    """Return rupees without their sign, grouped as in India."""
    if not paise:
        return "–"
    whole, rest = divmod(paise, 100)
    head, tail = f"{whole:03d}"[:-3], f"{whole:03d}"[-3:]
    groups = [head[max(at - 2, 0) : at] for at in range(len(head), 0, -2)]
    grouped = ",".join((*reversed(groups), tail)) if head else str(whole)
    return f"{grouped}.{rest:02d}"


def dues_screen(dues: Dues, month_on: date, speaker: Speaker) -> Screen:
    """Return what is owed by age, and the rooms that owe longest."""
    place, currency = dues.place, dues.place.currency
    worst = [each for each in dues.leases if each.total_paise][:MOST_SHOWN]
    rooms = (
        Button(
            label=_room_label(each, currency, speaker),
            press=press(Action.ROOM_CARD, each.book.room.id),
        )
        for each in worst
    )
    owed = speaker.money(dues.total_paise, currency)
    return Screen(
        html=blocks(
            [bold(place.name)],
            [speaker.text("Owed today <b>{amount}</b>", amount=owed)],
            _by_age(dues, speaker),
        ),
        buttons=(*rows_of(*rooms), (_back(place.id, month_code(month_on), speaker),)),
    )


def _by_age(dues: Dues, speaker: Speaker) -> Iterator[Safe]:
    currency = dues.place.currency
    parts = [(AGE_NAMES[age], paise) for age, paise in dues.by_age.items()]
    parts.append((N_("Not billed yet"), dues.unbilled_paise))
    parts.append((N_("Prepaid, below zero"), dues.below_zero_paise))
    for name, paise in parts:
        if paise:
            yield line(speaker.text(name), speaker.money(paise, currency), between="  ")


def _room_label(each: LeaseDues, currency: str, speaker: Speaker) -> str:
    amount = speaker.money(each.total_paise, currency)
    return f"{room_label(each.book.room.name)} · {amount}"


def close_screen(preview: ClosePreview, month_on: date, speaker: Speaker, *, nonce: str) -> Screen:
    """Return what closing a month does, what is open in it, and the question."""
    place, code = preview.place, month_code(month_on)
    trial = preview.trial
    sums = speaker.money(trial.debit_paise, place.currency)
    confirm = Button(
        label=speaker.plain.text("Close for good"),
        press=press(Action.REPORT_CLOSE_CONFIRM, place.id, code, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [
                speaker.text(
                    "<b>Close {month}?</b>", month=speaker.month_of_year(preview.months[-1])
                ),
                place.name,
                _with_earlier(preview, speaker),
            ],
            [
                speaker.text("Debits and credits {amount}", amount=sums),
                balance_text(speaker, is_balanced=trial.is_balanced),
            ],
            _still_open(preview.still_open, speaker),
            [
                speaker.text(
                    "What is booked for it later counts in the month in which it is booked. "
                    "It cannot be opened again."
                )
            ],
        ),
        buttons=(
            (confirm,),
            *rows_of(*_lists(preview, speaker)),
            (_back(place.id, code, speaker), cancel_button(speaker)),
        ),
    )


def _with_earlier(preview: ClosePreview, speaker: Speaker) -> Safe | None:
    earlier = preview.months[:-1]
    if not earlier:
        return None
    first = speaker.month_of_year(earlier[0])
    return speaker.plural(
        "{n} earlier month is closed with it, since {first}.",
        "{n} earlier months are closed with it, since {first}.",
        len(earlier),
        first=first,
    )


def _still_open(still_open: StillOpen, speaker: Speaker) -> Iterator[Safe]:
    plural, left = speaker.plural, still_open
    if left.claims:
        yield plural("⚠️ {n} payment claim waits", "⚠️ {n} payment claims wait", left.claims)
    if left.disputes:
        yield plural("⚠️ {n} question is open", "⚠️ {n} questions are open", left.disputes)
    if left.held_readings:
        yield plural(
            "⚠️ {n} reading is to be judged", "⚠️ {n} readings are to be judged", left.held_readings
        )
    if left.unread_meters:
        yield plural(
            "⚠️ {n} meter was not read in it",
            "⚠️ {n} meters were not read in it",
            left.unread_meters,
        )
    if still_open.waiting_bills:
        rooms = _rooms(still_open.waiting_bills)
        yield speaker.text("⚠️ Not billed yet: {rooms}", rooms=rooms)
    if still_open.uncharged_rooms:
        rooms = _rooms(still_open.uncharged_rooms)
        yield speaker.text("⚠️ Not charged to its end: {rooms}", rooms=rooms)


def _rooms(names: Sequence[str]) -> str:
    shown = list(dict.fromkeys(room_label(each) for each in names))
    more = len(shown) - MOST_SHOWN
    listed = ", ".join(shown[:MOST_SHOWN])
    return f"{listed} +{more}" if more > 0 else listed


def _lists(preview: ClosePreview, speaker: Speaker) -> Iterator[Button]:
    """Yield the ways to what is open."""
    left, say = preview.still_open, speaker.plain.text
    if left.claims:
        yield Button(label=say("Claims"), press=press(Action.INBOX))
    if left.disputes:
        yield Button(label=say("Questions"), press=press(Action.DISPUTES, DisputeFilter.OPEN.value))
    if left.held_readings:
        yield Button(label=say("To review"), press=press(Action.READING_REVIEW))
    if left.unread_meters and preview.may_read:
        yield Button(label=say("Read meters"), press=press(Action.ROUND, preview.place.id))


def cancel_button(speaker: Speaker) -> Button:
    """Return the way out of a question."""
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.CANCEL))


def _back(place_id: int, code: int, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("‹ Back"), press=press(Action.REPORT, place_id, code))
