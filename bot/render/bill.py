"""What is printed on a bill or a credit note, as finished text. Rules 2.5 and 7.2."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.invoice import DocumentKind
from bot.domain.metering import ReadingType
from bot.domain.service_kind import ServiceKind
from bot.i18n import Speaker
from bot.i18n.bill_lines import arithmetic, line_name, line_note
from bot.i18n.explanation import moment
from bot.i18n.payment_methods import method_text
from bot.i18n.reading_origin import read_by
from bot.i18n.room_names import room_title
from bot.i18n.service_names import service_name
from bot.render.qr import qr_svg
from bot.services.invoice_document import EARLIER
from bot.services.invoice_record import Invoice
from bot.services.ports import BillPaper
from bot.services.upi import upi_link

Data = dict[str, Any]


def bill_data(paper: BillPaper, speaker: Speaker) -> Data:
    """Return what the template draws, in the reader's language."""
    document = paper.document
    facts: Mapping[str, Any] = document.facts
    return {
        "language": speaker.language,
        "number": document.number,
        "title": _title(document, speaker),
        "place": facts["place"],
        "tenant": facts["tenant"],
        "room": room_title(str(facts["room"]), speaker),
        "heads": _heads(document, speaker),
        "hero": _hero(document, speaker),
        "reason": _reason(document, speaker),
        "lines": _lines(document, speaker),
        "readings": _readings(facts, speaker),
        "account": _account(document, speaker),
        "payment": _payment(paper, speaker),
        "question": _question(document, speaker),
    }


def _title(document: Invoice, speaker: Speaker) -> str:
    if document.kind is DocumentKind.CREDIT_NOTE:
        return speaker.text("Credit note")
    return speaker.text("Bill")


def _heads(document: Invoice, speaker: Speaker) -> list[Data]:
    """Return what is said beside the title."""
    said = [(speaker.text("Issued"), speaker.full_date(document.issued_on))]
    if document.kind is DocumentKind.INVOICE:
        said.append((speaker.text("To be paid by"), speaker.full_date(document.due_on)))
    replaces = document.facts.get("replaces")
    if replaces is not None:
        said.append((speaker.text("Instead of"), str(replaces)))
    of = document.facts.get("corrects")
    if of is not None:
        said.append((speaker.text("For bill"), str(of)))
    return [{"name": name, "value": value} for name, value in said]


def _hero(document: Invoice, speaker: Speaker) -> Data:
    """Return the one amount that matters, and what it is for."""
    name, paise, note = _what_matters(document, speaker)
    facts: Mapping[str, Any] = document.facts
    used = None
    if facts["unit"] is not None and document.kind is DocumentKind.INVOICE:
        used = speaker.quantity(Decimal(facts["consumption"]), facts["unit"])
    return {
        "name": name,
        "amount": _money(paise, document, speaker),
        "note": note,
        "period": speaker.text(
            "{first} to {last}",
            first=speaker.full_date(document.period.from_on),
            last=speaker.full_date(document.period.to_on),
        ),
        "used": used,
    }


def _what_matters(document: Invoice, speaker: Speaker) -> tuple[str, int, str]:
    total_paise = document.total_paise
    if document.kind is DocumentKind.CREDIT_NOTE:
        said = speaker.text("It is in your favour: nothing to do.")
        return speaker.text("You get back"), -total_paise, said
    if not document.to_pay_paise:
        said = speaker.text("Paid from your credit: nothing to do.")
        return speaker.text("This bill"), total_paise, said
    day = speaker.full_date(document.due_on)
    return speaker.text("To pay"), document.to_pay_paise, speaker.text("by {day}", day=day)


def _reason(document: Invoice, speaker: Speaker) -> str | None:
    reason = document.facts.get("reason")
    return (
        None
        if reason is None
        else speaker.text("Reason: {reason}", reason=speaker.reason(str(reason)))
    )


def _lines(document: Invoice, speaker: Speaker) -> Data:
    """Return the table of what adds up to the total."""
    facts: Mapping[str, Any] = document.facts
    tax = None
    if document.tax_paise:
        tax = speaker.text(
            "of this {net} before tax, {tax} tax",
            net=_money(document.net_paise, document, speaker),
            tax=_money(document.tax_paise, document, speaker),
        )
    rows = [row for line in facts["lines"] for row in _rows(line, document, speaker)]
    has_sums = any(row["sum"] for row in rows)
    reckoned = speaker.text("How it comes about") if has_sums else ""
    return {
        "heads": [speaker.text("For what"), reckoned],
        "amount": speaker.text("Amount"),
        "rows": rows,
        "total": speaker.text("Sum"),
        "total_amount": _money(document.total_paise, document, speaker),
        "tax": tax,
    }


def _rows(line: Mapping[str, Any], document: Invoice, speaker: Speaker) -> Iterator[Data]:
    # A part of the whole is no product: its note tells how it was split.
    rounding_paise = 0 if line.get("share") else int(line.get("rounding_paise", 0))
    currency = str(document.facts["currency"])
    yield {
        "name": line_name(line, speaker),
        "note": line_note(line, currency, speaker, names_meter=_is_one_of_several(line, document)),
        "sum": arithmetic(line, currency, speaker),
        "amount": _money(line["amount_paise"] - rounding_paise, document, speaker),
    }
    if rounding_paise:
        yield {
            "name": speaker.text("Rounding"),
            "note": None,
            "sum": None,
            "amount": _money(rounding_paise, document, speaker),
        }


def _is_one_of_several(line: Mapping[str, Any], document: Invoice) -> bool:
    """Return whether other meters on the bill count the same."""
    lines: Any = document.facts["lines"]
    same = {each.get("meter") for each in lines if each.get("service") == line.get("service")}
    return len(same - {None}) > 1


def _readings(facts: Mapping[str, Any], speaker: Speaker) -> Data | None:
    """Return from where to where each meter ran, and who says so."""
    if not facts["readings"]:
        return None
    return {
        "heads": [
            speaker.text("Meter"),
            speaker.text("From"),
            speaker.text("To"),
            speaker.text("Used"),
        ],
        "rows": [_reading(each, speaker) for each in facts["readings"]],
    }


def _reading(reading: Mapping[str, Any], speaker: Speaker) -> Data:
    decimals = int(reading.get("decimals", 1))

    def number(name: str) -> str:
        return speaker.number(Decimal(reading[name]), decimals=decimals)

    return {
        "meter": reading["meter"] or "",
        "service": service_name(ServiceKind(reading["service"]), speaker),
        "from": number("from_value"),
        "from_at": _moment(reading["from_at"], speaker),
        "to": number("to_value"),
        "to_at": _moment(reading["to_at"], speaker),
        "from_origin": _origin(reading, "from", speaker),
        "to_origin": _origin(reading, "to", speaker),
        "used": speaker.quantity(Decimal(reading["quantity"]), reading["unit"], decimals=decimals),
    }


def _origin(reading: Mapping[str, Any], end: str, speaker: Speaker) -> Data | None:
    """Return who says what the meter showed at an end; bills of old do not tell of the first."""
    kind, name = reading.get(f"{end}_type"), reading.get(f"{end}_by")
    if kind is None:
        return None
    return {
        "words": read_by(str(kind), speaker, name=name),
        "is_estimated": kind == ReadingType.ESTIMATED.value,
    }


def _account(document: Invoice, speaker: Speaker) -> Data:
    """Return how what was owed before comes to what is owed now: money owed is positive."""
    payments: Sequence[Mapping[str, Any]] = document.facts["payments"]  # type: ignore[assignment]
    paid_paise = sum(each["amount_paise"] for each in payments)
    before_paise = document.owed_paise - document.total_paise + paid_paise
    is_bill = document.kind is DocumentKind.INVOICE
    rows = [
        _entry(_before(before_paise, speaker), before_paise, document, speaker),
        *(
            _entry(_paid(each, speaker), -each["amount_paise"], document, speaker)
            for each in payments
        ),
        _entry(
            speaker.text("This bill") if is_bill else speaker.text("This credit note"),
            document.total_paise,
            document,
            speaker,
        ),
    ]
    is_owed = document.owed_paise >= 0
    return {
        "title": speaker.text("Your account"),
        "rows": rows,
        "total": speaker.text("To pay") if is_owed else speaker.text("Your credit"),
        "total_amount": _money(abs(document.owed_paise), document, speaker),
    }


def _entry(name: str, paise: int, document: Invoice, speaker: Speaker) -> Data:
    return {"name": name, "amount": _money(paise, document, speaker)}


def _before(before_paise: int, speaker: Speaker) -> str:
    if before_paise < 0:
        return speaker.text("Your credit before")
    return speaker.text("Owed before")


def _paid(payment: Mapping[str, Any], speaker: Speaker) -> str:
    """Return which payment it was."""
    if payment["kind"] == EARLIER:
        n = int(payment["count"])
        return speaker.plural("{n} payment or credit before", "{n} payments and credits before", n)
    day = speaker.date(datetime.fromisoformat(payment["at"]).astimezone(speaker.zone).date())
    kind, method = payment["kind"], payment["method"]
    if kind == "opening":
        return speaker.text("Opening balance")
    if kind == "reversal":
        return speaker.text("Taken back on {day}", day=day)
    if kind == "adjustment":
        return speaker.text("Credited on {day}", day=day)
    how = None if method is None else method_text(str(method), speaker)
    details = ", ".join(each for each in (how, payment["reference"]) if each)
    said = speaker.text("Paid on {day}", day=day)
    return f"{said} · {details}" if details else said


def _payment(paper: BillPaper, speaker: Speaker) -> Data | None:
    """Return how it is paid, as long as something is to be paid."""
    document, payee = paper.document, paper.payee
    if document.kind is DocumentKind.CREDIT_NOTE:
        return None
    if not paper.to_pay_paise:
        said = speaker.text("Nothing of this bill is open any more. Thank you!")
        return {"says": said, "code": None}
    amount = _money(paper.to_pay_paise, document, speaker)
    if payee is None:
        said = speaker.text("Ask your manager how to pay {amount}.", amount=amount)
        return {"says": said, "code": None}
    link = upi_link(payee, amount_paise=paper.to_pay_paise, note=document.number)
    return {
        "says": speaker.text(
            "Scan the code with any UPI app to pay {amount}, or send it to {upi_id} and give "
            "{number} as the note.",
            amount=amount,
            upi_id=payee.upi_id,
            number=document.number,
        ),
        "code": qr_svg(link),
        "caption": speaker.text("Pay {amount} by UPI", amount=amount),
    }


def _question(document: Invoice, speaker: Speaker) -> str:
    return speaker.text(
        "Does something look wrong? Send /bills to the bot, open {number} and tap “{button}”.",
        number=document.number,
        button=speaker.text("Question this"),
    )


def _moment(at: str, speaker: Speaker) -> str:
    return moment(datetime.fromisoformat(at), speaker)


def _money(paise: int, document: Invoice, speaker: Speaker) -> str:
    return speaker.money(paise, str(document.facts["currency"]))
