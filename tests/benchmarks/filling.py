"""Fills a store as months of work would have left it, row by row as the product writes them.

Rows are written day by day over all leases, so that what belongs to one lease lies as far apart
as in real life.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Index, Table, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.device import device
from bot.db.engine import Database
from bot.db.entry import charge_line, entry, posting
from bot.db.lease import lease, lease_tenant
from bot.db.meter import installation, lease_meter, meter
from bot.db.people import person, staff_role
from bot.db.place import place, room
from bot.db.reading import reading
from bot.db.relay import supply
from bot.db.tariff import tariff, tariff_version
from bot.domain.lease import BillingMode, CheckInterval
from bot.domain.ledger import EntryKind
from bot.services.ports import DeviceMode
from tests.benchmarks.rows import (
    Row,
    balance_paise,
    entry_row,
    kind_of,
    line_row,
    meter_row,
    person_row,
    place_of,
    place_row,
    posting_rows,
    reading_row,
    role_row,
    room_row,
    supply_row,
    tariff_row,
    tenant_row,
    version_row,
)
from tests.benchmarks.servers import (
    OPENING_KWH,
    READ_BEFORE,
    SPACE_ID,
    START,
)

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is; every lease has the same number of entries, of which one opens it."""

    leases: int
    entries: int

    @property
    def days(self) -> int:
        """On how many days each lease was charged or paid for."""
        return self.entries // self.leases - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What to fill a store with.

    Of the leases those that have a device at the vendor are evenly spread, due at every full hour
    and were last read at START - READ_BEFORE. The others were checked just now.
    """

    size: Size
    device_ids: Sequence[str]

    async def into(self, database: Database) -> None:
        """This function will write everything in one transaction."""
        async with database.writer.begin() as connection:
            if database.is_sqlite:
                await connection.exec_driver_sql("PRAGMA cache_size = -500000")
            for table, rows in self._people_and_places():
                await _write(connection, table, rows)
            await connection.run_sync(_drop_indexes)
            for day in range(self.size.days + 1):
                for table, row in self._day(day):
                    await _write_for_every_lease(connection, table, row)
            await connection.run_sync(_create_indexes)
            for table, rows in self._present():
                await _write(connection, table, rows)
            if not database.is_sqlite:
                await _move_sequences(connection)
                await connection.execute(text("ANALYZE"))  # which it does by itself in time

    @property
    def _leases(self) -> range:
        return range(1, self.size.leases + 1)

    def _device_of(self, number: int) -> str:
        at_vendor = self._at_vendor(number)
        return f"ELSEWHERE-{number}" if at_vendor is None else self.device_ids[at_vendor - 1]

    def _at_vendor(self, number: int) -> int | None:
        """Return which meter of the vendor a lease has, both counted from 1."""
        stride = self.size.leases // len(self.device_ids)
        before, rest = divmod(number - 1, stride)
        return before + 1 if rest == 0 and before < len(self.device_ids) else None

    def _people_and_places(self) -> Iterator[tuple[Table[Any], list[Row]]]:
        places = range(1, place_of(self.size.leases) + 1)
        yield place, [place_row(number) for number in places]
        yield room, [room_row(number) for number in self._leases]
        yield tariff, [tariff_row(number) for number in places]
        yield tariff_version, [version_row(number) for number in places]
        yield person, [person_row(number) for number in range(self.size.leases + 1)]
        yield staff_role, [role_row(number) for number in places]
        yield lease, [self._lease(number) for number in self._leases]
        yield lease_tenant, [tenant_row(number) for number in self._leases]
        yield meter, [meter_row(number, self._at_vendor(number)) for number in self._leases]
        yield device, [self._device(number) for number in self._leases]
        yield installation, [self._installation(number) for number in self._leases]

    def _day(self, day: int) -> Iterator[tuple[Table[Any], Row]]:
        first_id, at = day * self.size.leases, self._at(day)
        yield reading, reading_row(day, self.size.days, at, first_id)
        yield entry, entry_row(day, at, first_id)
        for side in posting_rows(day, first_id):
            yield posting, side
        if kind_of(day) is EntryKind.DEDUCTION:
            yield charge_line, line_row(at, first_id)

    def _present(self) -> Iterator[tuple[Table[Any], list[Row]]]:
        last_id = self.size.days * self.size.leases
        yield lease_meter, [self._link(last_id + n, n) for n in self._leases]
        yield supply, [supply_row(number) for number in self._leases]

    def _at(self, day: int) -> datetime:
        return START - READ_BEFORE - (self.size.days - day) * DAY

    def _lease(self, number: int) -> Row:
        is_due = self._at_vendor(number) is not None
        interval = CheckInterval.HOURLY if is_due else CheckInterval.DAILY
        return {
            "id": number,
            "place_id": place_of(number),
            "room_id": number,
            "tenant_name": f"Tenant {number}",
            "mode": BillingMode.PREPAID.value,
            "start_on": date(2025, 1, 1),
            "tariff_id": place_of(number),
            "check_interval": interval.value,
            "cut_off_paise": 10_000,
            "low_balance_paise": 50_000,
            "emergency_credit_paise": 0,
            "billing_day": 1,
            "is_protected": False,
            "balance_paise": balance_paise(self.size.days),
            "disputed_paise": 0,
            "low_given": False,
            "emergency_exhausted": False,
            "checked_at": START - READ_BEFORE if is_due else START,
        }

    def _device(self, number: int) -> Row:
        return {
            "id": self._device_of(number),
            "space_id": SPACE_ID,
            "name": f"Meter {number}",
            "mode": DeviceMode.MEASUREMENT.value,
            "is_online": True,
            "has_relay": True,
            "seen_at": START - READ_BEFORE,
        }

    def _installation(self, number: int) -> Row:
        device_id = self._device_of(number)
        return {"id": number, "meter_id": number, "device_id": device_id, "opened_at": self._at(0)}

    def _link(self, reading_id: int, number: int) -> Row:
        return {
            "lease_id": number,
            "meter_id": number,
            "anchor_reading_id": reading_id,
            "last_value": OPENING_KWH,
            "last_power_w": Decimal(1000),
            "last_read_at": START - READ_BEFORE,
        }


async def _write(connection: AsyncConnection, table: Table[Any], rows: list[Row]) -> None:
    await connection.execute(insert(table), rows)


async def _write_for_every_lease(connection: AsyncConnection, table: Table[Any], row: Row) -> None:
    """Let the database multiply: it does so a hundred times as fast."""
    values = [
        value if isinstance(value, ColumnElement) else literal(value, table.c[name].type)
        for name, value in row.items()
    ]
    source = select(*values).select_from(lease).order_by(lease.c.id)
    await connection.execute(insert(table).from_select(list(row), source))


def _drop_indexes(connection: Connection) -> None:
    """Sorting once at the end takes a fraction of the time."""
    for index in _indexes():
        index.drop(connection)


def _create_indexes(connection: Connection) -> None:
    for index in _indexes():
        index.create(connection)


def _indexes() -> list[Index]:
    return [index for table in (reading, entry, posting, charge_line) for index in table.indexes]


async def _move_sequences(connection: AsyncConnection) -> None:
    """PostgreSQL does not see the ids that it was given."""
    numbered = (place, room, tariff, tariff_version, person, staff_role, lease, meter)
    for table in (*numbered, installation, reading, entry, posting, charge_line):
        name = table.name
        last_id = f"(SELECT max(id) FROM {name})"
        await connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last_id})")
        )
