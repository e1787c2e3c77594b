"""One entry of a statement, opened: how its amount came about. Rule 2.5."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.deduction import day_of_end
from bot.domain.ledger import EntryKind
from bot.domain.service_kind import ServiceKind
from bot.i18n import Safe, Speaker
from bot.i18n.explanation import decimals_of, reading_change
from bot.i18n.favour_words import favour_change
from bot.i18n.payment_methods import method_text
from bot.i18n.reading_origin import read_by
from bot.i18n.service_names import service_name
from bot.i18n.share_words import share_lines
from bot.services.home_card import service_of
from bot.services.report import OpenedEntry
from bot.services.store import BookedEntry
from bot.services.tariff_terms import BEGINNING_ON
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.bills import OF_LEASE, document_title
from bot.telegram.screens.html import bold, line, lines
from bot.telegram.screens.price import UNIT, day_text
from bot.telegram.screens.statement import kind_text, moment_text, signed


def entry_screen(opened: OpenedEntry, speaker: Speaker, *, before_id: int | None) -> Screen:
    """Return one entry: how its amount came about, and what was left after it."""
    entry, currency = opened.entry, opened.book.place.currency
    amount = bold(signed(entry.tenant_paise, currency, speaker))
    after = speaker.money(entry.balance_after_paise, currency)
    html = lines(
        line(moment_text(entry, speaker), amount, between="   "),
        *_reasons(entry, currency, speaker),
        None if opened.by is None else speaker.text("by {name}", name=opened.by),
        speaker.text("Balance after: {balance}", balance=after),
        _taken_back(opened, speaker),
        None if opened.document is None else document_title(opened.document, speaker),
    )
    return Screen(html=html, buttons=_entry_buttons(opened, before_id, speaker))


def _entry_buttons(opened: OpenedEntry, before_id: int | None, speaker: Speaker) -> Rows:
    say, document = speaker.plain.text, opened.document
    back = Button(
        label=say("‹ Back"),
        press=press(Action.STATEMENT, opened.entry.lease_id, before_id or 0),
    )
    if document is None:
        return ((back,),)
    bill = Button(label=say("Open bill"), press=press(Action.BILL, document.id, OF_LEASE))
    return rows_of(bill, back)


def _reasons(entry: BookedEntry, currency: str, speaker: Speaker) -> Sequence[Safe | None]:
    match entry.kind:
        case EntryKind.DEDUCTION:
            return _arithmetic(entry, currency, speaker)
        case EntryKind.PAYMENT:
            return [_payment(entry, speaker)]
        case EntryKind.SHARE:
            return _share(entry, currency, speaker)
        case _:
            said = None if entry.reason is None else f"“{speaker.reason(entry.reason)}”"
            return [
                line(kind_text(entry, speaker), said, between=": "),
                reading_change(entry, speaker),
                favour_change(entry, currency, speaker),
            ]


def _share(entry: BookedEntry, currency: str, speaker: Speaker) -> Sequence[Safe | None]:
    """Return the whole, the key, the own part, and the taxes in it."""
    why: Mapping[str, Any] = entry.why
    own = speaker.text(
        "Own part: {quantity}, {amount}",
        quantity=speaker.quantity(Decimal(why["quantity"]), why["unit"]),
        amount=speaker.money(-entry.tenant_paise, currency),
    )
    taxes = line(*_other_lines(why, currency, speaker), between=", ")
    return [
        bold(kind_text(entry, speaker)),
        *share_lines(why["share"], currency, speaker),
        own,
        speaker.text("with {taxes}", taxes=taxes) if taxes else None,
        speaker.text("Tariff “{name}”", name=why["tariff"]),
    ]


def _payment(entry: BookedEntry, speaker: Speaker) -> Safe:
    method = method_text(str(entry.why.get("method", "")), speaker)
    return line(speaker.text("Payment, {method}", method=method), entry.reference)


def _taken_back(opened: OpenedEntry, speaker: Speaker) -> Safe | None:
    if opened.reversed_by is None:
        return None
    day = speaker.date(opened.reversed_by.occurred_at.astimezone(speaker.zone).date())
    return speaker.text("↩︎ Taken back on {day}.", day=day)


def _arithmetic(entry: BookedEntry, currency: str, speaker: Speaker) -> Sequence[Safe | None]:
    """Return the lines from the readings to the amount. Rule 2.5."""
    why: Mapping[str, Any] = entry.why
    if "portions" not in why:
        return []
    return [
        _which_meter(entry, speaker),
        _readings(why, speaker),
        *_energy(why, currency, speaker),
        *_other_lines(why, currency, speaker),
        _origin(why, speaker, used_on=day_of_end(entry.occurred_at, speaker.zone)),
    ]


def _which_meter(entry: BookedEntry, speaker: Speaker) -> Safe | None:
    service = service_of(entry)
    if service is ServiceKind.ELECTRICITY:
        return None
    return line(service_name(service, speaker), entry.why["meter"])


def _readings(why: Mapping[str, Any], speaker: Speaker) -> Safe:
    unit, decimals = why["unit"], decimals_of(why)
    start = speaker.number(Decimal(why["from_value"]), decimals=decimals)
    end = speaker.quantity(Decimal(why["to_value"]), unit, decimals=decimals)
    quantity = speaker.quantity(Decimal(why["quantity"]), unit, decimals=decimals)
    return Safe(f"{start} → {end} = {quantity}")


def _energy(why: Mapping[str, Any], currency: str, speaker: Speaker) -> list[Safe]:
    """Return a product per rate, their sum, and the rounding that the month carries. Rule 1.4."""
    products = [
        _product(Decimal(quantity), Decimal(rate), why, currency, speaker)
        for quantity, rate in why["portions"]
    ]
    energy_paise = sum(x["amount_paise"] for x in why["lines"] if x["kind"] == "energy")
    adjusted_paise = int(why.get("adjusted_paise", 0))
    carried = _carried(why, adjusted_paise, currency, speaker)
    if not products:
        return carried
    *others, last = products
    plain = speaker.money(energy_paise - adjusted_paise, currency)
    return [
        *(line(each, "+", between=" ") for each in others),
        line(last, plain, between=" = "),
        *carried,
    ]


def _carried(
    why: Mapping[str, Any], adjusted_paise: int, currency: str, speaker: Speaker
) -> list[Safe]:
    """Return by what the month's cost differs from the arithmetic of this use alone.

    Where it was charged anew, later use may lie in other slabs by that.
    """
    if not adjusted_paise:
        return []
    amount = signed(adjusted_paise, currency, speaker)
    if why.get("recharged"):
        return [speaker.text("Slabs and rounding of the month {amount}", amount=amount)]
    return [speaker.text("Rounding of the month so far {amount}", amount=amount)]


def _product(
    quantity: Decimal,
    rate_paise: Decimal,
    why: Mapping[str, Any],
    currency: str,
    speaker: Speaker,
) -> Safe:
    unit, rate = why["unit"], speaker.rate(rate_paise, currency)
    used = speaker.quantity(quantity, unit, decimals=decimals_of(why))
    return line(used, rate if unit == UNIT else f"{rate}/{unit}", between=" × ")


def _other_lines(why: Mapping[str, Any], currency: str, speaker: Speaker) -> list[Safe]:
    found = []
    for each in why["lines"]:
        amount = speaker.money(each["amount_paise"], currency)
        if each["kind"] == "standing":
            found.append(speaker.text("Standing charge {amount}", amount=amount))
        elif each["kind"] == "tax":
            found.append(line(each["name"], amount, between=" "))
    return found


def _origin(why: Mapping[str, Any], speaker: Speaker, *, used_on: date) -> Safe:
    """Return by which price list, since when this price of it has held, and who read the meter."""
    from_on = date.fromisoformat(why["tariff_from"])
    tariff = speaker.text("Tariff “{name}”", name=why["tariff"])
    if from_on > BEGINNING_ON:
        day = day_text(from_on, speaker, today_on=used_on)
        tariff = speaker.text("Tariff “{name}” since {day}", name=why["tariff"], day=day)
    return line(tariff, read_by(str(why["reading_type"]), speaker))
