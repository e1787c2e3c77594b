"""Price lists in the store; a version's terms are never changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Column, Text, UniqueConstraint, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to
from bot.db.meter import meter
from bot.db.types import AnyRow, Facts, LocalDate
from bot.domain.service_kind import ELECTRIC, BillingType, Medium, ServiceKind
from bot.domain.tariff import Tariff, TariffVersion
from bot.services.tariff_terms import terms_facts, version_from

tariff = table(
    "tariff",
    row_id(),
    to("place", "place_id"),
    Column("name", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("unit", Text, nullable=False),
    UniqueConstraint("place_id", "name"),
)

tariff_version = table(
    "tariff_version",
    row_id(),
    to("tariff", "tariff_id"),
    Column("from_on", LocalDate, nullable=False),
    Column("terms", Facts, nullable=False),
    UniqueConstraint("tariff_id", "from_on"),
)


_WITH_VERSIONS = (
    select(tariff_version, tariff.c.name, tariff.c.service, tariff.c.unit)
    .join(tariff, tariff.c.id == tariff_version.c.tariff_id)
    .where(tariff.c.id.in_(bindparam("tariff_ids", expanding=True)))
    .order_by(tariff_version.c.tariff_id, tariff_version.c.from_on)
)

_SHARED = (
    select(tariff.c.id)
    .where(tariff.c.id.in_(bindparam("tariff_ids", expanding=True)))
    .order_by(tariff.c.id)
    .with_for_update(read=True)
)


class Tariffs:
    """The price lists of the places."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, tariff_ids: Collection[int]) -> Mapping[int, Tariff]:
        """Return tariffs with all their versions, by id."""
        rows = await self._connection.execute(_WITH_VERSIONS, {"tariff_ids": list(tariff_ids)})
        heads: dict[int, AnyRow] = {}
        versions: dict[int, list[TariffVersion]] = {}
        for row in rows:
            heads[row.tariff_id] = row
            version = version_from(row.terms, version_id=row.id, from_on=row.from_on)
            versions.setdefault(row.tariff_id, []).append(version)
        return {
            tariff_id: Tariff(
                id=tariff_id,
                name=heads[tariff_id].name,
                versions=tuple(found),
                medium=Medium(
                    service=ServiceKind(heads[tariff_id].service), unit=heads[tariff_id].unit
                ),
            )
            for tariff_id, found in versions.items()
        }

    async def share(self, tariff_ids: Collection[int]) -> None:
        """Keep tariffs as they are until the unit ends; others may share them too.

        A statement of its own: what is read after it is what the lock holds still.
        """
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(_SHARED, {"tariff_ids": list(tariff_ids)})

    async def lock(self, tariff_id: int) -> int | None:
        """Return a tariff's place, None when there is no such tariff.

        Until the unit ends nobody else changes it or charges by it.
        """
        rows = await self._connection.execute(
            select(tariff.c.place_id).where(tariff.c.id == tariff_id).with_for_update()
        )
        place_id: int | None = rows.scalar_one_or_none()
        return place_id

    async def place_id(self, tariff_id: int) -> int | None:
        """Return a tariff's place, None when there is no such tariff."""
        rows = await self._connection.execute(
            select(tariff.c.place_id).where(tariff.c.id == tariff_id)
        )
        found: int | None = rows.scalar_one_or_none()
        return found

    async def of_place(self, place_id: int) -> Sequence[Tariff]:
        """Return the tariffs of a place, oldest first."""
        rows = await self._connection.execute(
            select(tariff.c.id).where(tariff.c.place_id == place_id).order_by(tariff.c.id)
        )
        found = await self.get(list(rows.scalars()))
        return list(found.values())

    async def media(self, place_id: int) -> frozenset[Medium]:
        """Return what the meters of a place count, but what is included in the rent."""
        rows = await self._connection.execute(
            select(meter.c.service, meter.c.unit)
            .where(
                meter.c.place_id == place_id,
                meter.c.billing_type != BillingType.INCLUDED.value,
            )
            .distinct()
        )
        return frozenset(Medium(service=ServiceKind(row.service), unit=row.unit) for row in rows)

    async def add(
        self,
        *,
        place_id: int,
        name: str,
        versions: Sequence[TariffVersion],
        medium: Medium = ELECTRIC,
    ) -> int:
        """Store a new tariff; the ids of its versions are ignored. Return its id."""
        rows = await self._connection.execute(
            insert(tariff)
            .values(place_id=place_id, name=name, service=medium.service.value, unit=medium.unit)
            .returning(tariff.c.id)
        )
        tariff_id: int = rows.scalar_one()
        for version in versions:
            await self.add_version(tariff_id, version)
        return tariff_id

    async def add_version(self, tariff_id: int, version: TariffVersion) -> int:
        """Store a further version, whose id is ignored. Return its id."""
        on: date = version.from_on
        rows = await self._connection.execute(
            insert(tariff_version)
            .values(tariff_id=tariff_id, from_on=on, terms=terms_facts(version))
            .returning(tariff_version.c.id)
        )
        version_id: int = rows.scalar_one()
        return version_id

    async def remove_version(self, version_id: int) -> None:
        """Forget a version that nothing was charged with."""
        await self._connection.execute(
            delete(tariff_version).where(tariff_version.c.id == version_id)
        )

    async def rename(self, *, tariff_id: int, name: str) -> None:
        """Give a tariff another name, which no other one of its place has."""
        await self._connection.execute(
            update(tariff).where(tariff.c.id == tariff_id).values(name=name)
        )
