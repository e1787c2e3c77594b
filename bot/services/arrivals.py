"""Spaces and devices as the vendor lists them, noted in the store."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.place import Place
from bot.services.former_name import former_names
from bot.services.outage import note_offline
from bot.services.place import PlaceDefaults, by_name, name_key
from bot.services.ports import DeviceListing, SpaceListing
from bot.services.store import Device
from bot.services.stores import Unit
from bot.services.world import World


async def note_spaces(
    unit: Unit, spaces: Iterable[SpaceListing], defaults: PlaceDefaults
) -> list[str]:
    """Bind every space to a place: by its id, else by its name, else to a new place.

    Return the names of the new places. A space that is renamed later keeps its place's name.
    """
    await unit.places.lock()
    places = await unit.places.all()
    bound = {place.space_id for place in places}
    named, former = by_name(places), await former_names(unit)
    made = []
    for space in spaces:
        if space.space_id in bound:
            continue
        namesake = named.get(name_key(former.place(space.name)))
        if namesake is not None and namesake.space_id is None:
            await unit.places.save(replace(namesake, space_id=space.space_id))
            continue
        place = await unit.places.add(_new_place(space, namesake, defaults))
        named.setdefault(name_key(place.name), place)
        made.append(place.name)
    return made


def _new_place(space: SpaceListing, namesake: Place | None, defaults: PlaceDefaults) -> Place:
    plain = " ".join(space.name.split())
    name = plain if plain and namesake is None else f"{plain} ({space.space_id})".strip()
    return defaults.place(name, space_id=space.space_id)


async def note_devices(unit: Unit, world: World, *, now: datetime) -> Sequence[Device]:
    """Store every device that is listed, and whether it answers; return those as stored.

    Leases are locked before their orders, and orders before devices, as everywhere.
    """
    before = await unit.metering.devices()
    noted = [
        _device(listing, before.get(listing.device_id), world, now)
        for listing in world.listings.values()
    ]
    back = {each.id for each in noted if each.is_online and _changed(each, before.get(each.id))}
    lost = {
        each.id for each in noted if each.is_online is False and _changed(each, before.get(each.id))
    }
    await unit.supplies.lock_waiting(back)
    await unit.supplies.wake(back, at=now)
    for device in sorted(noted, key=lambda each: each.id):
        await unit.metering.save_device(device)
    await _tell_lost(unit, lost, now)
    return noted


async def note_gone(unit: Unit, world: World, *, now: datetime) -> list[str]:
    """Store which devices are listed no longer; return their ids."""
    gone = [
        device
        for device in (await unit.metering.devices()).values()
        if device.id not in world.listings and device.gone_at is None
    ]
    for device in gone:
        await unit.metering.save_device(replace(device, gone_at=now))
    return [device.id for device in gone]


def _device(listing: DeviceListing, before: Device | None, world: World, now: datetime) -> Device:
    details = world.details.get(listing.device_id)
    known = before or Device(
        id=listing.device_id,
        space_id=None,
        name=listing.name,
        udf1=listing.udf1,
        mode=listing.mode,
        seen_at=now,
    )
    is_online = known.is_online if details is None else details.is_online
    has_changed = is_online is not known.is_online
    return replace(
        known,
        space_id=world.space_ids[listing.device_id],
        name=listing.name,
        udf1=listing.udf1,
        mode=listing.mode if details is None else details.mode,
        has_relay=known.has_relay if details is None else details.has_relay,
        is_online=is_online,
        online_changed_at=now if has_changed else known.online_changed_at,
        seen_at=now,
        gone_at=None,
    )


def _changed(device: Device, before: Device | None) -> bool:
    return before is None or before.is_online is not device.is_online


async def _tell_lost(unit: Unit, device_ids: set[str], now: datetime) -> None:
    """Tell the staff of devices that have gone offline in rooms that are let."""
    if not device_ids:
        return
    installed = await unit.metering.installed()
    meters = [meter_id for meter_id, device_id in installed.items() if device_id in device_ids]
    leases = await unit.metering.running_leases(meters)
    lease_ids = {lease_id for found in leases.values() for lease_id in found}
    books = await unit.books.load(lease_ids, now=now, lock=False)
    lost = [
        (book, link)
        for book in books.values()
        for link in book.meters
        if link.device_id in device_ids
    ]
    await note_offline(unit, lost, now=now)
