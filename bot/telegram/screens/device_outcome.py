"""What came of a change at Qube: what was read back, and what to do where it failed."""

from collections.abc import Sequence

from bot.i18n import Safe, Speaker
from bot.services.device import DeviceOutcome, Linked
from bot.services.vendor_command import Result
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.device import MOST_NAMED, device_title, meter_room, to_qube
from bot.telegram.screens.html import blocks, bold, line


def linked_screen(linked: Linked, speaker: Speaker) -> Screen:
    """Return what came of a link."""
    meter = linked.plan.meter
    to_meter = Button(
        label=speaker.plain.text("Open meter"), press=press(Action.METER, meter.meter.id)
    )
    values = None
    if linked.installed is not None and linked.replaced_id is not None:
        values = Button(
            label=speaker.plain.text("What they showed …"),
            press=press(Action.SWAP, linked.installed.id),
        )
    return Screen(
        html=blocks([device_title(linked.plan.device)], _link_lines(linked, speaker)),
        buttons=(*rows_of(to_meter, values), (to_qube(speaker),)),
    )


def outcomes_screen(outcomes: Sequence[DeviceOutcome], speaker: Speaker) -> Screen:
    """Return how it went with each device."""
    shown = [
        outcome_text(each, speaker.text("it only measures now, read back"), speaker)
        for each in outcomes[:MOST_NAMED]
    ]
    more = len(outcomes) - len(shown)
    if more:
        shown.append(speaker.plural("and {n} more", "and {n} more", more))
    none = [speaker.text("No device bills by itself any more.")]
    return Screen(html=blocks(shown or none), buttons=((to_qube(speaker),),))


def renamed_screen(outcome: DeviceOutcome, speaker: Speaker) -> Screen:
    """Return what came of a new name."""
    said = outcome_text(outcome, speaker.text("it has its new name, read back"), speaker)
    back = Button(
        label=speaker.plain.text("‹ Back"), press=press(Action.DEVICE, outcome.device.tag)
    )
    return Screen(html=said, buttons=((back,),))


def outcome_text(outcome: DeviceOutcome, done: Safe, speaker: Speaker) -> Safe:
    """Return how a change went, and what to do if it did not."""
    name = bold(outcome.device.device.name or outcome.device.device.id)
    match outcome.commanded.result:
        case Result.DONE:
            return line(Safe(f"🟢 {name}"), done, between=": ")
        case Result.OFFLINE:
            return speaker.text(
                "⚠️ {name} is offline. Nothing was changed; try again when it is back.", name=name
            )
        case Result.NOT_DONE:
            return speaker.text(
                "⚠️ {name}: Qube has not changed it. Try again, or change it at Qube.", name=name
            )
        case Result.UNAVAILABLE:
            return speaker.text(
                "⚠️ {name}: Qube does not answer. Nothing was changed; try again in a minute.",
                name=name,
            )
        case Result.UNSURE:
            return speaker.text(
                "⚠️ {name}: Qube did not say how it went. Look again in a minute.", name=name
            )
        case Result.REFUSED:
            return _refused(outcome, name, speaker)


def _refused(outcome: DeviceOutcome, name: Safe, speaker: Speaker) -> Safe:
    error = outcome.commanded.error
    said = None if error is None else line(error.code, error.detail or None, between=": ")
    return speaker.text("🔴 {name}: Qube says no ({said}). Look at it there.", name=name, said=said)


def _link_lines(linked: Linked, speaker: Speaker) -> list[Safe]:
    room = bold(meter_room(linked.plan.meter))
    if not linked.outcome.is_done or linked.outcome.device != linked.plan.device:
        return [outcome_text(linked.outcome, Safe(""), speaker)]
    if linked.installed is None:
        return [
            speaker.text("🟢 It has the name of the meter of {room}.", room=room),
            speaker.text("⏳ The meter takes it at the next look."),
        ]
    said = [speaker.text("🟢 It measures {room} now.", room=room)]
    if linked.replaced_id is not None:
        said.append(speaker.text("It has taken the place of {device}.", device=linked.replaced_id))
    return said
