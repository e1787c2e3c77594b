"""Migrations lead to the tables as they are declared, and lose no row on the way."""

import asyncio
import re
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.db.engine import Database, open_database
from bot.db.guard import GuardsMissing, guard_append_only
from bot.db.metadata import APPEND_ONLY
from bot.db.migrate import (
    VERSIONS,
    ForeignKeysBroken,
    current_revision,
    downgrade,
    latest_revision,
    upgrade,
)
from bot.db.migrations.draft import draft
from bot.db.request_budget import SqlRequestBudgets
from bot.db.schema import all_tables
from bot.db.unit_of_work import SqlTransactions
from bot.domain.billing import UsageKey
from bot.domain.ledger import reversal_of
from bot.domain.meter import MeterStatus, SplitKey
from bot.domain.metering import MeterType, Reading, ReadingType, RegisterPoint
from bot.domain.room_size import ALWAYS, RoomSize
from bot.domain.service_kind import Medium, ServiceKind
from bot.domain.supply import Hold, SupplyReason
from bot.services.book import SupplyState
from bot.services.ports import Lane
from bot.services.request_budget import RequestBudget
from bot.services.store import OrderStatus, RelayOrder
from bot.services.stores.meter_sheet import MeterQuery
from bot.services.stores.photo import Photo, Proposed
from bot.services.stores.place import FormerName
from bot.services.stores.reading_list import ReadingQuery
from bot.services.stores.reading_round import RoundStop
from bot.services.stores.recharge import Recharge
from tests.databases import run_apart
from tests.integration.db.world import (
    AT,
    DAY,
    HOUR,
    MARCH,
    World,
    a_deduction,
    a_line,
    a_payment,
    a_version,
    furnish,
)

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _shape(connection: Connection) -> set[str]:
    """Return all that the database knows of its schema, line by line."""
    if connection.dialect.name == "postgresql":
        rows = connection.execute(text(POSTGRESQL_SHAPE))
        return {" ".join(map(str, row)) for row in rows}
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {
        f"{name}: {line.strip().rstrip(',').replace(chr(34), '')}"
        for name, sql in found
        for line in re.split(r"\n", sql)
        if "alembic" not in name
    }


POSTGRESQL_SHAPE = """
SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, '')
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT 'index', tablename, indexname, indexdef, '', ''
FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', ''
FROM pg_trigger WHERE NOT tgisinternal
"""


def _declare(connection: Connection) -> None:
    all_tables().create_all(connection)
    guard_append_only(connection, APPEND_ONLY)


async def test_migrations_lead_to_the_declared_tables(database: Database) -> None:
    async with database.reader.connect() as connection:
        migrated = await connection.run_sync(_shape)
    await downgrade(database, "base")
    async with database.writer.begin() as connection:
        await connection.run_sync(_declare)
        declared = await connection.run_sync(_shape)
    assert migrated == declared


async def test_alembic_finds_nothing_to_migrate(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection)
        return list(compare_metadata(context, all_tables()))

    async with database.reader.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_migrated_database_has_the_latest_revision(
    empty_database_url: str,
) -> None:
    async with open_database(empty_database_url) as database:
        assert await current_revision(database) is None
        await upgrade(database)
        assert await current_revision(database) == latest_revision() is not None
        await upgrade(database)


async def test_two_processes_migrate_one_after_the_other(empty_database_url: str) -> None:
    async with open_database(empty_database_url) as one, open_database(empty_database_url) as two:
        await asyncio.gather(upgrade(one), upgrade(two))
        assert await current_revision(one) == latest_revision()


async def test_a_database_can_be_taken_back_and_forth(database: Database) -> None:
    async with database.reader.connect() as connection:
        before = await connection.run_sync(_shape)
    await downgrade(database, "base")
    async with database.reader.connect() as connection:
        assert await connection.run_sync(_shape) == set()
    await upgrade(database)
    async with database.reader.connect() as connection:
        assert await connection.run_sync(_shape) == before


# --- each migration, on rows that were there before ------------------------------------


async def _column(database: Database, statement: str) -> list[tuple[object, ...]]:
    async with database.reader.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


TERMS = "SELECT cut_off_paise, low_balance_paise, emergency_credit_paise FROM lease ORDER BY id"


@pytest.mark.slow
async def test_0002_lets_go_of_copied_terms_and_keeps_what_holds(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        follows, has_own, is_strict = [await furnish(unit, number) for number in (1, 2, 3)]
        own = replace(has_own.lease, cut_off_paise=0, low_balance_paise=20_000)
        strict = replace(is_strict.lease, cut_off_paise=60_000, low_balance_paise=None)
        await unit.leases.save(replace(own, emergency_credit_paise=5_000))
        await unit.leases.save(replace(strict, protected_hours=()))
        await unit.supplies.save(
            [
                SupplyState(
                    meter_id=follows.meter.id,
                    desired_on=True,
                    reason=SupplyReason.PROTECTED_HOURS,
                    decided_at=AT,
                    review_at=AT + HOUR,
                ),
                SupplyState(
                    meter_id=has_own.meter.id,
                    desired_on=True,
                    reason=SupplyReason.HOLD_ON,
                    decided_at=AT,
                    hold=Hold.ON,
                    hold_until=AT + DAY,
                    review_at=AT + DAY,
                ),
            ]
        )
    await downgrade(database, "0001")
    assert await _column(database, TERMS) == [
        (10_000, 50_000, 0),
        (0, 20_000, 5_000),
        (60_000, 60_000, 0),
    ]
    await upgrade(database, "0002")
    assert await _column(database, TERMS) == [
        (None, None, None),
        (0, 20_000, 5_000),
        (60_000, None, None),
    ]
    await upgrade(database)
    async with transactions.read() as unit:
        states = await unit.supplies.states([follows.meter.id, has_own.meter.id])
        due = await unit.supplies.to_decide_anew(AT)
    assert states[has_own.meter.id].review_at == AT + DAY
    assert due == [follows.lease.id]


@pytest.mark.slow
async def test_0003_leaves_what_was_charged_as_it_is(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        (charged,) = await unit.ledger.append([a_deduction(world, "b")], recorded_at=AT)
        await unit.ledger.add_lines([(charged.id, a_line(world))])
        before = (await unit.books.load([world.lease.id], now=AT, lock=False))[world.lease.id]
    await downgrade(database, "0002")
    await upgrade(database)
    async with transactions.begin() as unit:
        after = (await unit.books.load([world.lease.id], now=AT, lock=True))[world.lease.id]
    assert after == before
    assert after.month(MARCH).used == {UsageKey(version_id=world.version_id): Decimal("11.8")}


@pytest.mark.slow
async def test_0004_takes_meters_for_what_they_were_and_readings_for_first_ones(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        gas = replace(world.meter, udf1="gas", type=MeterType.GAS, unit="m³")
        await unit.metering.add_meter(gas)
    before = await _column(database, "SELECT id, value, type FROM reading ORDER BY id")
    await downgrade(database, "0003")
    await upgrade(database)
    assert before == await _column(database, "SELECT id, value, type FROM reading ORDER BY id")
    assert await _column(database, "SELECT DISTINCT revision FROM reading") == [(0,)]
    found = "SELECT service, billing_type, status, decimals FROM meter ORDER BY id"
    assert await _column(database, found) == [
        ("electricity", "INDIVIDUAL", "ACTIVE", 1),
        ("gas", "INDIVIDUAL", "ACTIVE", 1),
    ]


@pytest.mark.slow
async def test_0005_finds_the_meters_that_were_there(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
    await downgrade(database, "0004")
    await upgrade(database)
    wanted = MeterQuery(status=MeterStatus.ACTIVE, is_main=False)
    async with transactions.read() as unit:
        (found,) = await unit.sheets.page(wanted, limit=2)
    assert (found.sheet.id, found.place, found.room) == (
        world.meter.id,
        world.place.name,
        world.room.name,
    )


@pytest.mark.slow
async def test_0009_takes_what_was_charged_and_given_for_electricity(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        (charged,) = await unit.ledger.append([a_deduction(world, "b")], recorded_at=AT)
        await unit.ledger.add_lines([(charged.id, a_line(world))])
        dearer = await unit.tariffs.add(
            place_id=world.place.id, name="Dearer", versions=[a_version()]
        )
        await unit.lease_tariffs.give(lease_id=world.lease.id, tariff_id=dearer, from_on=MARCH)
        before = (await unit.books.load([world.lease.id], now=AT, lock=False))[world.lease.id]
        gas = await unit.tariffs.add(
            place_id=world.place.id,
            name="Gas",
            versions=[a_version()],
            medium=Medium(service=ServiceKind.GAS, unit="m³"),
        )
        await unit.lease_tariffs.give(
            lease_id=world.lease.id, tariff_id=gas, from_on=MARCH, service=ServiceKind.GAS
        )
    await downgrade(database, "0008")
    await upgrade(database)
    async with transactions.begin() as unit:
        after = (await unit.books.load([world.lease.id], now=AT, lock=True))[world.lease.id]
    assert after == before
    assert set(after.timelines) == {ServiceKind.ELECTRICITY}
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.writer.begin() as connection:
            await connection.execute(text("DELETE FROM charge_line"))


@pytest.mark.slow
async def test_0006_finds_out_by_what_replaced_devices_counted(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        meter_id = world.meter.id
        first = await unit.metering.open_installation(meter_id)
        assert first is not None
        read = Reading(
            meter_id=meter_id,
            installation_id=first.id,
            point=RegisterPoint(at=AT + DAY, value=Decimal("1451.5")),
            type=ReadingType.MANUAL,
            previous_value=Decimal("1450.0"),
            consumption=Decimal("30.6"),
        )
        await unit.metering.add_readings([read])
        await unit.metering.uninstall(installation_id=first.id, at=AT + DAY)
        await unit.metering.install(meter_id=meter_id, device_id=None, at=AT + DAY)
    await downgrade(database, "0005")
    await upgrade(database)
    async with transactions.read() as unit:
        found = await unit.chains.installations(meter_id)
    assert [each.multiplier for each in found] == [Decimal("20.4"), None]


@pytest.mark.slow
async def test_0007_makes_room_for_rounds_and_0006_forgets_them(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        begun = await unit.rounds.begin(
            place_id=world.place.id, since_on=AT.date(), person_id=None, at=AT
        )
        await unit.rounds.save_stop(begun.id, RoundStop(meter_id=world.meter.id))
    await downgrade(database, "0006")
    await upgrade(database)
    async with transactions.begin() as unit:
        assert await unit.rounds.under_way() == []
        anew = await unit.rounds.begin(
            place_id=world.place.id, since_on=AT.date(), person_id=None, at=AT
        )
        assert await unit.rounds.stops(anew.id) == {}
        assert await unit.sheets.get(world.meter.id) is not None


@pytest.mark.slow
async def test_0008_keeps_photos_and_remembers_no_proposal_for_them(
    database: Database, transactions: SqlTransactions
) -> None:
    new = Photo(id=0, file_name="a.jpg", size_bytes=9, taken_by=None, received_at=AT)
    async with transactions.begin() as unit:
        kept = await unit.photos.add(new)
        await unit.photos.propose(kept.id, Proposed(meter_id=1, values=(Decimal(7),)))
    await downgrade(database, "0007")
    await upgrade(database)
    async with transactions.read() as unit:
        assert await unit.photos.get(kept.id) == kept


@pytest.mark.slow
async def test_0010_finds_the_readings_that_were_there(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        opening = await unit.metering.latest(world.meter.id)
        assert opening is not None
    await downgrade(database, "0009")
    await upgrade(database)
    wanted = ReadingQuery(meter_id=world.meter.id, type=opening.type, is_billing=False)
    async with transactions.read() as unit:
        found = await unit.reading_lists.page(wanted, limit=2)
        assert [each.id for each in found] == [opening.id]
        assert await unit.reading_lists.correction_of(opening) is None


@pytest.mark.slow
async def test_0011_remembers_who_switched_and_0010_forgets_what_people_were_asked(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        asked = RelayOrder(
            meter_id=world.meter.id,
            lease_id=world.lease.id,
            turn_on=True,
            reason=SupplyReason.IN_ORDER,
            thread="t",
            lane=Lane.RESTORE,
            created_at=AT,
            due_at=AT,
            status=OrderStatus.BY_HAND,
        )
        order = await unit.supplies.order(asked)
        seen = SupplyState(
            meter_id=world.meter.id, desired_on=True, reason=SupplyReason.IN_ORDER, decided_at=AT
        ).seen(True, AT)
        await unit.supplies.save([seen])
    await downgrade(database, "0010")
    await upgrade(database)
    async with transactions.read() as unit:
        found = await unit.supplies.get_order(order.id)
        assert found is not None
        assert (found.status, found.confirmed_by) == (OrderStatus.OBSOLETE, None)
        assert await unit.supplies.states([world.meter.id]) == {world.meter.id: seen}


@pytest.mark.slow
async def test_0012_makes_room_for_budgets_and_0011_forgets_them(
    database: Database, world: World
) -> None:
    budgets = SqlRequestBudgets(database, "key")
    assert await budgets.replace(RequestBudget(), RequestBudget(due_at=AT))
    before = await _rows(database)
    await downgrade(database, "0011")
    await upgrade(database)
    assert (await budgets.look()).budget == RequestBudget()
    assert await _rows(database) == {**before, "request_budget": 0}


@pytest.mark.slow
async def test_0014_remembers_names_and_0013_forgets_them(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        room = await unit.places.room(world.lease.room_id)
        assert room is not None
        old = FormerName(place_id=room.place_id, room_id=room.id, name=room.name)
        await unit.places.remember(old)
        assert await unit.places.former_names() == [old]
    await downgrade(database, "0013")
    await upgrade(database)
    async with transactions.begin() as unit:
        assert await unit.places.former_names() == []
        assert await unit.places.room(room.id) == room
        await unit.places.remember(old)


@pytest.mark.slow
async def test_0016_keeps_rooms_and_0015_forgets_how_large_they_are(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        room = await unit.places.room(world.lease.room_id)
        assert room is not None
        size = RoomSize(from_on=ALWAYS, value=Decimal(3))
        await unit.room_sizes.put(room.id, SplitKey.HEADCOUNT, size)
    before = await _rows(database)
    await downgrade(database, "0015")
    await upgrade(database)
    async with transactions.read() as unit:
        assert await unit.places.room(room.id) == room
        assert await unit.room_sizes.of_room(room.id, SplitKey.HEADCOUNT) == []
    assert await _rows(database) == {**before, "room_size": 0}


@pytest.mark.slow
async def test_0019_dates_how_large_rooms_are_and_0018_knows_the_last_of_it(
    database: Database, transactions: SqlTransactions
) -> None:
    later = date(2025, 11, 16)
    async with transactions.begin() as unit:
        world = await furnish(unit)
        room_id = world.lease.room_id
        for key, on, value in (
            (SplitKey.HEADCOUNT, ALWAYS, "3"),
            (SplitKey.HEADCOUNT, later, "2"),
            (SplitKey.FLOOR_AREA, ALWAYS, "41.5"),
        ):
            await unit.room_sizes.put(room_id, key, RoomSize(from_on=on, value=Decimal(value)))
    await downgrade(database, "0018")
    async with database.reader.connect() as connection:
        rooms = (await connection.execute(text("SELECT headcount, floor_area FROM room"))).all()
    assert [tuple(row) for row in rooms] == [(2, 41_500)]
    await upgrade(database)
    async with transactions.read() as unit:
        sizes = unit.room_sizes
        assert [await sizes.of_room(room_id, key) for key in SplitKey] == [
            [],
            [RoomSize(from_on=ALWAYS, value=Decimal("2.000"))],
            [RoomSize(from_on=ALWAYS, value=Decimal("41.500"))],
            [],
            [],
        ]


# --- a next migration, which rebuilds the tables that everything points to ------------


def _next(directory: Path, upgrading: str, downgrading: str = "pass") -> Path:
    """Return a directory of revisions with one more."""
    versions = directory / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    head = f"""
        import sqlalchemy as sa
        from alembic import op

        from bot.db.guard import guard_append_only

        revision = "next"
        down_revision = {latest_revision()!r}

    """
    body = "".join(
        f"def {name}():\n" + "".join(f"    {line}\n" for line in dedent(lines).strip().split("\n"))
        for name, lines in (("upgrade", upgrading), ("downgrade", downgrading))
    )
    (versions / "next.py").write_text(dedent(head) + body)
    return versions


REBUILD = """
how = {"recreate": "always"} if op.get_bind().dialect.name == "sqlite" else {}
for table in ("lease", "entry", "place"):
    with op.batch_alter_table(table, table_kwargs={"sqlite_strict": True}, **how) as batch:
        batch.add_column(sa.Column("note", sa.Text(), nullable=True))
guard_append_only(op.get_bind(), ["entry"])
"""
REBUILD_BACK = """
how = {"recreate": "always"} if op.get_bind().dialect.name == "sqlite" else {}
for table in ("lease", "entry", "place"):
    with op.batch_alter_table(table, table_kwargs={"sqlite_strict": True}, **how) as batch:
        batch.drop_column("note")
guard_append_only(op.get_bind(), ["entry"])
"""


@pytest.fixture
async def world(transactions: SqlTransactions) -> World:
    """Fill the database with rows that point to one another."""
    async with transactions.begin() as unit:
        world = await furnish(unit)
        paid, charged = await unit.ledger.append(
            [a_payment(world, "a"), a_deduction(world, "b")], recorded_at=AT
        )
        await unit.ledger.add_lines([(charged.id, a_line(world))])
        assert paid.id != charged.id
        return world


async def _rows(database: Database) -> dict[str, int]:
    async with database.reader.connect() as connection:
        return {
            name: (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one()
            for name in all_tables().tables
        }


@pytest.mark.slow
async def test_0020_follows_charges_through_corrections_that_were_made_before(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        old, other = await unit.ledger.append(
            [a_deduction(world, "old"), a_deduction(world, "other")], recorded_at=AT
        )
        whole = await unit.ledger.whole(old.id)
        assert whole is not None
        undo = reversal_of(whole, entry_id=old.id, at=AT, actor_id=None, reason="misread")
        anew = a_deduction(world, "new", 5_000)
        taken, new = await unit.ledger.append([undo, anew], recorded_at=AT + HOUR)
        await unit.ledger.append([a_deduction(world, "later")], recorded_at=AT + DAY)
    await downgrade(database, "0019")
    await upgrade(database)
    async with transactions.read() as unit:
        (found,) = await unit.recharges.of([old.id, other.id])
    assert found == Recharge(
        id=taken.id,
        undone_ids=frozenset({old.id}),
        heirs={new.id: 5_000},
        change_paise=2_670,
    )


async def test_rebuilding_a_table_keeps_every_row_that_points_to_it(
    database: Database, transactions: SqlTransactions, world: World, tmp_path: Path
) -> None:
    versions = _next(tmp_path, REBUILD, REBUILD_BACK)
    before = await _rows(database)
    async with database.reader.connect() as connection:
        shape = await connection.run_sync(_shape)
    await upgrade(database, versions=versions)
    assert await current_revision(database) == "next"
    assert await _rows(database) == before
    await downgrade(database, latest_revision() or "", versions=versions)
    assert await _rows(database) == before
    assert before["posting"] == 4
    async with database.reader.connect() as connection:
        assert await connection.run_sync(_shape) == shape
    async with transactions.begin() as unit:
        assert await unit.ledger.flaws() == []
        books = await unit.books.load([world.lease.id], now=AT, lock=True)
    assert books[world.lease.id].balance_paise == 50_000 - 7_670


@on_sqlite
@pytest.mark.usefixtures("world")
async def test_foreign_keys_hold_again_after_a_migration(
    database: Database, tmp_path: Path
) -> None:
    await upgrade(database, versions=_next(tmp_path, REBUILD))
    async with database.writer.connect() as connection:
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar_one() == 1
        with pytest.raises(DBAPIError, match="FOREIGN KEY"):
            await connection.execute(text("DELETE FROM lease"))
        with pytest.raises(DBAPIError, match="append-only"):
            await connection.execute(text("UPDATE entry SET note = 'x'"))


@on_sqlite
async def test_a_migration_that_loses_rows_is_rolled_back(
    database: Database, world: World, tmp_path: Path
) -> None:
    versions = _next(tmp_path, "op.execute('DELETE FROM room')")
    with pytest.raises(ForeignKeysBroken) as broken:
        await upgrade(database, versions=versions)
    assert broken.value.tables == {"lease", "meter"}
    assert (await _rows(database))["room"] == 1
    assert await current_revision(database) == latest_revision()
    assert world.room.id


async def test_a_migration_that_loses_a_guard_is_rolled_back(
    database: Database, tmp_path: Path
) -> None:
    on_table = "" if database.is_sqlite else " ON entry"
    versions = _next(tmp_path, f"op.execute('DROP TRIGGER entry_no_update{on_table}')")
    with pytest.raises(GuardsMissing) as missing:
        await upgrade(database, versions=versions)
    assert missing.value.triggers == {"entry_no_update"}
    assert await current_revision(database) == latest_revision()


async def test_a_migration_that_fails_changes_nothing(database: Database, tmp_path: Path) -> None:
    steps = "op.execute('CREATE TABLE half (id INTEGER)'); op.execute('nonsense')"
    with pytest.raises(DBAPIError, match="nonsense"):
        await upgrade(database, versions=_next(tmp_path, steps))
    async with database.reader.connect() as connection:
        assert not [line for line in await connection.run_sync(_shape) if "half" in line]


# --- drafts ---------------------------------------------------------------------------


def test_the_first_revision_is_what_its_draft_would_be(tmp_path: Path) -> None:
    """Alembic, asked again, writes the same tables: nothing was forgotten by hand."""
    versions = tmp_path / "versions"
    versions.mkdir()
    path = draft("0001", "Begin", versions=versions)
    assert path.name == "0001_begin.py"

    async def shape() -> set[str]:
        async with open_database(f"sqlite:///{tmp_path / 'drafted.db'}") as database:
            await upgrade(database, versions=versions)
            async with database.reader.connect() as connection:
                return await connection.run_sync(_shape)

    async def declared() -> set[str]:
        url = f"sqlite:///{tmp_path / 'declared.db'}"
        async with open_database(url) as database, database.writer.begin() as connection:
            await connection.run_sync(_declare)
            return await connection.run_sync(_shape)

    assert run_apart(shape()) == run_apart(declared())


def test_a_draft_has_nothing_to_do_when_nothing_changed(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    path = draft("9999", "Change nothing", versions=versions)
    assert path.read_text().count("\n    pass\n") == 2
