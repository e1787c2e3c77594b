"""One device at Qube, and what can be set right about it."""

from collections.abc import Sequence

from bot.i18n import N_, Safe, Speaker
from bot.services.device_plan import LinkPlan, name_for
from bot.services.fitting import FittedDevice, FittedMeter, Misfit
from bot.services.ports import DeviceMode
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label
from bot.telegram.screens.sync import ALL, KEPT, PAGE, device_label, meter_label, sync_press

MOST_NAMED = 6
MODES = {
    DeviceMode.MEASUREMENT: N_("measurement"),
    DeviceMode.PREPAID: N_("Qube's own prepaid"),
    DeviceMode.POSTPAID: N_("Qube's own postpaid"),
    DeviceMode.RELAY_OFF: N_("relay off"),
    DeviceMode.UNKNOWN: N_("not known"),
}


def device_screen(each: FittedDevice, speaker: Speaker) -> Screen:
    """Return the device: its name, its meter, its mode."""
    udf1 = each.device.udf1
    named = speaker.text("Name in UDF 1: {name}", name=udf1)
    return Screen(
        html=blocks(
            [device_title(each), None if each.place is None else each.place.name],
            [
                speaker.text("No name in UDF 1") if udf1 is None else named,
                _measured(each, speaker),
                _mode(each, speaker),
                _reachable(each, speaker),
            ],
        ),
        buttons=(*rows_of(*_actions(each, speaker), width=1), (to_qube(speaker),)),
    )


def meter_choice_screen(
    device: FittedDevice, meters: Sequence[FittedMeter], number: int, speaker: Speaker
) -> Screen:
    """Return the meters of the device's building, those without a device first."""
    last = max(-(-len(meters) // PAGE) - 1, 0)
    shown = min(max(number, 0), last)
    say, tag = speaker.plain.text, device.tag
    options = [
        Button(label=meter_label(each), press=press(Action.DEVICE_LINK_ASK, tag, each.meter.id))
        for each in meters[shown * PAGE : (shown + 1) * PAGE]
    ]
    earlier = Button(label=say("‹ Earlier"), press=press(Action.DEVICE_LINK, tag, shown - 1))
    later = Button(label=say("Further ›"), press=press(Action.DEVICE_LINK, tag, shown + 1))
    asked = speaker.text("<b>Which meter does it measure?</b> Tap it, or type its room.")
    none = speaker.text("No meter of this building is known. Import its rooms first.")
    return Screen(
        html=blocks([device_title(device)], [asked if meters else none]),
        buttons=(
            *((option,) for option in options),
            *rows_of(earlier if shown else None, later if shown < last else None),
            (_cancel(device, speaker),),
        ),
    )


def link_confirm_screen(plan: LinkPlan, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question: which device is to measure what, and what that changes."""
    device, say = plan.device, speaker.plain.text
    meter_id = plan.meter.meter.id
    confirm = press(Action.DEVICE_LINK_CONFIRM, device.tag, meter_id, nonce=nonce)
    back = Button(label=say("‹ Back"), press=press(Action.DEVICE_LINK, device.tag, 0))
    return Screen(
        html=blocks(
            [
                speaker.text(
                    "Link {device} to the meter of {room}?",
                    device=bold(device_label(device)),
                    room=bold(meter_room(plan.meter)),
                )
            ],
            [
                speaker.text("Qube is told its name: {name}", name=plan.meter.meter.udf1),
                *(
                    speaker.text("{device} loses this name.", device=device_label(each))
                    for each in plan.holders
                ),
                _replacing(plan, speaker),
            ],
        ),
        buttons=(
            (Button(label=say("Link it"), press=confirm),),
            (back, _cancel(device, speaker)),
        ),
    )


def mode_confirm_screen(
    devices: Sequence[FittedDevice], tag: str, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether devices are to measure only."""
    say = speaker.plain
    head = speaker.plural(
        "Set {n} device to <b>measurement</b>?",
        "Set {n} devices to <b>measurement</b>?",
        len(devices),
    )
    confirm = Button(
        label=say.plural("Switch {n} device", "Switch {n} devices", len(devices)),
        press=press(Action.DEVICE_MODE_CONFIRM, tag, nonce=nonce),
    )
    cancel = press(Action.SYNC, KEPT) if tag == ALL else press(Action.DEVICE, tag)
    return Screen(
        html=blocks(
            [head],
            _named(devices, speaker),
            [
                speaker.text(
                    "Qube then neither bills nor cuts by itself: what is used is charged here."
                )
            ],
        ),
        buttons=((confirm,), (Button(label=say.text("Cancel"), press=cancel),)),
    )


def rename_confirm_screen(each: FittedDevice, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question whether a device is to be called as its room."""
    say = speaker.plain.text
    confirm = Button(
        label=say("Rename it"), press=press(Action.DEVICE_NAME_CONFIRM, each.tag, nonce=nonce)
    )
    return Screen(
        html=speaker.text(
            "Call {device} “{name}” at Qube?",
            device=bold(device_label(each)),
            name=name_for(each) or each.device.name,
        ),
        buttons=((confirm,), (_cancel(each, speaker),)),
    )


def device_title(each: FittedDevice) -> Safe:
    """Return how a device is called at Qube, and its id."""
    name = bold(each.device.name) if each.device.name else None
    return line(name, each.device.id)


def meter_room(meter: FittedMeter) -> str:
    """Return the room of a meter, or its name."""
    return meter.meter.udf1 or "" if meter.room is None else room_label(meter.room)


def _measured(each: FittedDevice, speaker: Speaker) -> Safe:
    if each.meter is None:
        return speaker.text("⚪ It measures no meter of ours")
    if Misfit.DUPLICATE in each.misfits:
        return speaker.text("⚠️ Another device has the same name")
    room = each.meter.udf1 if each.room is None else room_label(each.room)
    return speaker.text("🟢 It measures {room}", room=room)


def _mode(each: FittedDevice, speaker: Speaker) -> Safe:
    mode = speaker.text(MODES[each.device.mode])
    if each.bills_itself:
        return speaker.text("⚠️ Mode: {mode}", mode=mode)
    return speaker.text("Mode: {mode}", mode=mode)


def _reachable(each: FittedDevice, speaker: Speaker) -> Safe | None:
    if each.device.is_online is None:
        return None
    return speaker.text("Online") if each.device.is_online else speaker.text("⚠️ Offline")


def _actions(each: FittedDevice, speaker: Speaker) -> list[Button | None]:
    say, name = speaker.plain.text, name_for(each)
    is_free = each.meter is None or Misfit.DUPLICATE in each.misfits
    mode, link = press(Action.DEVICE_MODE, each.tag), press(Action.DEVICE_LINK, each.tag, 0)
    return [
        Button(label=say("Switch to measurement …"), press=mode) if each.bills_itself else None,
        Button(label=say("Link to a room's meter …"), press=link) if is_free else None,
        Button(
            label=say("Call it “{name}” …", name=name), press=press(Action.DEVICE_NAME, each.tag)
        )
        if name is not None
        else None,
    ]


def _replacing(plan: LinkPlan, speaker: Speaker) -> Safe | None:
    before = plan.meter.installed_id
    if before in {None, plan.device.device.id}:
        return None
    return speaker.text(
        "It takes the place of {device}, and begins at what it shows now. "
        "Nothing is charged twice.",
        device=before,
    )


def _named(devices: Sequence[FittedDevice], speaker: Speaker) -> list[Safe]:
    shown = [
        line(device_label(each), speaker.text(MODES[each.device.mode]), between=": ")
        for each in devices[:MOST_NAMED]
    ]
    more = len(devices) - len(shown)
    if more:
        shown.append(speaker.plural("and {n} more", "and {n} more", more))
    return shown


def _cancel(each: FittedDevice, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.DEVICE, each.tag))


def to_qube(speaker: Speaker) -> Button:
    """Return the way back to what Qube has."""
    return Button(label=speaker.plain.text("‹ Qube"), press=sync_press(KEPT))
