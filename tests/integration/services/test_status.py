"""How all fares: of the places in somebody's care, and of no others."""

from dataclasses import replace

from bot.domain.people import Role
from bot.services.status import Status, StatusReports, VendorState
from bot.services.store import Notice, NoticeKind, NoticeStatus, Person
from tests.building import Building, at, lakeside


async def status_for(building: Building, person: Person) -> Status:
    reports = StatusReports(building.transactions, building.gateway, building.clock)
    return await reports.report(actor=(await building.cause(person)).actor)


async def manager_elsewhere(building: Building) -> Person:
    """Return somebody who manages another place, in which all is well."""
    async with building.transactions.begin() as unit:
        other = await unit.places.add(replace(lakeside(), name="Hilltop", space_id=8))
        person = await unit.people.add(
            telegram_id=77, chat_id=77, name="Eve", language="en", at=building.clock.now()
        )
        await unit.people.grant(person_id=person.id, place_id=other.id, role=Role.MANAGER)
    return person


async def trouble(building: Building) -> None:
    """Let one reading be held, one order wait, and one device be offline."""
    jumped = await building.let("jumped")
    broke = await building.let("broke", balance_paise=12_000)
    building.clock.set(at(12))
    building.device(jumped).use("400")
    building.device(broke).use("11.8")
    await building.deductions.run()
    building.device(broke).is_online = False
    await building.reconciler.run()


def a_notice(building: Building, key: str, **facts: object) -> Notice:
    return Notice(
        key=key,
        person_id=building.owner.id,
        kind=NoticeKind.KEY_REJECTED,
        facts=facts,
        created_at=building.clock.now(),
        due_at=building.clock.now(),
    )


async def test_a_manager_sees_the_counts_of_their_own_place(building: Building) -> None:
    await trouble(building)
    seen = await status_for(building, building.manager)
    written = await building.notices()

    assert (seen.held_readings, seen.waiting_orders, seen.tally.offline) == (1, 1, 1)
    assert seen.notices == {NoticeStatus.PENDING: len(written)}
    assert seen.vendor is VendorState.ANSWERS


async def test_a_manager_of_another_place_sees_nothing_of_it(building: Building) -> None:
    await trouble(building)
    seen = await status_for(building, await manager_elsewhere(building))

    assert (seen.held_readings, seen.waiting_orders, seen.tally.offline) == (0, 0, 0)
    assert seen.notices == {}


async def test_what_is_about_no_room_is_counted_for_the_owner_alone(building: Building) -> None:
    house = await building.let()
    async with building.transactions.begin() as unit:
        await unit.outbox.add(
            [
                a_notice(building, "key"),
                a_notice(building, "none", lease_id=None),
                a_notice(building, "room", lease_id=house.lease.id),
            ]
        )

    assert (await status_for(building, building.owner)).notices == {NoticeStatus.PENDING: 3}
    assert (await status_for(building, building.manager)).notices == {NoticeStatus.PENDING: 1}


async def test_what_has_arrived_is_not_counted(building: Building) -> None:
    house = await building.let()
    async with building.transactions.begin() as unit:
        await unit.outbox.add([a_notice(building, "room", lease_id=house.lease.id)])
    (written,) = await building.notices()
    for status, counted in [
        (NoticeStatus.UNKNOWN, {NoticeStatus.UNKNOWN: 1}),
        (NoticeStatus.FAILED, {NoticeStatus.FAILED: 1}),
        (NoticeStatus.SENT, {}),
    ]:
        async with building.transactions.begin() as unit:
            await unit.outbox.settle(written.id, status=status, at=building.clock.now())
        for person in (building.owner, building.manager):
            assert (await status_for(building, person)).notices == counted
