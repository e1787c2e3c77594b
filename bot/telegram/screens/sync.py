"""What Qube has and what of it does not fit, on one card; and the lists behind it."""

from collections.abc import Sequence

from bot.i18n import N_, Safe, Speaker
from bot.services.fitting import FittedDevice, FittedMeter, Fitting, Misfit
from bot.services.ports import GatewayError
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label

CODES = {
    "m": Misfit.MISSING,
    "w": Misfit.WRONG_MODE,
    "u": Misfit.UNNAMED,
    "s": Misfit.STRANGE,
    "d": Misfit.DUPLICATE,
}
NAMES = {
    Misfit.MISSING: N_("Missing device"),
    Misfit.WRONG_MODE: N_("Wrong mode"),
    Misfit.UNNAMED: N_("Without a name"),
    Misfit.STRANGE: N_("Unknown names"),
    Misfit.DUPLICATE: N_("Same name"),
}
HINTS = {
    Misfit.MISSING: N_(
        "No device has the name of these meters. Open the device that is there now, and link it."
    ),
    Misfit.WRONG_MODE: N_(
        "These devices bill by themselves, and may cut by themselves. They should only measure."
    ),
    Misfit.UNNAMED: N_(
        "These devices have no name in UDF 1, so that no meter finds them. Link each to its room."
    ),
    Misfit.STRANGE: N_(
        "No meter has the name of these devices. Link them, or leave those that are none of ours."
    ),
    Misfit.DUPLICATE: N_(
        "Several devices have the same name. Link the right one, and the others lose it."
    ),
}
KEPT = "k"
"""Stands in a button that goes back to what is known, without asking Qube again."""
ALL = "*"
PAGE = 6
MOST_PLACES = 3


def sync_press(*arguments: str) -> Press:
    """Return the way to the card."""
    return press(Action.SYNC, *arguments)


def waiting_screen(speaker: Speaker) -> Screen:
    """Return what is shown while Qube is asked."""
    return Screen(html=speaker.text("⏳ Asking Qube …"))


def sync_screen(found: Fitting, speaker: Speaker, *, trouble: GatewayError | None = None) -> Screen:
    """Return the card: what fits, and what somebody has to look at."""
    counts = [(code, misfit, found.count(misfit)) for code, misfit in CODES.items()]
    lists = [
        Button(
            label=f"{speaker.plain.text(NAMES[misfit])} · {speaker.count(count)}",
            press=press(Action.SYNC_LIST, code, 0),
        )
        for code, misfit, count in counts
        if count
    ]
    again = Button(label=speaker.plain.text("⟳ Look again"), press=sync_press())
    return Screen(
        html=blocks(
            [_title(found, speaker), *_names(found)],
            [_fitting(found, speaker), *(_misfit(each, n, speaker) for _, each, n in counts if n)],
            [_unasked(found, speaker), _looked_at(found, trouble, speaker)],
        ),
        buttons=(*rows_of(*lists), (again, home_button(speaker))),
    )


def misfit_screen(found: Fitting, misfit: Misfit, number: int, speaker: Speaker) -> Screen:
    """Return the devices, or meters, of one kind; each opens with a tap."""
    code = next(code for code, each in CODES.items() if each is misfit)
    buttons = _entries(found, misfit)
    last = max(-(-len(buttons) // PAGE) - 1, 0)
    shown = min(max(number, 0), last)
    say = speaker.plain.text
    switch = Button(label=say("Switch all …"), press=press(Action.DEVICE_MODE, ALL))
    earlier = Button(label=say("‹ Earlier"), press=press(Action.SYNC_LIST, code, shown - 1))
    later = Button(label=say("Further ›"), press=press(Action.SYNC_LIST, code, shown + 1))
    back = Button(label=say("‹ Back"), press=sync_press(KEPT))
    return Screen(
        html=blocks([bold(speaker.text(NAMES[misfit]))], [speaker.text(HINTS[misfit])]),
        buttons=(
            *((button,) for button in buttons[shown * PAGE : (shown + 1) * PAGE]),
            *rows_of(earlier if shown else None, later if shown < last else None),
            *rows_of(switch if misfit is Misfit.WRONG_MODE and buttons else None, back),
        ),
    )


def device_label(each: FittedDevice) -> str:
    """Return how a device is called among staff."""
    return " · ".join(part for part in (each.device.name, each.device.id) if part)


def meter_label(each: FittedMeter) -> str:
    """Return how a meter is called among staff, marked when it has no device."""
    room = None if each.room is None else room_label(each.room)
    name = " · ".join(part for part in (room, each.meter.udf1) if part)
    return f"🔴 {name}" if each.is_missing else name


def _entries(found: Fitting, misfit: Misfit) -> list[Button]:
    if misfit is Misfit.MISSING:
        return [
            Button(label=meter_label(each), press=press(Action.METER, each.meter.id))
            for each in found.missing
        ]
    return [
        Button(label=device_label(each), press=press(Action.DEVICE, each.tag))
        for each in found.devices_of(misfit)
    ]


def _title(found: Fitting, speaker: Speaker) -> Safe:
    devices = speaker.plural("{n} device", "{n} devices", len(found.devices))
    return line(bold("Qube"), devices)


def _names(found: Fitting) -> Sequence[str]:
    names = [place.name for place in found.places]
    return names if len(names) <= MOST_PLACES else []


def _fitting(found: Fitting, speaker: Speaker) -> Safe:
    if not found.devices:
        return speaker.text("⚪ There are no devices in your buildings at Qube.")
    return speaker.plural(
        "🟢 {n} device fits its meter", "🟢 {n} devices fit their meters", found.fitting
    )


def _misfit(misfit: Misfit, n: int, speaker: Speaker) -> Safe:
    match misfit:
        case Misfit.MISSING:
            return speaker.plural("🔴 {n} meter has no device", "🔴 {n} meters have no device", n)
        case Misfit.WRONG_MODE:
            return speaker.plural("⚠️ {n} bills by itself", "⚠️ {n} bill by themselves", n)
        case Misfit.UNNAMED:
            return speaker.plural("⚪ {n} has no name", "⚪ {n} have no name", n)
        case Misfit.STRANGE:
            return speaker.plural(
                "⚪ {n} has a name that no meter has", "⚪ {n} have names that no meter has", n
            )
        case Misfit.DUPLICATE:
            return speaker.plural(
                "⚠️ {n} has another one's name", "⚠️ {n} share a name with another one", n
            )


def _unasked(found: Fitting, speaker: Speaker) -> Safe | None:
    if not found.unasked:
        return None
    return speaker.plural("⚠️ {n} could not be asked", "⚠️ {n} could not be asked", found.unasked)


def _looked_at(found: Fitting, trouble: GatewayError | None, speaker: Speaker) -> Safe | None:
    at = None if found.looked_at is None else speaker.day_and_time(found.looked_at)
    if trouble is None:
        return None if at is None else speaker.text("Looked at {time}", time=at)
    if at is None:
        return speaker.text("⚠️ Qube cannot be asked just now ({code}).", code=trouble.code)
    return speaker.text(
        "⚠️ Qube cannot be asked just now ({code}). This was so at {time}.",
        code=trouble.code,
        time=at,
    )
