"""People, what they may do, and the invitations that let them in."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.db.audit import audit
from bot.db.engine import Database
from bot.db.unit_of_work import SqlTransactions
from bot.domain.people import Role
from bot.services.store import Invitation, InvitationSpent, Person
from bot.services.stores import Unit
from tests.integration.db.world import AT, DAY, a_place, furnish


async def _meet(unit: Unit, number: int) -> Person:
    return await unit.people.add(
        telegram_id=2**40 + number, chat_id=number, name=f"P{number}", language="hi", at=AT
    )


async def test_a_person_is_found_by_account_and_by_id(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        stored = await _meet(unit, 1)
        assert await unit.people.by_telegram(2**40 + 1) == stored
        assert await unit.people.by_telegram(1) is None
        changed = replace(stored, name="Ravi", chat_id=-100, language="mr", is_reachable=False)
        await unit.people.save(changed)
    async with transactions.read() as unit:
        assert await unit.people.get([stored.id, 99]) == {stored.id: changed}


async def test_meeting_somebody_twice_keeps_what_they_chose(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        stored = await _meet(unit, 1)
        await unit.people.save(replace(stored, language="mr"))
        again = await unit.people.add(
            telegram_id=stored.telegram_id, chat_id=-5, name="X", language="en", at=AT
        )
    assert again == replace(stored, chat_id=-5, language="mr")


async def test_an_actor_has_roles_and_leases(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        person = await _meet(unit, 7)
        assert (await unit.people.actor(person.id)).is_stranger
        assert await unit.people.grant(person_id=person.id, place_id=None, role=Role.OWNER)
        place_id = world.place.id
        assert await unit.people.grant(person_id=person.id, place_id=place_id, role=Role.CARETAKER)
        staff = await unit.people.actor(person.id)
        tenant = await unit.people.actor(world.tenant.id)
    assert set(staff.roles) == {(None, Role.OWNER), (place_id, Role.CARETAKER)}
    assert tenant.lease_ids == {world.lease.id}
    assert tenant.roles == ()


@pytest.mark.parametrize("everywhere", [True, False])
async def test_a_role_is_given_once(transactions: SqlTransactions, everywhere: bool) -> None:
    async with transactions.begin() as unit:
        place = await unit.places.add(a_place())
        person = await _meet(unit, 1)
        at_place = None if everywhere else place.id
        assert await unit.people.grant(person_id=person.id, place_id=at_place, role=Role.MANAGER)
        assert not await unit.people.grant(
            person_id=person.id, place_id=at_place, role=Role.MANAGER
        )
        assert len((await unit.people.actor(person.id)).roles) == 1


async def test_owners_and_managers_are_told_of_troubles(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        here, there = await unit.places.add(a_place("A")), await unit.places.add(a_place("B"))
        owner, manager, accountant = [await _meet(unit, number) for number in range(3)]
        await unit.people.grant(person_id=manager.id, place_id=here.id, role=Role.MANAGER)
        await unit.people.grant(person_id=owner.id, place_id=None, role=Role.OWNER)
        await unit.people.grant(person_id=owner.id, place_id=here.id, role=Role.MANAGER)
        await unit.people.grant(person_id=accountant.id, place_id=here.id, role=Role.ACCOUNTANT)
        assert await unit.people.owners() == [owner.id]
        assert await unit.people.staff([here.id, there.id]) == {
            here.id: (owner.id, manager.id),
            there.id: (owner.id,),
        }


async def test_an_invitation_lets_one_person_in(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        manager = await _meet(unit, 8)
        new = Invitation(
            token_hash="h",
            lease_id=world.lease.id,
            place_id=None,
            role=None,
            created_by=manager.id,
            created_at=AT,
            expires_at=AT + DAY,
        )
        await unit.people.invite(new)
        assert await unit.people.invitation("h") == new
        assert await unit.people.invitation("x") is None
        await unit.people.use_invitation("h", person_id=world.tenant.id, at=AT)
        assert await unit.people.invitation("h") == replace(new, used_by=world.tenant.id)
        with pytest.raises(InvitationSpent):
            await unit.people.use_invitation("h", person_id=manager.id, at=AT)
        assert await unit.people.invitation("h") == replace(new, used_by=world.tenant.id)


async def test_an_invitation_to_a_role_keeps_it(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        place = await unit.places.add(a_place())
        new = Invitation(
            token_hash="h",
            lease_id=None,
            place_id=place.id,
            role=Role.CARETAKER,
            created_by=None,
            created_at=AT,
            expires_at=AT + DAY,
        )
        await unit.people.invite(new)
        assert await unit.people.invitation("h") == new
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.people.invite(new)


async def test_the_trail_of_actions_is_written(
    transactions: SqlTransactions, database: Database
) -> None:
    async with transactions.begin() as unit:
        place = await unit.places.add(a_place())
        await unit.audit.add(
            at=AT, actor_id=None, place_id=place.id, action="power.on", facts={"room": "101"}
        )
    async with database.reader.connect() as connection:
        (line,) = (await connection.execute(select(audit))).all()
    assert line._mapping == {
        "id": line.id,
        "at": AT,
        "actor_id": None,
        "place_id": place.id,
        "action": "power.on",
        "facts": {"room": "101"},
    }
