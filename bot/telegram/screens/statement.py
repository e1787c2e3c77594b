"""What was charged and paid, and the arithmetic of each entry."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.deduction import day_of_end
from bot.domain.ledger import EntryKind
from bot.domain.period import local_date, start_of
from bot.domain.service_kind import ServiceKind
from bot.i18n import Safe, Speaker
from bot.i18n.explanation import decimals_of, reading_change
from bot.i18n.payment_methods import method_text as method_text
from bot.i18n.reading_origin import read_by
from bot.i18n.service_names import service_name
from bot.i18n.share_words import share_lines
from bot.services.home_card import service_of
from bot.services.report import OpenedEntry, StatementPage
from bot.services.store import BookedEntry
from bot.services.tariff_terms import BEGINNING_ON
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.price import UNIT, day_text
from bot.telegram.screens.room import room_title

PLUS = "+"


def statement_screen(page: StatementPage, speaker: Speaker) -> Screen:
    """Return a page of entries; each opens with a tap."""
    book, currency = page.book, page.book.place.currency
    head = speaker.text(
        "<b>Statement</b> · {room}\nBalance <b>{balance}</b>",
        room=room_title(book.room.name, speaker),
        balance=speaker.money(book.balance_paise, currency),
    )
    entries = [_line(entry, currency, speaker) for entry in page.entries]
    none = [speaker.text("There are no entries yet.")]
    return Screen(html=blocks([head], entries or none), buttons=_buttons(page, speaker))


def entry_screen(opened: OpenedEntry, speaker: Speaker, *, before_id: int | None) -> Screen:
    """Return one entry: how its amount came about, and what was left after it."""
    entry, currency = opened.entry, opened.book.place.currency
    amount = bold(_signed(entry.tenant_paise, currency, speaker))
    after = speaker.money(entry.balance_after_paise, currency)
    html = lines(
        line(_moment(entry, speaker), amount, between="   "),
        *_reasons(entry, currency, speaker),
        None if opened.by is None else speaker.text("by {name}", name=opened.by),
        speaker.text("Balance after: {balance}", balance=after),
        _taken_back(opened, speaker),
    )
    back = Button(
        label=speaker.plain.text("‹ Back"),
        press=press(Action.STATEMENT, entry.lease_id, before_id or 0),
    )
    return Screen(html=html, buttons=((back,),))


def kind_text(entry: BookedEntry, speaker: Speaker) -> Safe:
    """Return what kind of event an entry is, in a word or two."""
    match entry.kind:
        case EntryKind.DEDUCTION:
            return _charged_for(entry, speaker)
        case EntryKind.PAYMENT:
            return speaker.text("Payment")
        case EntryKind.OPENING:
            return speaker.text("Opening balance")
        case EntryKind.REVERSAL:
            return speaker.text("Taken back")
        case EntryKind.ADJUSTMENT:
            return speaker.text("Adjustment")
        case EntryKind.SHARE:
            return speaker.text("Share of common use")


def _charged_for(entry: BookedEntry, speaker: Speaker) -> Safe:
    """Return what a deduction is for; a day without use may still cost a standing charge."""
    service = service_of(entry)
    is_electric = service is ServiceKind.ELECTRICITY
    if _is_standing_alone(entry):
        standing = speaker.text("Standing charge")
        return standing if is_electric else line(service_name(service, speaker), standing)
    return speaker.text("Use") if is_electric else service_name(service, speaker)


def _is_standing_alone(entry: BookedEntry) -> bool:
    why: Mapping[str, Any] = entry.why
    kinds = {each["kind"] for each in why.get("lines", ())}
    return "standing" in kinds and "energy" not in kinds


def _line(entry: BookedEntry, currency: str, speaker: Speaker) -> Safe:
    amount = bold(_signed(entry.tenant_paise, currency, speaker))
    return line(_day(entry, speaker), kind_text(entry, speaker), amount, between="  ")


def _day(entry: BookedEntry, speaker: Speaker) -> str:
    """Return the day of an entry; use that ends at midnight is of the day that ends there."""
    if entry.kind is EntryKind.DEDUCTION:
        return speaker.date(day_of_end(entry.occurred_at, speaker.zone))
    return speaker.date(local_date(entry.occurred_at, speaker.zone))


def _moment(entry: BookedEntry, speaker: Speaker) -> str:
    is_close = entry.occurred_at == start_of(
        local_date(entry.occurred_at, speaker.zone), speaker.zone
    )
    if entry.kind is EntryKind.DEDUCTION and is_close:
        return f"{_day(entry, speaker)} · 24:00"
    return speaker.day_and_time(entry.occurred_at)


def _signed(paise: int, currency: str, speaker: Speaker) -> str:
    said = speaker.money(paise, currency)
    return f"{PLUS}{said}" if paise > 0 else said


def _buttons(page: StatementPage, speaker: Speaker) -> Rows:
    say, lease_id = speaker.plain.text, page.book.lease.id
    entries = [_entry_button(entry, page, speaker) for entry in page.entries]
    newest = Button(label=say("‹ Newest"), press=press(Action.STATEMENT, lease_id))
    older = Button(
        label=say("Older ›"), press=press(Action.STATEMENT, lease_id, page.older_before_id or 0)
    )
    return (
        *rows_of(*entries),
        *rows_of(
            newest if page.before_id is not None else None,
            older if page.older_before_id is not None else None,
        ),
        (home_button(speaker, lease_id),),
    )


def _entry_button(entry: BookedEntry, page: StatementPage, speaker: Speaker) -> Button:
    day = _day(entry, speaker)
    amount = _signed(entry.tenant_paise, page.book.place.currency, speaker)
    return Button(
        label=f"{day} · {amount}", press=press(Action.ENTRY, entry.id, page.before_id or 0)
    )


def _reasons(entry: BookedEntry, currency: str, speaker: Speaker) -> Sequence[Safe | None]:
    match entry.kind:
        case EntryKind.DEDUCTION:
            return _arithmetic(entry, currency, speaker)
        case EntryKind.PAYMENT:
            return [_payment(entry, speaker)]
        case EntryKind.SHARE:
            return _share(entry, currency, speaker)
        case _:
            said = None if entry.reason is None else f"“{entry.reason}”"
            return [
                line(kind_text(entry, speaker), said, between=": "),
                reading_change(entry, speaker),
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
    amount = _signed(adjusted_paise, currency, speaker)
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
