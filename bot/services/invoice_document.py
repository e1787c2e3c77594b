"""What is printed on a bill: its lines, readings and payments, as facts. Rules 2.5 and 7.2."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.domain.ledger import EntryKind
from bot.domain.money import round_half_up
from bot.services.book import LeaseBook
from bot.services.store import BookedEntry

Facts = dict[str, Any]

EARLIER = "earlier"
"""The kind of the line that stands for all payments before those that are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry that a document tells of; `source` is what explains it: for a reversal the entry
    that it took back, which was on the document of the number `of_number`."""

    entry: BookedEntry
    source: BookedEntry
    of_number: str | None = None

    @property
    def sign(self) -> int:
        """Minus one for what was taken back."""
        return -1 if self.entry.kind is EntryKind.REVERSAL else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """What was paid, credited, and taken back of that in a span: the latest entries, oldest first,
    and how many there were before them, in paise what those came to."""

    entries: tuple[BookedEntry, ...] = ()
    earlier: int = 0
    earlier_paise: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The money of a document, in paise, and what is printed of it."""

    net_paise: int
    tax_paise: int
    facts: Mapping[str, object]


def content_of(
    book: LeaseBook, told: Sequence[Told], readings: Sequence[Facts], settling: Settling
) -> Content:
    """Return what a document over entries says. Quantities are in the unit of their meter."""
    lines = _merged(line for each in told for line in _lines(each))
    tax_paise = sum(line["amount_paise"] for line in lines if line["kind"] == "tax")
    total_paise = -sum(each.entry.tenant_paise for each in told)
    main = book.main_service.value
    used = [r for r in readings if r["service"] == main]
    facts: Facts = {
        "place": book.place.name,
        "zone": book.place.zone.key,
        "currency": book.place.currency,
        "room": book.room.name,
        "tenant": book.lease.tenant_name,
        "service": main,
        "unit": used[0]["unit"] if used else None,
        "consumption": plain_figure(sum((Decimal(each["quantity"]) for each in used), Decimal(0))),
        "lines": lines,
        "readings": list(readings),
        "payments": list(_payments(settling)),
    }
    return Content(net_paise=total_paise - tax_paise, tax_paise=tax_paise, facts=facts)


def _payments(settling: Settling) -> Iterator[Facts]:
    if settling.earlier:
        yield {
            "kind": EARLIER,
            "count": settling.earlier,
            "amount_paise": settling.earlier_paise,
        }
    yield from map(_payment, settling.entries)


def _payment(entry: BookedEntry) -> Facts:
    return {
        "kind": entry.kind.value,
        "at": entry.occurred_at.isoformat(),
        "method": entry.why.get("method"),
        "reference": entry.reference,
        "amount_paise": entry.tenant_paise,
    }


def _lines(told: Told) -> Iterator[Facts]:
    """Yield what an entry comes to, line by line."""
    source, sign = told.source, told.sign
    why: Mapping[str, Any] = source.why
    if "lines" not in why:
        yield {
            "kind": source.kind.value,
            "reason": source.reason,
            "of": told.of_number,
            "amount_paise": -told.entry.tenant_paise,
        }
        return
    for line in why["lines"]:
        common = {
            "kind": line["kind"],
            "name": line["name"],
            "service": why.get("service"),
            "share": why.get("share"),
            "of": told.of_number,
        }
        if line["kind"] == "energy":
            yield from _portions(common, why, line["amount_paise"], sign)
        else:
            yield common | {"amount_paise": sign * line["amount_paise"]}


def _portions(
    common: Mapping[str, object], why: Mapping[str, Any], amount_paise: int, sign: int
) -> Iterator[Facts]:
    """Yield an energy line rate by rate; the last one takes what rounding leaves. Rule 1.4."""
    portions = [(Decimal(quantity), Decimal(rate)) for quantity, rate in why["portions"]]
    left = amount_paise
    for at, (quantity, rate) in enumerate(portions):
        is_last = at == len(portions) - 1
        paise = left if is_last else round_half_up(quantity * rate)
        left -= paise
        yield dict(common) | {
            "meter": why.get("meter"),
            "unit": why.get("unit"),
            "tariff": why.get("tariff"),
            "generator": why.get("generator", False),
            "rate": plain_figure(rate),
            "quantity": plain_figure(sign * quantity),
            "amount_paise": sign * paise,
        }
    if not portions and amount_paise:
        yield dict(common) | {"meter": why.get("meter"), "amount_paise": sign * amount_paise}


def _merged(lines: Iterator[Facts]) -> list[Facts]:
    """Return the lines with those that say the same as one: a month's end is no line of a bill."""
    merged: dict[tuple[tuple[str, str], ...], Facts] = {}
    for line in lines:
        key = tuple(
            (name, repr(value))
            for name, value in sorted(line.items())
            if name not in {"amount_paise", "quantity"}
        )
        known = merged.get(key)
        if known is None:
            merged[key] = dict(line)
            continue
        known["amount_paise"] += line["amount_paise"]
        if "quantity" in line:
            known["quantity"] = plain_figure(Decimal(known["quantity"]) + Decimal(line["quantity"]))
    return [_with_rounding(line) for line in merged.values() if line["amount_paise"] or _used(line)]


def plain_figure(value: Decimal) -> str:
    """Return a figure without the zeros that say nothing."""
    return f"{value.normalize():f}"


def _used(line: Facts) -> bool:
    return bool(Decimal(line.get("quantity", 0)))


def _with_rounding(line: Facts) -> Facts:
    """Say by how many paise a line differs from its own arithmetic."""
    if "quantity" not in line:
        return line
    plain = round_half_up(Decimal(line["quantity"]) * Decimal(line["rate"]))
    return line | {"rounding_paise": line["amount_paise"] - plain}
