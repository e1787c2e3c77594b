"""Why an amount is in the books, as one sentence. Rule 2.5."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.ledger import EntryKind
from bot.domain.service_kind import ServiceKind
from bot.i18n.favour_words import favour_change
from bot.i18n.markup import Safe
from bot.i18n.payment_methods import method_text
from bot.i18n.service_names import service_name
from bot.i18n.share_words import share_lines
from bot.i18n.speaker import Speaker
from bot.services.home_card import service_of
from bot.services.store import BookedEntry

BETWEEN = " · "


def explain(entry: BookedEntry, speaker: Speaker, currency: str) -> str:
    """Return the sentence, without HTML: when, from which reading to which, times what.

    "12 Nov 23:59 · 1,450.0 → 1,461.8 kWh · 11.8 kWh × ₹6.50 = ₹76.70"
    """
    said = speaker.plain
    if entry.kind is EntryKind.DEDUCTION and "portions" in entry.why:
        return BETWEEN.join(_deduction(entry, entry.why, said, currency))
    if entry.kind is EntryKind.SHARE and "share" in entry.why:
        share: Mapping[str, Any] = entry.why["share"]  # type: ignore[assignment]
        return BETWEEN.join([_event(entry, said), *share_lines(share, currency, said)])
    return BETWEEN.join(
        part
        for part in (
            _event(entry, said),
            entry.reference,
            entry.reason,
            reading_change(entry, said),
            favour_change(entry, currency, said),
        )
        if part
    )


def reading_change(entry: BookedEntry, said: Speaker) -> Safe | None:
    """Return what happened to a reading that a charge was taken back for. Rule 3.8."""
    why = entry.why
    if entry.kind is not EntryKind.REVERSAL or "at" not in why:
        return None
    at = moment(datetime.fromisoformat(str(why["at"])), said)
    value = said.number(Decimal(str(why["value"])))
    if why.get("cause") == "reading_corrected":
        was = said.number(Decimal(str(why["was_value"])))
        return said.text(
            "The reading of {time} was corrected: {was} → {value}", time=at, was=was, value=value
        )
    return said.text("A reading of {time} came in between: {value}", time=at, value=value)


def _deduction(
    entry: BookedEntry, why: Mapping[str, Any], said: Speaker, currency: str
) -> Iterator[str]:
    service = service_of(entry)
    if service is not ServiceKind.ELECTRICITY:
        yield service_name(service, said)
    yield moment(datetime.fromisoformat(str(why["to_at"])), said)
    decimals = decimals_of(why)
    start = said.number(Decimal(why["from_value"]), decimals=decimals)
    end = said.quantity(Decimal(why["to_value"]), why["unit"], decimals=decimals)
    yield f"{start} → {end}"
    total = said.money(-entry.tenant_paise, currency)
    yield f"{' + '.join(_terms(why, said, currency))} = {total}"


def decimals_of(why: Mapping[str, Any]) -> int:
    """Return how many decimals the meter shows that an entry rests on."""
    return int(why.get("decimals", 1))


def _terms(why: Mapping[str, Any], said: Speaker, currency: str) -> Iterator[str]:
    """Yield what adds up to the amount, to the paisa. Rule 1.4."""
    for quantity, rate_paise in why["portions"]:
        used = said.quantity(Decimal(quantity), why["unit"], decimals=decimals_of(why))
        yield f"{used} × {said.rate(Decimal(rate_paise), currency)}"
    adjusted_paise = int(why.get("adjusted_paise", 0))
    if adjusted_paise:
        amount = said.money(adjusted_paise, currency)
        yield said.text("Rounding of the month so far {amount}", amount=amount)
    for line in why["lines"]:
        amount = said.money(line["amount_paise"], currency)
        if line["kind"] == "standing":
            yield said.text("Standing charge {amount}", amount=amount)
        elif line["kind"] == "tax":
            yield f"{line['name']} {amount}"


def _event(entry: BookedEntry, said: Speaker) -> str:
    match entry.kind:
        case EntryKind.PAYMENT:
            return said.text(
                "Payment, {method}", method=method_text(str(entry.why.get("method", "")), said)
            )
        case EntryKind.OPENING:
            return said.text("Opening balance")
        case EntryKind.REVERSAL:
            return said.text("Taken back")
        case EntryKind.ADJUSTMENT:
            counted = "favour" in entry.why
            return said.text("Given back before") if counted else said.text("Adjustment")
        case EntryKind.SHARE:
            return said.text("Share of common use")
        case EntryKind.DEDUCTION:
            return said.text("Use")


def moment(at: datetime, said: Speaker) -> str:
    """Return day and time, midnight as the end of the day before: 12 Nov 24:00."""
    local = at.astimezone(said.zone)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{said.date(local.date() - timedelta(days=1))} 24:00"
    return f"{said.date(local.date())} {said.time(at)}"
