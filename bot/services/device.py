"""Devices at the vendor as staff set them right: their mode, their names, their meters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.domain.metering import Installation
from bot.domain.people import Actor, NotAllowed, Permission
from bot.services.cause import Cause, mark_handled
from bot.services.device_plan import LinkPlan, find_device, link_plan, name_for
from bot.services.doorbell import Doorbell
from bot.services.fitting import FittedDevice, Fitting, Found, Misfit, fitting
from bot.services.outage import note_key_rejected
from bot.services.ports import Clock, GatewayError, KeyRejected, MeterGateway
from bot.services.store import Device, Transactions
from bot.services.stores import Unit
from bot.services.sync import SyncReport
from bot.services.vendor_command import Commanded, Result, command_label, command_mode


class NothingToName(Exception):
    """The device measures no room, or has its name already."""


class Syncs(Protocol):
    """Looks at the vendor."""

    async def run(self) -> SyncReport:
        """Look at every space and device, and handle what has changed."""
        ...

    async def refresh_meter(self, meter_id: int) -> Installation | None:
        """Look one meter up, and swap its device if it has another one now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOutcome:
    """How a change of one device went."""

    device: FittedDevice
    commanded: Commanded

    @property
    def is_done(self) -> bool:
        """Whether the vendor shows the change."""
        return self.commanded.result is Result.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """How a link went: what was written last, and the meter's installation once it has the device.

    `replaced_id` is the device that it has taken the place of.
    """

    plan: LinkPlan
    outcome: DeviceOutcome
    installed: Installation | None = None
    replaced_id: str | None = None
    error: GatewayError | None = None


class Devices:
    """Shows what the vendor has, and changes it there, read back before it is told."""

    def __init__(
        self,
        transactions: Transactions,
        gateway: MeterGateway,
        clock: Clock,
        doorbell: Doorbell,
        sync: Syncs,
    ) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock
        self._doorbell = doorbell
        self._sync = sync

    async def look(self, *, actor: Actor) -> Fitting:
        """This function will ask the vendor what it has now, and tell what does not fit.

        Raises NotAllowed, and GatewayError when the vendor cannot be asked at all.
        """
        _require(actor)
        report = await self._sync.run()
        return replace(await self.fitting(actor=actor), unasked=len(report.failed))

    async def fitting(self, *, actor: Actor) -> Fitting:
        """This function will tell what fitted at the last look. Raises NotAllowed."""
        _require(actor)
        async with self._transactions.read() as unit:
            return await _fitting(unit, actor)

    async def device(self, *, actor: Actor, tag: str) -> FittedDevice:
        """This function will return one device. Raises NotAllowed and DeviceUnlisted."""
        return find_device(await self.fitting(actor=actor), tag)

    async def link_plan(self, *, actor: Actor, tag: str, meter_id: int) -> LinkPlan:
        """This function will tell what a link would do.

        Raises NotAllowed, DeviceUnlisted and DeviceTaken.
        """
        return link_plan(await self.fitting(actor=actor), tag, meter_id)

    async def link(self, *, cause: Cause, tag: str, meter_id: int) -> Linked:
        """This function will give a device the name of a meter, and let the meter have it.

        The meter's first device is found, another one replaces it (rule 3.4). Raises what
        `link_plan` raises, AlreadyHandled and ButtonSpent; what goes wrong at the vendor is told.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            _require(cause.actor)
            plan = link_plan(await _fitting(unit, cause.actor), tag, meter_id)
            await _audit(unit, cause, "device.link", plan.device, _link_facts(plan), now)
        outcomes = await self._write_names(plan)
        await self._record(cause, "device.link_result", outcomes)
        linked = Linked(plan=plan, outcome=outcomes[-1])
        return await self._take(linked) if linked.outcome.is_done else linked

    async def switch_modes(
        self, *, cause: Cause, tag: str | None = None
    ) -> Sequence[DeviceOutcome]:
        """This function will set a device to measurement, or without a tag every one that bills
        by itself while it measures a meter; each is read back.

        Raises NotAllowed, DeviceUnlisted, AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            _require(cause.actor)
            found = await _fitting(unit, cause.actor)
            wanted = (
                found.devices_of(Misfit.WRONG_MODE) if tag is None else [find_device(found, tag)]
            )
            for each in wanted:
                facts = {"before": each.device.mode.value}
                await _audit(unit, cause, "device.mode", each, facts, now)
        outcomes: list[DeviceOutcome] = []
        for each in wanted:
            commanded = await command_mode(self._gateway, each.device.id)
            outcomes.append(DeviceOutcome(device=each, commanded=commanded))
            if isinstance(commanded.error, KeyRejected):
                break
        await self._record(cause, "device.mode_result", outcomes)
        return outcomes

    async def rename(self, *, cause: Cause, tag: str) -> DeviceOutcome:
        """This function will call a device at the vendor as its room is called.

        Raises NotAllowed, DeviceUnlisted, NothingToName, AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            _require(cause.actor)
            device = find_device(await _fitting(unit, cause.actor), tag)
            name = name_for(device)
            if name is None:
                raise NothingToName
            facts = {"before": device.device.name, "after": name}
            await _audit(unit, cause, "device.rename", device, facts, now)
        commanded = await command_label(
            self._gateway, device.device.id, udf1=device.device.udf1, name=name
        )
        outcome = DeviceOutcome(device=device, commanded=commanded)
        await self._record(cause, "device.rename_result", [outcome])
        return outcome

    async def _write_names(self, plan: LinkPlan) -> Sequence[DeviceOutcome]:
        """Take the name off whoever carries it, then give it; stop where it cannot be done."""
        outcomes: list[DeviceOutcome] = []
        changes = [*((each, None) for each in plan.holders), (plan.device, plan.meter.meter.udf1)]
        for device, udf1 in changes:
            commanded = await command_label(self._gateway, device.device.id, udf1=udf1)
            outcomes.append(DeviceOutcome(device=device, commanded=commanded))
            if commanded.result is not Result.DONE:
                break
        return outcomes

    async def _take(self, linked: Linked) -> Linked:
        """Let the meter find its device now; else the next look will."""
        before, device_id = linked.plan.meter.installed_id, linked.plan.device.device.id
        try:
            installed = await self._sync.refresh_meter(linked.plan.meter.meter.id)
        except GatewayError as error:
            return replace(linked, error=error)
        if installed is None or installed.device_id != device_id:
            return linked
        replaced_id = before if before != device_id else None
        return replace(linked, installed=installed, replaced_id=replaced_id)

    async def _record(self, cause: Cause, action: str, outcomes: Sequence[DeviceOutcome]) -> None:
        """Store what was read back, and how it went; nothing of this waits for the vendor."""
        now = self._clock.now()
        ids = {each.device.device.id for each in outcomes}
        async with self._transactions.begin() as unit:
            await unit.metering.lock_devices(ids)
            for each in outcomes:
                await _keep(unit, each)
                await _audit(unit, cause, action, each.device, _result_facts(each), now)
        for each in outcomes:
            if isinstance(each.commanded.error, KeyRejected):
                await note_key_rejected(self._transactions, each.commanded.error, now=now)
        self._doorbell.ring()


def _require(actor: Actor) -> None:
    if not actor.may(Permission.ONBOARD):
        raise NotAllowed(permission=Permission.ONBOARD)


async def _fitting(unit: Unit, actor: Actor) -> Fitting:
    places = await unit.places.all()
    meters = await unit.metering.named_meters()
    metered = {each.place_id for each in meters.values()}
    rooms = [room for place_id in sorted(metered) for room in await unit.places.rooms(place_id)]
    return fitting(
        Found(
            places=places,
            rooms={room.id: room for room in rooms},
            devices=(await unit.metering.devices()).values(),
            meters=meters,
            installed=await unit.metering.installed(),
            allowed=actor.places(Permission.ONBOARD),
        )
    )


async def _keep(unit: Unit, outcome: DeviceOutcome) -> None:
    details = outcome.commanded.details
    stored = await unit.metering.device(outcome.device.device.id)
    if details is not None and stored is not None:
        changed: Device = replace(
            stored, mode=details.mode, udf1=details.udf1, name=details.name or stored.name
        )
        await unit.metering.save_device(changed)


def _link_facts(plan: LinkPlan) -> dict[str, object]:
    return {
        "meter_id": plan.meter.meter.id,
        "meter": plan.meter.meter.udf1,
        "before": plan.device.device.udf1,
        "taken_from": [each.device.id for each in plan.holders],
    }


def _result_facts(outcome: DeviceOutcome) -> dict[str, object]:
    error, details = outcome.commanded.error, outcome.commanded.details
    return {
        "result": outcome.commanded.result.value,
        "code": None if error is None else error.code,
        "mode": None if details is None else details.mode.value,
        "udf1": None if details is None else details.udf1,
        "name": None if details is None else details.name,
    }


async def _audit(
    unit: Unit,
    cause: Cause,
    action: str,
    device: FittedDevice,
    facts: Mapping[str, object],
    now: datetime,
) -> None:
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=None if device.place is None else device.place.id,
        action=action,
        facts={"device": device.device.id, **facts},
    )
