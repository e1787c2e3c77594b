"""A month of a place on one card: what came in, what was charged, what is owed."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.domain.account import month_before
from bot.domain.invoice import DocumentKind
from bot.domain.ledger import PaymentMethod
from bot.domain.period import local_date, next_month
from bot.domain.place import Place
from bot.domain.service_kind import ServiceKind
from bot.i18n import N_, Safe, Speaker
from bot.services.accounts import Month, MonthReport
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line

METHOD_NAMES = {
    PaymentMethod.UPI: N_("UPI"),
    PaymentMethod.CASH: N_("cash"),
    PaymentMethod.BANK: N_("bank"),
    PaymentMethod.GATEWAY: N_("gateway"),
}


def month_code(month_on: date) -> int:
    """Return how a month stands in a button: 202611."""
    return month_on.year * 100 + month_on.month


def report_places_screen(places: Sequence[Place], action: Action, speaker: Speaker) -> Screen:
    """Return the choice of a place."""
    buttons = (Button(label=place.name, press=press(action, place.id)) for place in places)
    return Screen(
        html=speaker.text("<b>Which building?</b>"),
        buttons=(*rows_of(*buttons), (home_button(speaker),)),
    )


def month_screen(report: MonthReport, speaker: Speaker) -> Screen:
    """Return the card of a month, and the ways into it."""
    month, currency = report.month, report.month.place.currency
    return Screen(
        html=blocks(
            [bold(month.place.name), line(bold(_name(month, speaker)), _state(month, speaker))],
            _sums(report, speaker, currency),
            _owed(report, speaker, currency),
        ),
        buttons=(*_turns(month, speaker), *rows_of(*_ways(report, speaker))),
    )


def _name(month: Month, speaker: Speaker) -> str:
    return speaker.month_of_year(month.month_on)


def _state(month: Month, speaker: Speaker) -> Safe:
    closed = month.closed
    if closed is not None:
        on = speaker.date(local_date(closed.closed_at, month.place.zone))
        return line(speaker.text("closed {day}", day=on), month.closed_by, between=", ")
    return speaker.text("not closed") if month.is_over else speaker.text("goes on")


def _sums(report: MonthReport, speaker: Speaker, currency: str) -> Iterator[Safe | None]:
    by_method = {
        method: account.debit_paise - account.credit_paise
        for method in PaymentMethod
        for account in (report.trial.received(method),)
    }
    received = speaker.money(sum(by_method.values()), currency)
    yield speaker.text("Received <b>{amount}</b>", amount=received)
    parts = [
        line(speaker.text(METHOD_NAMES[method]), speaker.money(paise, currency), between=" ")
        for method, paise in by_method.items()
        if paise
    ]
    yield line(*parts) if len(parts) > 0 else None
    deducted = speaker.money(report.deducted_paise, currency)
    yield speaker.text("Deducted {amount}", amount=deducted)
    yield from _documents(report, speaker, currency)
    tax_paise = sum(report.taxes.values())
    if tax_paise:
        yield speaker.text("Taxes {amount}", amount=speaker.money(tax_paise, currency))
    used = report.used.get(ServiceKind.ELECTRICITY)
    if used:
        yield speaker.text("Used {quantity}", quantity=speaker.about(used, "kWh"))


def _documents(report: MonthReport, speaker: Speaker, currency: str) -> Iterator[Safe]:
    bills = report.documents.get(DocumentKind.INVOICE)
    if bills is not None:
        yield line(
            speaker.text("Billed {amount}", amount=speaker.money(bills.total_paise, currency)),
            speaker.plural("{n} bill", "{n} bills", bills.number),
        )
    notes = report.documents.get(DocumentKind.CREDIT_NOTE)
    if notes is not None:
        amount = speaker.money(notes.total_paise, currency)
        yield speaker.text("Credit notes {amount}", amount=amount)


def _owed(report: MonthReport, speaker: Speaker, currency: str) -> Iterator[Safe]:
    dues = report.dues
    owed = speaker.money(dues.total_paise, currency)
    overdue = speaker.text("overdue {amount}", amount=speaker.money(dues.overdue_paise, currency))
    yield line(
        speaker.text("Owed today {amount}", amount=owed), overdue if dues.overdue_paise else None
    )
    yield balance_text(speaker, is_balanced=report.trial.is_balanced)


def balance_text(speaker: Speaker, *, is_balanced: bool) -> Safe:
    """Return whether the two sides of the books come to the same."""
    if is_balanced:
        return speaker.text("Books balance ✓")
    return speaker.text("🔴 The books do not balance: tell the operator.")


def _turns(month: Month, speaker: Speaker) -> Iterator[tuple[Button, ...]]:
    place_id, say = month.place.id, speaker.month
    before_on, after_on = month_before(month.month_on), next_month(month.month_on)
    found = []
    if before_on >= month.first_on:
        go = press(Action.REPORT, place_id, month_code(before_on))
        found.append(Button(label=f"‹ {say(before_on)}", press=go))
    if after_on <= month.last_on:
        go = press(Action.REPORT, place_id, month_code(after_on))
        found.append(Button(label=f"{say(after_on)} ›", press=go))
    if found:
        yield tuple(found)


def _ways(report: MonthReport, speaker: Speaker) -> Iterator[Button]:
    month, say = report.month, speaker.plain.text
    place_id, code = month.place.id, month_code(month.month_on)
    yield Button(label=say("Dues"), press=press(Action.REPORT_DUES, place_id, code))
    yield Button(label=say("Books"), press=press(Action.REPORT_BOOKS, place_id, code, "m"))
    yield Button(label=say("Consumption"), press=press(Action.REPORT_USE, place_id, code))
    yield Button(label=say("Files …"), press=press(Action.EXPORT, place_id, code))
    if report.may_close and month.is_over and month.closed is None:
        yield Button(label=say("Close month …"), press=press(Action.REPORT_CLOSE, place_id, code))
    yield home_button(speaker)
