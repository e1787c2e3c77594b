"""A device at Qube is set right: asked once, done, read back, and told as it is."""

from collections.abc import Sequence

from bot.services.device import NothingToName
from bot.services.device_plan import name_for
from bot.services.fitting import FittedDevice, FittedMeter, Misfit
from bot.services.room_name import RoomName, matching_rooms
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.device import (
    device_screen,
    link_confirm_screen,
    meter_choice_screen,
    mode_confirm_screen,
    rename_confirm_screen,
)
from bot.telegram.screens.device_outcome import linked_screen, outcomes_screen, renamed_screen
from bot.telegram.screens.sync import ALL

CHOOSING = "device.meter"


async def device(context: Context) -> Screen:
    """This function will show a device, and end the dialog that was under way."""
    await context.services.dialogs.end(person_id=context.person.id)
    found = await context.services.devices.device(actor=context.actor, tag=context.tap.text(0))
    return device_screen(found, context.speaker)


async def choose_meter(context: Context) -> Screen:
    """This function will ask which meter a device measures."""
    tap = context.tap
    found, meters = await _candidates(context, tap.text(0))
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=CHOOSING, facts={"tag": found.tag}
    )
    return meter_choice_screen(found, meters, tap.integer(1), context.speaker)


async def typed_meter(context: Context) -> Screen:
    """This function will take the room that was typed; several are listed, none brings all."""
    facts = {} if context.dialog is None else context.dialog.facts
    found, meters = await _candidates(context, str(facts["tag"]))
    rooms = [
        RoomName(room_id=each.meter.id, room=each.room or each.meter.udf1 or "", place="")
        for each in meters
    ]
    named = {each.room_id for each in matching_rooms(context.request.text, rooms)}
    wanted = [each for each in meters if each.meter.id in named]
    if len(wanted) == 1:
        return await _asked(context, found.tag, wanted[0].meter.id)
    return meter_choice_screen(found, wanted or meters, 0, context.speaker)


async def ask_link(context: Context) -> Screen:
    """This function will ask for confirmation of a link."""
    return await _asked(context, context.tap.text(0), context.tap.integer(1))


async def link(context: Context) -> Screen:
    """This function will link a device to a meter."""
    tap = context.tap
    _require_confirmed(context)
    await context.services.dialogs.end(person_id=context.person.id)
    linked = await context.services.devices.link(
        cause=context.cause, tag=tap.text(0), meter_id=tap.integer(1)
    )
    return linked_screen(linked, context.speaker)


async def ask_mode(context: Context) -> Screen:
    """This function will ask whether a device, or all, are to measure only."""
    tag, devices = context.tap.text(0), context.services.devices
    fitting = await devices.fitting(actor=context.actor)
    wanted = fitting.devices_of(Misfit.WRONG_MODE)
    if tag != ALL:
        wanted = [await devices.device(actor=context.actor, tag=tag)]
    if not wanted:
        return outcomes_screen([], context.speaker)
    return mode_confirm_screen(wanted, tag, context.speaker, nonce=context.nonce)


async def switch(context: Context) -> Screen:
    """This function will set a device, or all, to measurement."""
    tag = context.tap.text(0)
    _require_confirmed(context)
    outcomes = await context.services.devices.switch_modes(
        cause=context.cause, tag=None if tag == ALL else tag
    )
    return outcomes_screen(outcomes, context.speaker)


async def ask_name(context: Context) -> Screen:
    """This function will ask whether a device is to be called as its room."""
    found = await context.services.devices.device(actor=context.actor, tag=context.tap.text(0))
    if name_for(found) is None:
        raise NothingToName
    return rename_confirm_screen(found, context.speaker, nonce=context.nonce)


async def rename(context: Context) -> Screen:
    """This function will call a device as its room."""
    _require_confirmed(context)
    outcome = await context.services.devices.rename(cause=context.cause, tag=context.tap.text(0))
    return renamed_screen(outcome, context.speaker)


async def _candidates(context: Context, tag: str) -> tuple[FittedDevice, Sequence[FittedMeter]]:
    """Return a device and the meters of its building that it may measure."""
    devices = context.services.devices
    found = await devices.device(actor=context.actor, tag=tag)
    fitting = await devices.fitting(actor=context.actor)
    meters = [each for each in fitting.meters if each.place == found.place]
    if Misfit.DUPLICATE in found.misfits:
        meters = [each for each in meters if each.meter == found.meter]
    return found, meters


async def _asked(context: Context, tag: str, meter_id: int) -> Screen:
    plan = await context.services.devices.link_plan(actor=context.actor, tag=tag, meter_id=meter_id)
    return link_confirm_screen(plan, context.speaker, nonce=context.nonce)


def _require_confirmed(context: Context) -> None:
    if context.tap.nonce is None:
        raise ButtonUnknown(context.request.data)
