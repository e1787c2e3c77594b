"""What is said when a tariff cannot be changed so: why, and what to type or do instead."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.i18n import Safe, Speaker
from bot.i18n.service_names import medium_name
from bot.services.lease_tariff_change import (
    HaveItAlready,
    NoRoomChosen,
    NothingToPrice,
    ReadWithoutPrice,
    RoomChargedAlready,
    TariffBeginsLater,
)
from bot.services.tariff import ChargedAlready, SamePrice, TariffUnknown
from bot.services.tariff_change import NothingScheduled, TariffMoved
from bot.services.tariff_name import MOST_CHARACTERS, BadName, NameTaken
from bot.telegram.screens.room import room_title
from bot.telegram.staff.typed_day import NotADay
from bot.telegram.staff.typed_price import NotAPrice, NotAStandingCharge, NotTaxes
from bot.telegram.staff.typed_rooms import NoSuchRooms

Sentence = Callable[[Any, Speaker], Safe]
_SHOWN = 40


def _not_a_price(error: NotAPrice, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” is not a price I understand. Type what a unit costs, for example 6.50, "
        "or slabs to the end: 100: 5.00, 300: 7.25, rest: 9.00.",
        typed=error.text[:_SHOWN],
    )


def _not_standing(error: NotAStandingCharge, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” is not a standing charge I understand. Type for example 150 a month, "
        "5 a day or none.",
        typed=error.text[:_SHOWN],
    )


def _not_taxes(error: NotTaxes, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” is no tax I understand. Taxes are percents with a name: type for example "
        "GST 18, or none. An amount a day or a month is a standing charge: go back for that.",
        typed=error.text[:_SHOWN],
    )


def _not_a_day(error: NotADay, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” is not a day I understand, or it is too far away. Type for example 1.12. "
        "or 1 Dec 2026.",
        typed=error.text[:_SHOWN],
    )


def _charged(error: ChargedAlready, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{name}” is charged through {day}, and what was charged stays. "
        "The earliest day for a new price is {next}.",
        name=error.tariff,
        day=speaker.full_date(error.through_on),
        next=speaker.full_date(error.through_on + timedelta(days=1)),
    )


def _room_charged(error: RoomChargedAlready, speaker: Speaker) -> Safe:
    return speaker.text(
        "{room} is charged through {day}, and what was charged stays. "
        "The earliest day for another tariff is {next}.",
        room=room_title(error.room, speaker),
        day=speaker.full_date(error.through_on),
        next=speaker.full_date(error.through_on + timedelta(days=1)),
    )


def _begins_later(error: TariffBeginsLater, speaker: Speaker) -> Safe:
    return speaker.text(
        "This tariff has no price before {day}. Choose that day or a later one.",
        day=speaker.full_date(error.from_on),
    )


def _same(_error: SamePrice, speaker: Speaker) -> Safe:
    return speaker.text("That is the price on that day already. Nothing has to be changed.")


def _have_it(_error: HaveItAlready, speaker: Speaker) -> Safe:
    return speaker.text("They have this tariff from that day already. Nothing has to be changed.")


def _nothing_to_price(error: NothingToPrice, speaker: Speaker) -> Safe:
    return speaker.text(
        "{room} has no meter for “{name}” ({medium}). Give the room its meter first: /meters",
        room=room_title(error.room, speaker),
        name=error.tariff.name,
        medium=medium_name(error.tariff.medium, speaker),
    )


def _read_without_price(error: ReadWithoutPrice, speaker: Speaker) -> Safe:
    return speaker.text(
        "{room} is read since {day}, and all since then needs a price. Choose that day.",
        room=room_title(error.room, speaker),
        day=speaker.full_date(error.since_on),
    )


def _no_room(_error: NoRoomChosen, speaker: Speaker) -> Safe:
    return speaker.text("Choose a room first: tap it, or type its number.")


def _no_such_rooms(error: NoSuchRooms, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” is not one room here that is let. Type rooms as they are called, "
        "for example 302, 303.",
        typed=error.text[:_SHOWN],
    )


def _moved(_error: TariffMoved, speaker: Speaker) -> Safe:
    return speaker.text(
        "Somebody has changed this tariff meanwhile. Look at it again, and begin anew."
    )


def _bad_name(_error: BadName, speaker: Speaker) -> Safe:
    return speaker.text(
        "A tariff's name has up to {most} characters. Type for example Shops 2026.",
        most=MOST_CHARACTERS,
    )


def _name_taken(error: NameTaken, speaker: Speaker) -> Safe:
    return speaker.text(
        "There is a tariff “{name}” here already. Type another name.", name=error.name
    )


def _nothing(_error: NothingScheduled, speaker: Speaker) -> Safe:
    return speaker.text("This price is not to come any more. Look at the tariff again.")


def _unknown(_error: TariffUnknown, speaker: Speaker) -> Safe:
    return speaker.text("This tariff is not here, or not yours to set.")


TARIFF_SENTENCES: Mapping[type[Exception], Sentence] = {
    NotAPrice: _not_a_price,
    NotAStandingCharge: _not_standing,
    NotTaxes: _not_taxes,
    NotADay: _not_a_day,
    ChargedAlready: _charged,
    RoomChargedAlready: _room_charged,
    TariffBeginsLater: _begins_later,
    SamePrice: _same,
    HaveItAlready: _have_it,
    NothingToPrice: _nothing_to_price,
    ReadWithoutPrice: _read_without_price,
    NoRoomChosen: _no_room,
    NoSuchRooms: _no_such_rooms,
    TariffMoved: _moved,
    BadName: _bad_name,
    NameTaken: _name_taken,
    NothingScheduled: _nothing,
    TariffUnknown: _unknown,
}
