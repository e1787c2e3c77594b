"""From where to where each meter ran on a bill, and who says so. Rules 2.5 and 7.2."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.services.invoice_document import Facts, Told, plain_figure
from bot.services.stores import Unit

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


async def readings_of(unit: Unit, told: Sequence[Told]) -> list[Facts]:
    """Return the readings that a document rests on, both ends of each with their origin."""
    return [await _with_origins(unit, each) for each in _joined(told)]


async def _with_origins(unit: Unit, joined: Facts) -> Facts:
    first_id, last_id = joined.pop("reading_from"), joined.pop("reading_to")
    return joined | await _origin(unit, "from", first_id) | await _origin(unit, "to", last_id)


async def _origin(unit: Unit, end: str, reading_id: object) -> Facts:
    reading = await unit.metering.reading(reading_id) if isinstance(reading_id, int) else None
    if reading is None:
        return {}
    return {f"{end}_type": reading.type.value, f"{end}_by": reading.reader_name}


def _joined(told: Sequence[Told]) -> list[Facts]:
    """Return the stretches of each meter, joined where they meet.

    What was charged and taken back before it was billed is none.
    """
    undone = {each.source.id for each in told if each.sign < 0}
    found: list[Facts] = []
    for each in told:
        why: Mapping[str, Any] = each.source.why
        if each.source.id in undone or "from_at" not in why:
            continue
        end = {"to_type": why["reading_type"], "reading_to": why.get("reading_to")}
        last = next((r for r in reversed(found) if r["meter"] == why["meter"]), None)
        if last is not None and (last["to_at"], last["to_value"]) == (
            why["from_at"],
            why["from_value"],
        ):
            last |= end | {name: why[name] for name in ("to_at", "to_value")}
            last["quantity"] = plain_figure(Decimal(last["quantity"]) + Decimal(why["quantity"]))
            continue
        start = {name: why[name] for name in _OF_READING}
        found.append(start | end | {"reading_from": why.get("reading_from")})
    return found
