"""Which tariffs leases were given, for which service, and since when."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import Column, Text, bindparam, delete, exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.entry import charge_line, entry
from bot.db.lease import lease
from bot.db.metadata import table, to
from bot.db.meter import lease_meter, meter
from bot.db.tariff import Tariffs
from bot.db.types import LocalDate, written_out
from bot.domain.ledger import EntryKind
from bot.domain.service_kind import BillingType, Medium, ServiceKind
from bot.domain.tariff import Tariff
from bot.domain.timeline import Given, Timeline, Timelines

AT_ONCE = 5_000

_Row: TypeAlias = tuple[ServiceKind, date, int]

lease_tariff = table(
    "lease_tariff",
    to("lease", "lease_id", key=True),
    Column("service", Text, primary_key=True),
    Column("from_on", LocalDate, primary_key=True),
    to("tariff", "tariff_id"),
)

_GIVEN = (
    select(lease_tariff)
    .where(lease_tariff.c.lease_id.in_(bindparam("lease_ids", expanding=True)))
    .order_by(lease_tariff.c.lease_id, lease_tariff.c.from_on)
)
WAS_GIVEN = exists().where(lease_tariff.c.lease_id == lease.c.id)
_MEDIA = (
    select(lease_meter.c.lease_id, meter.c.service, meter.c.unit)
    .join(meter, meter.c.id == lease_meter.c.meter_id)
    .where(
        lease_meter.c.lease_id.in_(bindparam("lease_ids", expanding=True)),
        lease_meter.c.share_ppm.is_(None),
        meter.c.billing_type == BillingType.INDIVIDUAL.value,
    )
)
_line = charge_line.alias("line")
_LAST_MONTH_ON = (
    select(_line.c.month_on)
    .where(_line.c.lease_id == lease.c.id, _line.c.service == bindparam("service"))
    .order_by(_line.c.month_on.desc())
    .limit(1)
    .correlate(lease)
    .scalar_subquery()
)
_CHARGED_AT = (
    select(func.max(entry.c.occurred_at))
    .join(charge_line, charge_line.c.entry_id == entry.c.id)
    .where(
        charge_line.c.lease_id == lease.c.id,
        charge_line.c.month_on == _LAST_MONTH_ON,
        charge_line.c.service == bindparam("service"),
        entry.c.kind == written_out(EntryKind.DEDUCTION),
    )
    .correlate(lease)
    .scalar_subquery()
)


class LeaseTariffs:
    """The tariffs of the leases, day by day."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def timelines(
        self,
        first: Mapping[int, int],
        *,
        changed: Collection[int] | None = None,
        lock: bool = False,
    ) -> Mapping[int, Timelines]:
        """Return what leases pay, by lease id, from the ids of the tariffs that they began with.

        `changed` are the leases that were ever given another, when it is known which these are.
        With `lock` nobody changes these tariffs until the unit ends: the leases must be locked
        before, for then neither are they given others.
        """
        given = await self._given(list(first if changed is None else changed))
        tariff_ids = {*first.values(), *(each for own in given.values() for _, _, each in own)}
        tariffs = Tariffs(self._connection)
        if lock:
            await tariffs.share(tariff_ids)
        known = await tariffs.get(tariff_ids)
        plain = {
            tariff_id: {tariff.medium.service: Timeline.of(tariff)}
            for tariff_id, tariff in known.items()
        }
        return {
            lease_id: _joined(known[tariff_id], given[lease_id], known)
            if lease_id in given
            else plain[tariff_id]
            for lease_id, tariff_id in first.items()
        }

    async def _given(self, lease_ids: Sequence[int]) -> dict[int, list[_Row]]:
        found: dict[int, list[_Row]] = {}
        for at in range(0, len(lease_ids), AT_ONCE):
            ids = {"lease_ids": lease_ids[at : at + AT_ONCE]}
            for row in await self._connection.execute(_GIVEN, ids):
                given = ServiceKind(row.service), row.from_on, row.tariff_id
                found.setdefault(row.lease_id, []).append(given)
        return found

    async def media(self, lease_ids: Collection[int]) -> Mapping[int, frozenset[Medium]]:
        """Return what the leases' own meters count, by lease id; those without are missing."""
        found: dict[int, set[Medium]] = {}
        ids = list(lease_ids)
        for at in range(0, len(ids), AT_ONCE):
            for row in await self._connection.execute(
                _MEDIA, {"lease_ids": ids[at : at + AT_ONCE]}
            ):
                medium = Medium(service=ServiceKind(row.service), unit=row.unit)
                found.setdefault(row.lease_id, set()).add(medium)
        return {lease_id: frozenset(own) for lease_id, own in found.items()}

    async def give(
        self,
        *,
        lease_id: int,
        tariff_id: int,
        from_on: date,
        service: ServiceKind = ServiceKind.ELECTRICITY,
    ) -> None:
        """Let a lease have a tariff of a service from a day on, which has no other change of it."""
        await self._connection.execute(
            insert(lease_tariff).values(
                lease_id=lease_id, service=service.value, tariff_id=tariff_id, from_on=from_on
            )
        )

    async def take_back(
        self, *, lease_id: int, from_on: date, service: ServiceKind = ServiceKind.ELECTRICITY
    ) -> None:
        """Forget the changes of a lease's service that come on a day or later."""
        await self._connection.execute(
            delete(lease_tariff).where(
                lease_tariff.c.lease_id == lease_id,
                lease_tariff.c.service == service.value,
                lease_tariff.c.from_on >= from_on,
            )
        )

    async def having(self, tariff_id: int) -> Mapping[int, int]:
        """Return the leases that have, had or will have a tariff, and what they began with."""
        given = select(lease_tariff.c.lease_id).where(lease_tariff.c.tariff_id == tariff_id)
        rows = await self._connection.execute(
            select(lease.c.id, lease.c.tariff_id)
            .where(or_(lease.c.tariff_id == tariff_id, lease.c.id.in_(given)))
            .order_by(lease.c.id)
        )
        return {row.id: row.tariff_id for row in rows}

    async def charged_at(
        self, lease_ids: Collection[int], *, service: ServiceKind = ServiceKind.ELECTRICITY
    ) -> Mapping[int, datetime]:
        """Return up to when leases were charged for a service, by lease id.

        Those that never were are missing."""
        found: dict[int, datetime] = {}
        ids = list(lease_ids)
        for at in range(0, len(ids), AT_ONCE):
            rows = await self._connection.execute(
                select(lease.c.id, _CHARGED_AT.label("charged_at")).where(
                    lease.c.id.in_(ids[at : at + AT_ONCE])
                ),
                {"service": service.value},
            )
            found |= {row.id: row.charged_at for row in rows if row.charged_at is not None}
        return found


def _joined(first: Tariff, given: Sequence[_Row], known: Mapping[int, Tariff]) -> Timelines:
    found = {first.medium.service: [Given(tariff=first, from_on=date.min)]}
    for service, from_on, tariff_id in given:
        found.setdefault(service, []).append(Given(tariff=known[tariff_id], from_on=from_on))
    return {service: Timeline(given=tuple(own)) for service, own in found.items()}
