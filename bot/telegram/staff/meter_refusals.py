"""What staff are told when something about a meter is refused, and what to do instead."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.metering import NotARegisterValue
from bot.i18n import Safe, Speaker
from bot.services.boundary import ReadingInTheWay
from bot.services.check import CheckOutcome
from bot.services.device import NothingToName
from bot.services.device_plan import DeviceTaken, DeviceUnlisted
from bot.services.meter import BadTerms, CounterIsBeyond, MeterUnknown, SameTerms, TermsField
from bot.services.ports import DeviceUnreachable, GatewayError, GatewayUnavailable, KeyRejected
from bot.services.replacement import SwapUnknown
from bot.services.swap_value import EndContradicted, EndKnown, NobodyToCharge, SwapEnd
from bot.telegram.screens.html import line
from bot.telegram.screens.room import room_title
from bot.telegram.staff.typed_number import NotANumber

Sentence = Callable[[Any, Speaker], Safe]


def _not_a_number(error: NotANumber, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” is not a number I can use. Type it as the meter shows it, for example 1450.5.",
        typed=error.text[:40],
    )


def _not_a_register_value(_error: NotARegisterValue, speaker: Speaker) -> Safe:
    return speaker.text("No counter shows that. Type it with up to three decimals.")


def _meter_unknown(_error: MeterUnknown, speaker: Speaker) -> Safe:
    return speaker.text("This meter is not here any more. Open its room again.")


def _bad_terms(error: BadTerms, speaker: Speaker) -> Safe:
    if error.change.field is TermsField.MULTIPLIER:
        return speaker.text(
            "A multiplier is more than 0, up to 100000, with up to three decimals. Type another."
        )
    return speaker.text("It has to be more than 0, with up to three decimals. Type another.")


def _same_terms(_error: SameTerms, speaker: Speaker) -> Safe:
    return speaker.text("It is set so already. Nothing was changed.")


def _counter_is_beyond(error: CounterIsBeyond, speaker: Speaker) -> Safe:
    return speaker.text(
        "The counter shows {value} already, so it begins anew later. Type more than that.",
        value=speaker.quantity(error.shows, error.unit),
    )


def _reading_in_the_way(error: ReadingInTheWay, speaker: Speaker) -> Safe:
    room = room_title(error.room, speaker)
    match error.outcome:
        case CheckOutcome.HELD:
            return speaker.text(
                "A reading of {room} is not plausible. Accept or reject it first, or let more be "
                "plausible.",
                room=room,
            )
        case CheckOutcome.FELL:
            return speaker.text(
                "The counter of {room} shows less than before. Find out why first.", room=room
            )
    return speaker.text(
        "{room} cannot be charged up to now: a price is missing. Set its tariff first.", room=room
    )


def _swap_unknown(_error: SwapUnknown, speaker: Speaker) -> Safe:
    return speaker.text(
        "The meter has gone on to something else since. Correct the balance with “Adjust” instead."
    )


def _end_known(error: EndKnown, speaker: Speaker) -> Safe:
    return speaker.text(
        "{value} was entered before. If it was wrong, correct the balance with “Adjust”.",
        value=speaker.quantity(error.value, error.unit),
    )


def _end_contradicted(error: EndContradicted, speaker: Speaker) -> Safe:
    seen = speaker.quantity(error.seen, error.unit)
    if error.end is SwapEnd.CLOSING:
        return speaker.text("The old device showed {value} before. Type that or more.", value=seen)
    return speaker.text("The new device showed {value} later. Type that or less.", value=seen)


def _nobody_to_charge(_error: NobodyToCharge, speaker: Speaker) -> Safe:
    return speaker.text(
        "The tenant of today was not here when the device was changed, and is not charged for it."
    )


def _unreachable(_error: DeviceUnreachable, speaker: Speaker) -> Safe:
    return speaker.text("The meter is offline and cannot be read. Try again when it is back.")


def _key_rejected(_error: KeyRejected, speaker: Speaker) -> Safe:
    return speaker.text("Qube refuses the API key. Ask whoever runs this bot to set a new one.")


def _unavailable(error: GatewayUnavailable, speaker: Speaker) -> Safe:
    return speaker.text(
        "Qube does not answer just now ({code}). Nothing was changed. Try again in a minute.",
        code=error.code,
    )


def _refused(error: GatewayError, speaker: Speaker) -> Safe:
    said = line(error.code, error.detail or None, between=": ")
    return speaker.text("Qube says no ({said}). Look at the device there.", said=said)


def _device_unlisted(_error: DeviceUnlisted, speaker: Speaker) -> Safe:
    return speaker.text(
        "This device is not at Qube any more, or not in your building. Look again: /sync"
    )


def _device_taken(error: DeviceTaken, speaker: Speaker) -> Safe:
    return speaker.text(
        "It measures {meter}, and a device never measures two meters. "
        "Link the right device there first.",
        meter=room_title(error.meter, speaker),
    )


def _nothing_to_name(_error: NothingToName, speaker: Speaker) -> Safe:
    return speaker.text("It is called as its room already, or measures none.")


METER_SENTENCES: Mapping[type[Exception], Sentence] = {
    NotANumber: _not_a_number,
    NotARegisterValue: _not_a_register_value,
    MeterUnknown: _meter_unknown,
    BadTerms: _bad_terms,
    SameTerms: _same_terms,
    CounterIsBeyond: _counter_is_beyond,
    ReadingInTheWay: _reading_in_the_way,
    SwapUnknown: _swap_unknown,
    EndKnown: _end_known,
    EndContradicted: _end_contradicted,
    NobodyToCharge: _nobody_to_charge,
    DeviceUnlisted: _device_unlisted,
    DeviceTaken: _device_taken,
    NothingToName: _nothing_to_name,
    DeviceUnreachable: _unreachable,
    KeyRejected: _key_rejected,
    GatewayUnavailable: _unavailable,
    GatewayError: _refused,
}
