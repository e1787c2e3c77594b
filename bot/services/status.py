"""Whether all is well: jobs, meters, orders, notices, and the way to the vendor."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from bot.domain.people import Actor, NotAllowed, Permission
from bot.services.ports import (
    Clock,
    DeviceUnknown,
    DeviceUnplaced,
    DeviceUnreachable,
    GatewayError,
    KeyRejected,
    Lane,
    MeterGateway,
)
from bot.services.store import JobRun, NoticeStatus, Transactions
from bot.services.stores.rooms import RoomQuery, RoomTally

PATIENCE_S = 8


class VendorState(Enum):
    """How the vendor answers."""

    ANSWERS = "answers"
    KEY_REJECTED = "key_rejected"
    SILENT = "silent"
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The health of the process, and of the person's places; `notices` are those undelivered."""

    now: datetime
    vendor: VendorState
    jobs: Sequence[JobRun]
    tally: RoomTally
    waiting_orders: int
    held_readings: int
    notices: Mapping[NoticeStatus, int]


class StatusReports:
    """Says how the process fares, to those who may know."""

    def __init__(self, transactions: Transactions, gateway: MeterGateway, clock: Clock) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock

    async def report(self, *, actor: Actor) -> Status:
        """This function will look at everything once. Raises NotAllowed."""
        if not actor.may(Permission.SEE_HEALTH):
            raise NotAllowed(permission=Permission.SEE_HEALTH)
        now = self._clock.now()
        places = actor.places(Permission.SEE_HEALTH)
        async with self._transactions.read() as unit:
            wanted = RoomQuery(place_ids=places, on=now.astimezone(UTC).date())
            tally = await unit.rooms.tally(wanted)
            orders = await unit.rooms.waiting_orders(places)
            held = await unit.rooms.held_readings(places)
            jobs = await unit.jobs.last_runs()
            notices = await unit.outbox.undelivered(places)
            installed = await unit.metering.installed()
        device_id = next((each for each in installed.values() if each is not None), None)
        return Status(
            now=now,
            vendor=await self._vendor(device_id),
            jobs=sorted(jobs, key=lambda run: run.job),
            tally=tally,
            waiting_orders=orders,
            held_readings=held,
            notices=notices,
        )

    async def _vendor(self, device_id: str | None) -> VendorState:
        """One question about one device: an answer that it is offline or gone is an answer."""
        if device_id is None:
            return VendorState.UNTRIED
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._gateway.device(device_id, lane=Lane.FRESH)
        except KeyRejected:
            return VendorState.KEY_REJECTED
        except (DeviceUnknown, DeviceUnplaced, DeviceUnreachable):
            return VendorState.ANSWERS
        except (GatewayError, TimeoutError):
            return VendorState.SILENT
        return VendorState.ANSWERS
