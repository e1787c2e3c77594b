"""What staff are told of meters and their readings. Rules 3.3 to 3.5."""

from dataclasses import replace
from decimal import Decimal

from bot.domain.people import Permission
from bot.i18n import N_, Safe
from bot.services.fitting import tag_of
from bot.telegram.callbacks import Action
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import bold, line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader

SAID = frozenset(
    {
        "device_missing",
        "duplicate_udf1",
        "device_not_in_space",
        "not_your_space",
        "no_tariff",
        "tariff_changed",
        "negative_register",
        "mode_prepaid",
        "mode_postpaid",
        "mode_relay_off",
        "not_changed",
    }
)
"""Troubles that have a sentence of their own."""


def device_offline(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a meter that cannot be reached."""
    speaker = reader.speaker
    since = reader.speaker.day_and_time(facts.instant("since"))
    return _screen(
        facts,
        reader,
        speaker.text("⚠️ Meter offline: {room}", room=reader.room(facts)),
        speaker.text("Since {time}", time=since),
        speaker.text(
            "Finished days are charged as far as Qube has their values, the rest when it is back. "
            "Until then it cannot switch."
        ),
    )


def device_replaced(facts: Facts, reader: Reader) -> Screen:
    """Return the word on another device in the place of one. Rule 3.4."""
    speaker = reader.speaker
    told = _screen(
        facts,
        reader,
        speaker.text("🔁 New meter device: {room}", room=reader.room(facts)),
        line(facts.word("old_device"), facts.word("new_device"), between=" → "),
        _goes_on(facts, reader),
        _uncharged(facts, reader),
    )
    installation_id = facts.maybe_whole("installation_id")
    if installation_id is None or not reader.actor.may(Permission.TAKE_PAYMENT):
        return told
    values = reader.button(N_("What they showed …"), Action.SWAP, installation_id)
    return replace(told, buttons=((values,), *told.buttons))


def _goes_on(facts: Facts, reader: Reader) -> Safe:
    speaker = reader.speaker
    closing, opening = (facts.maybe_decimal(f"{end}_value") for end in ("closing", "opening"))
    if closing is None or opening is None:
        return speaker.text(
            "It goes on with the first reading of the new one. Nothing is charged twice."
        )
    return speaker.text(
        "The old one ended at {closing}, the new one begins at {opening}. "
        "Nothing is charged twice.",
        closing=value_text(closing, facts, reader),
        opening=value_text(opening, facts, reader),
    )


def _uncharged(facts: Facts, reader: Reader) -> Safe | None:
    """Say what nobody pays unless somebody enters what the two showed; the usual start is 0."""
    opening = facts.maybe_decimal("opening_value")
    if not opening or facts.maybe_decimal("closing_value") is None:
        return None
    return reader.speaker.text(
        "⚠️ Charged to nobody: {used} if the new one began at 0, and what the old one counted "
        "after its last reading. If you know what they showed, enter it.",
        used=value_text(opening, facts, reader),
    )


def device_trouble(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a meter with which something is wrong that does not mend itself."""
    told = _screen(
        facts,
        reader,
        reader.speaker.text("⚠️ Meter trouble: {room}", room=reader.room(facts)),
        _trouble(facts, reader),
        _said_by_qube(facts, reader),
    )
    remedy = _remedy(facts, reader)
    return told if remedy is None else replace(told, buttons=((remedy,), *told.buttons))


def _said_by_qube(facts: Facts, reader: Reader) -> Safe | None:
    """Return the device, and the vendor's own words where we have none for them."""
    speaker, code = reader.speaker, facts.maybe_word("code") or "?"
    detail = facts.maybe_word("detail")
    if code not in SAID:
        return speaker.text("Qube says: {details}", details=line(code, detail))
    if code.startswith("mode_") and detail is not None:
        return speaker.text("Device {id}", id=detail)
    return None


def _remedy(facts: Facts, reader: Reader) -> Button | None:
    """Return the way to set right what can be set right from here."""
    if not reader.actor.may(Permission.ONBOARD):
        return None
    match facts.word("code"):
        case "mode_prepaid" | "mode_postpaid" | "mode_relay_off":
            tag = tag_of(facts.word("detail"))
            return reader.button(N_("Switch to measurement …"), Action.DEVICE_MODE, tag)
        case "device_missing" | "duplicate_udf1" | "device_not_in_space":
            return reader.button(N_("Look at Qube"), Action.SYNC)
    return None


def _trouble(facts: Facts, reader: Reader) -> Safe:
    speaker, meter = reader.speaker, facts.maybe_word("meter") or "?"
    match facts.word("code"):
        case "device_missing":
            return speaker.text("No device at Qube has the name {meter}.", meter=meter)
        case "duplicate_udf1":
            return speaker.text("Several devices have the name {meter}. One must go.", meter=meter)
        case "device_not_in_space" | "not_your_space":
            return speaker.text("The device is no longer in your building at Qube.")
        case "no_tariff" | "tariff_changed":
            return speaker.text(
                "There is no price for some of the days. Nothing is charged for them yet."
            )
        case "negative_register":
            return speaker.text("The counter shows less than nothing. Nothing is charged.")
        case "mode_prepaid" | "mode_postpaid" | "mode_relay_off":
            return speaker.text(
                "The device bills by itself, and may cut by itself. It should only measure."
            )
        case "not_changed":
            return speaker.text("It takes the order to switch, and does not switch. Look at it.")
    return speaker.text("It is tried again, but somebody should look at it.")


def reading_fell(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a counter that fell, perhaps below what a person read. Rule 3.3."""
    speaker, name = reader.speaker, facts.maybe_word("reader")
    said = speaker.text(
        "Nothing is charged. Look at the meter: was it reset, or another one put in?"
    )
    if name is not None:
        said = speaker.text(
            "{name} read the first, the device shows less. Nothing more is charged until that "
            "reading is corrected, or the device has passed it.",
            name=name,
        )
    told = _screen(
        facts,
        reader,
        speaker.text("⚠️ Counter fell: {room}", room=reader.room(facts)),
        step_line(facts, reader),
        said,
    )
    if name is None:
        return told
    look = reader.button(N_("Look closer …"), Action.READING, facts.whole("reading_id"))
    return replace(told, buttons=((look,), *told.buttons))


def step_line(facts: Facts, reader: Reader) -> Safe:
    """Return from which value to which a counter went."""
    before = reader.speaker.number(facts.decimal("previous_value"))
    after = value_text(facts.decimal("value"), facts, reader)
    return line(before, bold(after), between=" → ")


def value_text(value: Decimal, facts: Facts, reader: Reader) -> str:
    """Return a value in the unit of the notice's meter."""
    return reader.speaker.quantity(value, facts.word("unit"))


def _screen(facts: Facts, reader: Reader, head: Safe, *rest: Safe | None) -> Screen:
    room = reader.button(N_("Open room"), Action.ROOM, facts.whole("lease_id"))
    return Screen(html=lines(head, reader.whose(facts), *rest), buttons=rows_of(room))
