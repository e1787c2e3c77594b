"""A tenant's bills, and the card of one."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.domain.invoice import DocumentKind, InvoiceStatus
from bot.i18n import Safe, Speaker
from bot.i18n.bill_lines import arithmetic, line_name
from bot.services.bills import Bill, BillPage, OpenedBill
from bot.services.invoice_record import Invoice
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.claim import claim_button
from bot.telegram.screens.dispute import question_button
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label, room_title
from bot.telegram.screens.upi import paying_screen

OF_LEASE = "l"
"""Stands in a bill's button for the list of a lease's bills, from which it was opened."""
MOST_LINES = 3


def bills_screen(page: BillPage, speaker: Speaker) -> Screen:
    """Return a page of documents; each opens with a tap."""
    book = page.book
    head = speaker.text("<b>Bills</b> · {room}", room=room_title(book.room.name, speaker))
    none = [speaker.text("There are no bills yet.")]
    said = [bill_line(each, book.place.currency, speaker) for each in page.bills]
    lease_id, say = book.lease.id, speaker.plain.text
    older = press(Action.BILLS, lease_id, page.older_before_id or 0)
    return Screen(
        html=blocks([head, dues_text(page.open, book.place.currency, speaker)], said or none),
        buttons=(
            *rows_of(*(bill_button(each, OF_LEASE, speaker) for each in page.bills)),
            *rows_of(
                Button(label=say("‹ Newest"), press=press(Action.BILLS, lease_id))
                if page.before_id is not None
                else None,
                Button(label=say("Older ›"), press=older) if page.older_before_id else None,
            ),
            (home_button(speaker, lease_id) if page.is_own else _room_button(lease_id, speaker),),
        ),
    )


def dues_text(open_bills: Sequence[Bill], currency: str, speaker: Speaker) -> Safe | None:
    """Return what is to be paid of bills, and by when; what is overdue comes first."""
    if not open_bills:
        return None
    overdue = [each for each in open_bills if each.status is InvoiceStatus.OVERDUE]
    shown = overdue or open_bills
    amount = speaker.money(sum(each.open_paise for each in shown), currency)
    day = speaker.date(shown[0].document.due_on)
    if overdue:
        return speaker.text("🔴 <b>{amount}</b> overdue since {day}", amount=amount, day=day)
    return speaker.text("<b>{amount}</b> due by {day}", amount=amount, day=day)


def bill_line(bill: Bill, currency: str, speaker: Speaker, *, whose: str | None = None) -> Safe:
    """Return a document in a list: when, how much, what became of it."""
    document = bill.document
    return line(
        speaker.date(document.issued_on),
        whose,
        bold(speaker.money(document.total_paise, currency)),
        status_text(bill, currency, speaker),
        between="  ",
    )


def bill_button(bill: Bill, origin: str, speaker: Speaker, *, whose: str | None = None) -> Button:
    """Return the way to a document, and back to the list."""
    document = bill.document
    first = whose or speaker.date(document.issued_on)
    amount = speaker.money(document.total_paise, str(document.facts["currency"]))
    return Button(label=f"{first} · {amount}", press=press(Action.BILL, document.id, origin))


def status_text(bill: Bill, currency: str, speaker: Speaker) -> Safe:
    """Return what became of a document, in a word or two."""
    match bill.status:
        case None:
            return speaker.text("↩︎ credit note")
        case InvoiceStatus.PAID:
            return speaker.text("✅ paid")
        case InvoiceStatus.CREDITED:
            return speaker.text("↩︎ credited")
        case InvoiceStatus.OVERDUE:
            return speaker.text("🔴 overdue")
        case InvoiceStatus.OPEN if bill.open_paise == bill.document.total_paise:
            return speaker.text("🟡 open")
        case InvoiceStatus.OPEN | InvoiceStatus.PART_PAID:
            amount = speaker.money(bill.open_paise, currency)
            return speaker.text("🟡 {amount} open", amount=amount)


def bill_screen(opened: OpenedBill, speaker: Speaker, *, origin: str) -> Screen:
    """Return the card of a document."""
    document, book = opened.bill.document, opened.book
    whose = line(
        room_title(book.room.name, speaker) if opened.is_own else bold(room_label(book.room.name)),
        book.place.name if opened.is_own else book.lease.tenant_name,
    )
    return Screen(
        html=blocks(
            [document_title(document, speaker), whose],
            [
                bold(speaker.money(abs(document.total_paise), book.place.currency)),
                period_text(document, speaker),
                *_standing(opened, speaker),
            ],
            list(lines_of_bill(document, book.place.currency, speaker)),
            [
                *(_credited(each, book.place.currency, speaker) for each in opened.credit_notes),
                _anew(opened, speaker),
            ],
        ),
        buttons=_buttons(opened, speaker, origin),
    )


def document_title(document: Invoice, speaker: Speaker) -> Safe:
    """Return the number of a document, and that of the bill it corrects."""
    number = bold(document.number)
    if document.kind is DocumentKind.CREDIT_NOTE:
        said = speaker.text("↩︎ Credit note {number}", number=number)
        of = speaker.text("for bill {number}", number=str(document.facts["corrects"]))
        return line(said, of, between=" ")
    said = speaker.text("🧾 Bill {number}", number=number)
    return line(said, corrected_text(document.facts.get("corrects"), speaker), between=" ")


def corrected_text(number: object, speaker: Speaker) -> Safe | None:
    """Return to which bill another one adds what that asked too little for."""
    if number is None:
        return None
    return speaker.text("to correct bill {number}", number=str(number))


def period_text(document: Invoice, speaker: Speaker) -> Safe:
    """Return the billing days of a document, and how much was used."""
    facts, period = document.facts, document.period
    used = None
    if facts.get("unit") is not None and document.kind is DocumentKind.INVOICE:
        used = speaker.quantity(Decimal(str(facts["consumption"])), str(facts["unit"]))
    first, last = speaker.date(period.from_on), speaker.date(period.to_on)
    return line(speaker.text("{first} to {last}", first=first, last=last), used)


def _standing(opened: OpenedBill, speaker: Speaker) -> Iterator[Safe]:
    """Yield what is still to be paid, or why nothing is."""
    bill, currency = opened.bill, opened.book.place.currency
    replaces = bill.document.facts.get("replaces")
    if replaces is not None:
        yield replaces_text(str(replaces), speaker)
    reason = bill.document.facts.get("reason")
    if reason is not None:
        yield speaker.text("Reason: {reason}", reason=speaker.reason(str(reason)))
    if not bill.open_paise:
        if bill.status is not None:
            yield status_text(bill, currency, speaker)
        return
    values = {
        "amount": bold(speaker.money(bill.open_paise, currency)),
        "day": speaker.date(bill.document.due_on),
    }
    if bill.status is InvoiceStatus.OVERDUE:
        yield speaker.text("🔴 {amount} overdue since {day}", **values)
    else:
        yield speaker.text("🟡 {amount} due by {day}", **values)
    if bill.due is not None and bill.due.from_before_paise:
        amount = speaker.money(bill.due.from_before_paise, currency)
        yield speaker.text("With {amount} owed from before.", amount=amount)


def lines_of_bill(document: Invoice, currency: str, speaker: Speaker) -> Iterator[Safe]:
    """Yield the lines with their arithmetic, as many as a card holds; the PDF has all."""
    found: Sequence[dict[str, object]] = document.facts["lines"]  # type: ignore[assignment]
    for each in found[:MOST_LINES]:
        total = speaker.money(int(str(each["amount_paise"])), currency)
        sum_ = arithmetic(each, currency, speaker)
        amount = total if sum_ is None else f"{sum_} = {total}"
        yield line(line_name(each, speaker), amount, between="  ")
    if len(found) > MOST_LINES:
        more = len(found) - MOST_LINES
        yield speaker.plural("and {n} more line in the PDF", "and {n} more lines in the PDF", more)


def replaces_text(number: str, speaker: Speaker) -> Safe:
    """Return of a bill which one, taken back, it comes instead of."""
    return speaker.text("Instead of bill {number}, which was taken back", number=number)


def _credited(note: Invoice, currency: str, speaker: Speaker) -> Safe:
    return speaker.text(
        "↩︎ {amount} taken back by {number}",
        amount=speaker.money(-note.total_paise, currency),
        number=note.number,
    )


def _anew(opened: OpenedBill, speaker: Speaker) -> Safe | None:
    if opened.anew is None:
        return None
    return speaker.text("Bill {number} takes its place.", number=opened.anew.number)


def _buttons(opened: OpenedBill, speaker: Speaker, origin: str) -> tuple[tuple[Button, ...], ...]:
    say, bill, book = speaker.plain.text, opened.bill, opened.book
    invoice_id = bill.document.id
    amount = speaker.money(opened.to_pay_paise, book.place.currency)
    pay = Button(label=say("Pay {amount}", amount=amount), press=press(Action.BILL_PAY, invoice_id))
    take = Button(label=say("Take payment"), press=press(Action.PAY, book.lease.id))
    credit = Button(label=say("Credit note …"), press=press(Action.CREDIT, invoice_id))
    anew = Button(label=say("Bill anew …"), press=press(Action.BILL_ANEW, invoice_id))
    is_open = opened.to_pay_paise > 0
    return (
        *rows_of(
            pay if is_open and opened.is_own else None,
            take if is_open and not opened.is_own else None,
            claim_button(book.lease.id, speaker) if is_open and opened.is_own else None,
            Button(label=say("PDF"), press=press(Action.BILL_PDF, invoice_id)),
            credit if opened.may_credit else None,
            anew if opened.may_bill_anew else None,
            None
            if opened.anew is None
            else Button(
                label=opened.anew.number, press=press(Action.BILL, opened.anew.id, OF_LEASE)
            ),
            question_button("i", invoice_id, speaker) if opened.is_own else None,
            None if opened.is_own else _room_button(book.lease.id, speaker),
        ),
        (_back(opened, speaker, origin),),
    )


def _room_button(lease_id: int, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Open room"), press=press(Action.ROOM, lease_id))


def _back(opened: OpenedBill, speaker: Speaker, origin: str) -> Button:
    pressed = press(Action.BILLS, opened.book.lease.id)
    if origin != OF_LEASE and not opened.is_own:
        pressed = press(Action.INVOICES, opened.book.place.id, origin)
    return Button(label=speaker.plain.text("‹ Bills"), press=pressed)


def pay_screen(opened: OpenedBill, speaker: Speaker, *, picture: bytes | None) -> Screen:
    """Return how a bill is paid: a code that a phone scans, or a word on whom to ask."""
    document, currency = opened.bill.document, opened.book.place.currency
    amount = bold(speaker.money(opened.to_pay_paise, currency))
    say = speaker.plain.text
    back = Button(label=say("‹ Back"), press=press(Action.BILL, document.id, OF_LEASE))
    if not opened.to_pay_paise:
        said = speaker.text("Nothing of this bill is open any more. Thank you!")
        return Screen(html=said, buttons=((back,),))
    paid = claim_button(opened.book.lease.id, speaker)
    head = speaker.text("Pay {amount} for bill {number}", amount=amount, number=document.number)
    older = None
    if opened.to_pay_paise > opened.bill.open_paise:
        older = speaker.text("With what is open of earlier bills: they are settled first.")
    return paying_screen(
        [head, older],
        speaker,
        payee=opened.payee,
        note=document.number,
        picture=picture,
        buttons=((paid,), (back,)),
    )
