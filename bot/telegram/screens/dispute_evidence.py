"""What a question is judged by: a picture of the days, and the numbers. Rule 10.2."""

from decimal import Decimal

from bot.domain.dispute import ItemKind
from bot.domain.metering import Reading, ReadingType
from bot.i18n import N_, Safe, Speaker
from bot.services.dispute_evidence import Evidence, History, Price
from bot.services.tariff_terms import BEGINNING_ON
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.bills import OF_LEASE
from bot.telegram.screens.dispute import head_text, state_text
from bot.telegram.screens.dispute_item import item_text
from bot.telegram.screens.html import blocks, line, lines
from bot.telegram.screens.readings import list_press
from bot.telegram.screens.room import room_label

MOST_EARLIER = 3
_HISTORY = {
    History.EMPTY: N_("Qube has no days of this meter; the picture shows the books."),
    History.OFFLINE: N_("⚠️ The meter is offline; the picture shows the books alone."),
    History.SILENT: N_("⚠️ Qube does not answer just now; the picture shows the books alone."),
    History.NO_DEVICE: N_("People read this meter: Qube knows no days of it."),
}
_READ_BY = {
    ReadingType.MANUAL: N_("read by hand"),
    ReadingType.PHOTO: N_("read from a photo"),
    ReadingType.ESTIMATED: N_("estimated"),
}


def evidence_screen(found: Evidence, speaker: Speaker, *, picture: bytes) -> Screen:
    """Return the evidence, under a picture with the days in question marked."""
    book, currency = found.book, found.book.place.currency
    charged = speaker.plural(
        "{n} charge, {amount}",
        "{n} charges, {amount}",
        found.entries,
        amount=speaker.money(found.charged_paise, currency),
    )
    history = _HISTORY.get(found.history)
    return Screen(
        html=blocks(
            [
                line(head_text(found.dispute, speaker), room_label(book.room.name)),
                item_text(found.item.facts, currency, speaker),
                None if history is None else speaker.text(history),
            ],
            [_reading(each, found.unit, speaker) for each in found.readings],
            [
                charged if found.entries else None,
                *(_price(each, currency, speaker) for each in found.prices[:2]),
                _earlier(found, speaker),
            ],
        ),
        photo=picture,
        buttons=_buttons(found, speaker),
    )


def _reading(reading: Reading, unit: str, speaker: Speaker) -> Safe:
    """Return when it was taken, the value, and how if it did not come from the meter itself."""
    read_by = _READ_BY.get(reading.type)
    return line(
        speaker.day_and_time(reading.point.at),
        speaker.quantity(reading.point.value, unit),
        None if read_by is None else speaker.text(read_by),
        speaker.text("⚠️ unusual") if reading.is_anomalous else None,
    )


def _price(price: Price, currency: str, speaker: Speaker) -> Safe:
    rates = " / ".join(speaker.rate(Decimal(rate), currency) for rate in price.rates)
    if price.since_on <= BEGINNING_ON:
        return line(speaker.text("Tariff “{name}”", name=price.tariff), rates)
    said = speaker.text(
        "Tariff “{name}” since {day}", name=price.tariff, day=speaker.date(price.since_on)
    )
    return line(said, rates)


def _earlier(found: Evidence, speaker: Speaker) -> Safe:
    if not found.earlier:
        return speaker.text("Nothing was questioned before.")
    shown = [
        line(each.number, state_text(each, speaker), between=" ")
        for each in found.earlier[:MOST_EARLIER]
    ]
    said = speaker.text("Before: {list}", list=line(*shown, between=", "))
    more = len(found.earlier) - len(shown)
    return lines(line(said, f"+{speaker.count(more)}" if more else None))


def _buttons(found: Evidence, speaker: Speaker) -> tuple[tuple[Button, ...], ...]:
    say, item = speaker.plain.text, found.item
    entry = item.entry
    readings = found.meter_id
    return (
        *rows_of(
            None
            if entry is None
            else Button(label=say("Charge"), press=press(Action.ENTRY, entry.id, 0)),
            None
            if item.bill is None
            else Button(label=say("Bill"), press=press(Action.BILL, item.bill.id, OF_LEASE)),
            None if readings is None else Button(label=say("Readings"), press=list_press(readings)),
            Button(label=say("Reading"), press=press(Action.READING, item.item_id))
            if item.kind is ItemKind.READING
            else None,
        ),
        (Button(label=say("‹ Back"), press=press(Action.DISPUTE_CARD, found.dispute.id)),),
    )
