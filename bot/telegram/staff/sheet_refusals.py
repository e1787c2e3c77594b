"""What staff are told when something about a meter cannot be, and what to do instead."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.meter import LONGEST_NOTES, MeterField, MeterFlaw, MeterNotPossible
from bot.domain.meter_share import NotShares, ShareIsNothing, SharesDoNotSum
from bot.domain.meter_tree import MeterAboveItself
from bot.i18n import Safe, Speaker
from bot.services.meter_field import SheetField
from bot.services.meter_link import CountsForAll, CountsForOne, SharedByOne
from bot.services.meter_rule import (
    CountsOtherwise,
    FieldHasReadings,
    MeterCharges,
    MeterElsewhere,
    MeterInUse,
    MeterNameMissing,
    MeterNameTaken,
    NothingToChange,
    SerialNumberTaken,
    VendorNameTaken,
)
from bot.telegram.screens.html import lines
from bot.telegram.screens.meter_words import name_of
from bot.telegram.screens.percent import part_text
from bot.telegram.screens.room import room_label
from bot.telegram.staff.meter_options import MeterNotFound, RoomNotFound
from bot.telegram.staff.typed_meter import NotAChoice

Sentence = Callable[[Any, Speaker], Safe]


def _not_possible(error: MeterNotPossible, speaker: Speaker) -> Safe:
    return lines(*(_flaw(flaw, speaker) for flaw in error.flaws))


def _flaw(flaw: MeterFlaw, speaker: Speaker) -> Safe:
    limit = flaw.limit
    day = speaker.full_date(limit) if hasattr(limit, "isoformat") else ""  # type: ignore[arg-type]
    match flaw.field:
        case MeterField.UNIT:
            return speaker.text("A meter of this type does not count in that unit. Take another.")
        case MeterField.SERVICE:
            return speaker.text("A meter of this type does not serve that. Take another service.")
        case MeterField.INSTALLED_ON:
            return speaker.text("It cannot be installed later than today, {day}.", day=day)
        case MeterField.LAST_INSPECTION_ON:
            return speaker.text(
                "The last inspection lies between its installation and today. Its limit is {day}.",
                day=day,
            )
        case MeterField.NEXT_INSPECTION_ON:
            return speaker.text(
                "The next inspection cannot be before {day}, when it was installed or inspected "
                "last.",
                day=day,
            )
        case MeterField.DECIMALS:
            return speaker.text("A counter shows 0 to {most} decimals here.", most=limit)
        case MeterField.SPLIT_KEY:
            return speaker.text("Only what several tenants pay is split. Change who pays first.")
        case MeterField.PARENT:
            return speaker.text("A meter cannot hang below itself. Take another.")
        case MeterField.MAIN:
            return speaker.text(
                "A main meter hangs below none. Say that it is no main meter first, or take it "
                "from below the other."
            )
        case MeterField.SERIAL_NUMBER | MeterField.TEXT:
            return speaker.text(
                "That is too long. Names and numbers have up to {most} letters, notes up to "
                "{notes}.",
                most=limit,
                notes=LONGEST_NOTES,
            )


def _above_itself(_error: MeterAboveItself, speaker: Speaker) -> Safe:
    return speaker.text(
        "That would be a circle: the other meter hangs below this one already. Take another, or "
        "take that one out first."
    )


def _name_missing(_error: MeterNameMissing, speaker: Speaker) -> Safe:
    return speaker.text("The meter needs a name that can be shown, for example “Gas, flat B-2”.")


def _name_taken(error: MeterNameTaken, speaker: Speaker) -> Safe:
    return speaker.text(
        "Another meter of this building is called “{meter}”. Give this one a name of its own.",
        meter=error.name,
    )


def _serial_number_taken(error: SerialNumberTaken, speaker: Speaker) -> Safe:
    if error.meter is None:
        return speaker.text(
            "Number {number} is on another meter of this owner already. Look at the plate again.",
            number=error.number,
        )
    return speaker.text(
        "Number {number} is on “{meter}”, {place}, already. Look at the plate again.",
        number=error.number,
        meter=error.meter,
        place=error.place or "",
    )


def _vendor_name_taken(error: VendorNameTaken, speaker: Speaker) -> Safe:
    return speaker.text(
        "Another meter has the name “{name}” at Qube already. A device counts for one meter.",
        name=error.udf1,
    )


def _has_readings(error: FieldHasReadings, speaker: Speaker) -> Safe:
    if error.field is SheetField.UDF1:
        return speaker.text(
            "“{meter}” was read already, so it stays with its device. A new device is found by "
            "itself; see /sync.",
            meter=error.meter,
        )
    return speaker.text(
        "“{meter}” was read already, so what it counts, and in which unit, stays. Retire it, and "
        "make a new one.",
        meter=error.meter,
    )


def _counts_otherwise(error: CountsOtherwise, speaker: Speaker) -> Safe:
    return speaker.text(
        "A sub-meter counts the same as its main meter, in the same unit: “{meter}” counts "
        "{kind} in {unit}.",
        meter=error.other.name,
        kind=name_of(error.other.type, speaker),
        unit=error.other.unit,
    )


def _elsewhere(_error: MeterElsewhere, speaker: Speaker) -> Safe:
    return speaker.text("That is in another building. Take a room or a meter of the same one.")


def _charges(error: MeterCharges, speaker: Speaker) -> Safe:
    rooms = ", ".join(room_label(share.room) for share in error.shares)
    return speaker.text(
        "{rooms} was charged by this meter, so who pays for it stays until the tenant moves out.",
        rooms=rooms,
    )


def _in_use(error: MeterInUse, speaker: Speaker) -> Safe:
    if error.ties.meters_below:
        return speaker.text("“{meter}” has sub-meters. Take them out first.", meter=error.meter)
    return speaker.text(
        "“{meter}” was read or counted for a tenant, and stays in the books. Set its state to "
        "“Retired” instead.",
        meter=error.meter,
    )


def _nothing_to_change(_error: NothingToChange, speaker: Speaker) -> Safe:
    return speaker.text("It is set so already. Nothing was changed.")


def _not_shares(error: NotShares, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” is not a share for each of the {n} rooms. Type them in order, for example "
        "50/30/20, 1/2 1/4 1/4 or 2:1:1.",
        typed=error.text[:40],
        n=speaker.count(error.leases),
    )


def _do_not_sum(error: SharesDoNotSum, speaker: Speaker) -> Safe:
    return speaker.text(
        "Together that is {total}. The shares have to sum to 100% exactly.",
        total=part_text(error.total, speaker),
    )


def _is_nothing(_error: ShareIsNothing, speaker: Speaker) -> Safe:
    return speaker.text("Nobody shares nothing: leave that room out, or give it more than 0.")


def _counts_for_all(_error: CountsForAll, speaker: Speaker) -> Safe:
    return speaker.text(
        "The whole building pays for this meter, by its key. To name rooms, change who pays first."
    )


def _counts_for_one(_error: CountsForOne, speaker: Speaker) -> Safe:
    return speaker.text(
        "One tenant pays for this meter. For several, set “Who pays” to “Some tenants share it”."
    )


def _shared_by_one(_error: SharedByOne, speaker: Speaker) -> Safe:
    return speaker.text(
        "One room alone shares nothing. Name another one, or set “Who pays” to “One tenant pays”."
    )


def _not_a_choice(_error: NotAChoice, speaker: Speaker) -> Safe:
    return speaker.text("That is none of the answers. Tap one of the buttons above.")


def _room_not_found(error: RoomNotFound, speaker: Speaker) -> Safe:
    return speaker.text(
        "No such room of this building can be taken: “{typed}”. Type its number, for example 302.",
        typed=error.text[:40],
    )


def _meter_not_found(error: MeterNotFound, speaker: Speaker) -> Safe:
    return speaker.text(
        "No meter of this building is called “{typed}”. Type its name or its serial number.",
        typed=error.text[:40],
    )


SHEET_SENTENCES: Mapping[type[Exception], Sentence] = {
    MeterNotPossible: _not_possible,
    MeterAboveItself: _above_itself,
    MeterNameMissing: _name_missing,
    MeterNameTaken: _name_taken,
    SerialNumberTaken: _serial_number_taken,
    VendorNameTaken: _vendor_name_taken,
    FieldHasReadings: _has_readings,
    CountsOtherwise: _counts_otherwise,
    MeterElsewhere: _elsewhere,
    MeterCharges: _charges,
    MeterInUse: _in_use,
    NothingToChange: _nothing_to_change,
    NotShares: _not_shares,
    SharesDoNotSum: _do_not_sum,
    ShareIsNothing: _is_nothing,
    CountsForAll: _counts_for_all,
    CountsForOne: _counts_for_one,
    SharedByOne: _shared_by_one,
    NotAChoice: _not_a_choice,
    RoomNotFound: _room_not_found,
    MeterNotFound: _meter_not_found,
}
