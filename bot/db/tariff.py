"""Price lists in the store; a version's terms are never changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Text, UniqueConstraint, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to
from bot.db.types import AnyRow, Facts, LocalDate
from bot.domain.tariff import (
    Slab,
    StandingCharge,
    StandingPer,
    Tariff,
    TariffVersion,
    Tax,
)

tariff = table(
    "tariff",
    row_id(),
    to("place", "place_id"),
    Column("name", Text, nullable=False),
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


def _terms_of(version: TariffVersion) -> dict[str, Any]:
    standing, generator = version.standing, version.generator_rate_paise
    return {
        "slabs": [
            [None if slab.up_to is None else str(slab.up_to), str(slab.rate_paise)]
            for slab in version.slabs
        ],
        "generator_rate_paise": None if generator is None else str(generator),
        "standing": standing and [standing.amount_paise, standing.per.value],
        "taxes": [[tax.name, str(tax.percent)] for tax in version.taxes],
    }


def _version_from(row: AnyRow) -> TariffVersion:
    terms = row.terms
    standing, generator = terms["standing"], terms["generator_rate_paise"]
    return TariffVersion(
        id=row.id,
        from_on=row.from_on,
        slabs=tuple(
            Slab(up_to=None if up_to is None else Decimal(up_to), rate_paise=Decimal(rate))
            for up_to, rate in terms["slabs"]
        ),
        generator_rate_paise=None if generator is None else Decimal(generator),
        standing=standing
        and StandingCharge(amount_paise=standing[0], per=StandingPer(standing[1])),
        taxes=tuple(Tax(name=name, percent=Decimal(percent)) for name, percent in terms["taxes"]),
    )


_WITH_VERSIONS = (
    select(tariff_version, tariff.c.name)
    .join(tariff, tariff.c.id == tariff_version.c.tariff_id)
    .where(tariff.c.id.in_(bindparam("tariff_ids", expanding=True)))
    .order_by(tariff_version.c.tariff_id, tariff_version.c.from_on)
)


class Tariffs:
    """The price lists of the places."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, tariff_ids: Collection[int]) -> Mapping[int, Tariff]:
        """Return tariffs with all their versions, by id."""
        rows = await self._connection.execute(_WITH_VERSIONS, {"tariff_ids": list(tariff_ids)})
        names: dict[int, str] = {}
        versions: dict[int, list[TariffVersion]] = {}
        for row in rows:
            names[row.tariff_id] = row.name
            versions.setdefault(row.tariff_id, []).append(_version_from(row))
        return {
            tariff_id: Tariff(id=tariff_id, name=names[tariff_id], versions=tuple(found))
            for tariff_id, found in versions.items()
        }

    async def of_place(self, place_id: int) -> Sequence[Tariff]:
        """Return the tariffs of a place, oldest first."""
        rows = await self._connection.execute(
            select(tariff.c.id).where(tariff.c.place_id == place_id).order_by(tariff.c.id)
        )
        found = await self.get(list(rows.scalars()))
        return list(found.values())

    async def add(self, *, place_id: int, name: str, versions: Sequence[TariffVersion]) -> int:
        """Store a new tariff; the ids of its versions are ignored. Return its id."""
        rows = await self._connection.execute(
            insert(tariff).values(place_id=place_id, name=name).returning(tariff.c.id)
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
            .values(tariff_id=tariff_id, from_on=on, terms=_terms_of(version))
            .returning(tariff_version.c.id)
        )
        version_id: int = rows.scalar_one()
        return version_id
