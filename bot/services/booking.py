"""What a charged stretch leaves in the books: its entry, why, and its month's lines. Rule 2.5."""

from decimal import Decimal

from bot.domain.billing import Charge, LineKind
from bot.domain.ledger import EntryKind, LedgerEntry
from bot.domain.metering import RegisterPoint
from bot.domain.money import round_half_up
from bot.services.book import LeaseBook
from bot.services.check import Step
from bot.services.store import MonthLine


def entry_for(book: LeaseBook, step: Step, *, from_id: int, to_id: int) -> LedgerEntry | None:
    """Return the entry of a charged stretch, None when nothing was charged. Rules 2.3, 2.5."""
    if not step.charge.lines:
        return None
    return LedgerEntry(
        key=f"deduction:{book.lease.id}:reading:{to_id}",
        kind=EntryKind.DEDUCTION,
        place_id=book.place.id,
        lease_id=book.lease.id,
        occurred_at=step.stretch.end.point.at,
        postings=step.charge.postings(book.lease.id),
        why=_why(book, step, from_id=from_id, to_id=to_id),
    )


def _why(book: LeaseBook, step: Step, *, from_id: int, to_id: int) -> dict[str, object]:
    start, end, charge = step.stretch.start, step.stretch.end.point, step.charge
    portions = [pair for line in charge.lines for pair in line.portions]
    meter = book.link_to(step.reading.meter_id).meter
    run = book.prices_of(meter).run_on(step.stretch.on)
    return {
        "reading_from": from_id,
        "reading_to": to_id,
        "reading_type": step.reading.type.value,
        "meter": meter.label,
        "service": meter.service.value,
        "unit": meter.unit,
        "decimals": meter.decimals,
        **_ends(start, end),
        "quantity": str(charge.quantity),
        "portions": [[str(quantity), str(rate)] for quantity, rate in portions],
        "lines": [
            {"kind": line.kind.value, "name": line.name, "amount_paise": line.amount_paise}
            for line in charge.lines
        ],
        "tariff": run.tariff.name,
        "tariff_from": run.from_on.isoformat(),
        "version_id": run.version.id,
        "generator": charge.usage.generator,
        "adjusted_paise": _adjusted(charge),
    }


def _ends(start: RegisterPoint, end: RegisterPoint) -> dict[str, object]:
    return {
        "from_at": start.at.isoformat(),
        "from_value": str(start.value),
        "to_at": end.at.isoformat(),
        "to_value": str(end.value),
    }


def _adjusted(charge: Charge) -> int:
    """Return by how many paise the energy line differs from its own arithmetic. Rule 1.4."""
    energy = [line for line in charge.lines if line.kind is LineKind.ENERGY]
    plain = sum(
        (quantity * rate for line in energy for quantity, rate in line.portions), Decimal(0)
    )
    return sum(line.amount_paise for line in energy) - round_half_up(plain)


def month_lines(book: LeaseBook, step: Step) -> list[MonthLine]:
    """Return what a charged stretch adds to its month, whole even where the price is nil."""
    energy = [line for line in step.charge.lines if line.kind is LineKind.ENERGY]
    service = book.link_to(step.reading.meter_id).meter.service
    return [
        MonthLine(
            lease_id=book.lease.id,
            month_on=step.charge.month.month_on,
            kind=line.kind,
            name=line.name,
            version_id=step.charge.usage.version_id,
            by_generator=step.charge.usage.generator,
            since_on=step.charge.usage.since_on,
            quantity=step.charge.quantity if energy and line is energy[0] else Decimal(0),
            amount_paise=line.amount_paise,
            service=service,
        )
        for line in step.charge.lines
    ]
