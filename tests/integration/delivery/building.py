"""Two tenants and a manager of one building, and notices to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.db.unit_of_work import SqlTransactions
from bot.domain.people import Role
from bot.services.store import Notice, NoticeKind, NoticeStatus, Person
from bot.services.stores import Unit
from tests.integration.db.world import AT, World, furnish

MANAGER_CHAT = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """Asha (chat 1) and Bina (chat 2) rent in places of their own; Ravi manages both."""

    asha: World
    bina: World
    ravi: Person
    transactions: SqlTransactions

    async def tell(
        self,
        world: World,
        key: str,
        *,
        thread: str | None = None,
        kind: NoticeKind = NoticeKind.LOW,
        at: datetime = AT,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        """Put a notice to a tenant into the outbox."""
        async with self.transactions.begin() as unit:
            await unit.outbox.add(
                [
                    Notice(
                        key=key,
                        person_id=world.tenant.id,
                        kind=kind,
                        facts={**facts_of(world), **(facts or {})},
                        created_at=at,
                        due_at=at,
                        thread=thread,
                    )
                ]
            )

    async def counts(self) -> dict[NoticeStatus, int]:
        """Return how many notices there are, by status."""
        async with self.transactions.read() as unit:
            return dict(await unit.outbox.counts())

    async def person(self, person_id: int) -> Person:
        """Return a person as the store knows them now."""
        async with self.transactions.read() as unit:
            return (await unit.people.get([person_id]))[person_id]


def facts_of(world: World) -> dict[str, object]:
    """Return what every notice about a lease says, and what a low balance is said with."""
    return {
        "place": world.place.name,
        "zone": world.place.zone.key,
        "room": world.room.name,
        "lease_id": world.lease.id,
        "currency": "INR",
        "tenant": world.tenant.name,
        "balance_paise": 31_200,
        "cut_off_paise": 10_000,
        "daily_cost_paise": 7_600,
        "days_left": "2.8",
    }


async def furnished(transactions: SqlTransactions) -> Building:
    """Store the building."""
    async with transactions.begin() as unit:
        asha, bina = await furnish(unit, 1), await furnish(unit, 2)
        ravi = await _manager(unit, asha, bina)
    return Building(asha=asha, bina=bina, ravi=ravi, transactions=transactions)


async def _manager(unit: Unit, *worlds: World) -> Person:
    ravi = await unit.people.add(
        telegram_id=MANAGER_CHAT, chat_id=MANAGER_CHAT, name="Ravi", language="en", at=AT
    )
    for world in worlds:
        await unit.people.grant(person_id=ravi.id, place_id=world.place.id, role=Role.MANAGER)
    return ravi
