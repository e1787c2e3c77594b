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
class Content:
    """The money of a document, in paise, and what is printed of it."""

    net_paise: int
    tax_paise: int
    facts: Mapping[str, object]


def content_of(book: LeaseBook, told: Sequence[Told], payments: Sequence[BookedEntry]) -> Content:
    """Return what a document over entries says. Quantities are in the unit of their meter."""
    lines = _merged(line for each in told for line in _lines(each))
    tax_paise = sum(line["amount_paise"] for line in lines if line["kind"] == "tax")
    total_paise = -sum(each.entry.tenant_paise for each in told)
    main = book.main_service.value
    used = [r for r in _readings(told) if r["service"] == main]
    facts: Facts = {
        "place": book.place.name,
        "zone": book.place.zone.key,
        "currency": book.place.currency,
        "room": book.room.name,
        "tenant": book.lease.tenant_name,
        "service": main,
        "unit": used[0]["unit"] if used else None,
        "consumption": _plain(sum((Decimal(each["quantity"]) for each in used), Decimal(0))),
        "lines": lines,
        "readings": _readings(told),
        "payments": [_payment(each) for each in payments],
    }
    return Content(net_paise=total_paise - tax_paise, tax_paise=tax_paise, facts=facts)


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
            "rate": _plain(rate),
            "quantity": _plain(sign * quantity),
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
            known["quantity"] = _plain(Decimal(known["quantity"]) + Decimal(line["quantity"]))
    return [_with_rounding(line) for line in merged.values() if line["amount_paise"] or _used(line)]


def _plain(value: Decimal) -> str:
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


def _readings(told: Sequence[Told]) -> list[Facts]:
    """Return from where to where each meter ran; its stretches joined where they meet.

    What was charged and taken back before it was billed is none.
    """
    undone = {each.source.id for each in told if each.sign < 0}
    found: list[Facts] = []
    for each in told:
        why: Mapping[str, Any] = each.source.why
        if each.source.id in undone or "from_at" not in why:
            continue
        last = next((r for r in reversed(found) if r["meter"] == why["meter"]), None)
        if last is not None and (last["to_at"], last["to_value"]) == (
            why["from_at"],
            why["from_value"],
        ):
            last |= {name: why[name] for name in ("to_at", "to_value")}
            last["to_type"] = why["reading_type"]
            last["quantity"] = _plain(Decimal(last["quantity"]) + Decimal(why["quantity"]))
            continue
        found.append({name: why[name] for name in _OF_READING} | {"to_type": why["reading_type"]})
    return found


_OF_READING = (
    "meter",
    "service",
    "unit",
    "decimals",
    "from_at",
    "from_value",
    "to_at",
    "to_value",
    "quantity",
)
