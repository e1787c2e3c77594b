"""A desk at which files come in and go out, on each database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.db.unit_of_work import SqlTransactions
from bot.domain.people import Actor, Role
from bot.services.book import LeaseBook
from bot.services.cause import Cause
from bot.services.exchange.export import Exports
from bot.services.exchange.lease_rows import LEASE_COLUMNS
from bot.services.invitation import Invitations
from bot.services.lease_plan import ImportPlan
from bot.services.onboarding import Imported, Onboarding
from bot.services.place import PlaceDefaults

KOLKATA = ZoneInfo("Asia/Kolkata")
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=KOLKATA).astimezone(UTC)
ROOM_302: dict[str, str] = {
    "place": "Lakeside Apartments",
    "room": "Room #302",
    "meter": "lakeside.302",
    "tenant": "Asha Rao",
    "rate": "6.50",
    "start_on": "2026-10-26",
    "opening_reading": "1450.0",
    "opening_balance": "3000",
}


class DeskClock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    transactions: SqlTransactions
    clock: DeskClock
    onboarding: Onboarding
    invitations: Invitations
    exports: Exports

    async def preview(self, *rows: dict[str, str]) -> ImportPlan:
        return await self.onboarding.preview(cause=None, content=leases_csv(*rows))

    async def carry_out(self, *rows: dict[str, str], cause: Cause | None = None) -> Imported:
        return await self.onboarding.carry_out(cause=cause, content=leases_csv(*rows))

    async def book(self, lease_id: int) -> LeaseBook:
        async with self.transactions.read() as unit:
            books = await unit.books.load([lease_id], now=self.clock.now(), lock=False)
        return books[lease_id]

    async def person(self, telegram_id: int) -> int:
        async with self.transactions.begin() as unit:
            person = await unit.people.add(
                telegram_id=telegram_id,
                chat_id=telegram_id,
                name=f"Person {telegram_id}",
                language="en",
                at=self.clock.now(),
            )
        return person.id

    async def manager(self, place_id: int | None = None, role: Role = Role.MANAGER) -> Actor:
        return Actor(person_id=await self.person(900), roles=((place_id, role),))


def leases_csv(*rows: dict[str, str]) -> bytes:
    lines = [",".join(LEASE_COLUMNS)]
    lines += [",".join(f'"{row.get(column, "")}"' for column in LEASE_COLUMNS) for row in rows]
    return "\n".join(lines).encode()


def room(number: int, **changes: str) -> dict[str, str]:
    """A row like that of Room #302, for another room."""
    row = ROOM_302 | {"room": f"Room #{number}", "meter": f"lakeside.{number}"}
    return row | {"tenant": f"Tenant {number}"} | changes


@pytest.fixture
def desk(transactions: SqlTransactions) -> Desk:
    clock = DeskClock()
    defaults = PlaceDefaults(zone=KOLKATA, currency="INR")
    return Desk(
        transactions=transactions,
        clock=clock,
        onboarding=Onboarding(transactions, clock, defaults=defaults),
        invitations=Invitations(transactions, clock),
        exports=Exports(transactions, clock),
    )
