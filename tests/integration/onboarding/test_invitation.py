"""A link lets one person in, once, for a while."""

import asyncio
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.people import Actor, NotAllowed, Role
from bot.services.cause import Cause
from bot.services.invitation import (
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    LeaseNotRunning,
    Welcome,
    hash_of,
)

from .conftest import ROOM_302, Desk


async def stranger(desk: Desk, telegram_id: int = 1) -> Cause:
    return Cause(actor=Actor(person_id=await desk.person(telegram_id)))


async def invited(desk: Desk) -> tuple[int, str]:
    (new,) = (await desk.carry_out(ROOM_302)).created
    return new.lease_id, new.ticket.token


async def actor(desk: Desk, cause: Cause) -> Actor:
    async with desk.transactions.read() as unit:
        return await unit.people.actor(cause.actor.person_id)


async def test_a_token_fits_into_a_deep_link(desk: Desk) -> None:
    _, token = await invited(desk)

    assert re.fullmatch(r"[A-Za-z0-9_-]{20,64}", token)


async def test_only_the_hash_of_a_token_is_kept(desk: Desk) -> None:
    _, token = await invited(desk)
    async with desk.transactions.read() as unit:
        by_token = await unit.people.invitation(token)
        by_hash = await unit.people.invitation(hash_of(token))

    assert by_token is None
    assert by_hash is not None


async def test_a_tenant_comes_in_by_their_link(desk: Desk) -> None:
    lease_id, token = await invited(desk)
    cause = await stranger(desk)
    welcome = await desk.invitations.redeem(cause=cause, token=token)

    assert isinstance(welcome, Welcome)
    assert (welcome.lease_id, welcome.is_new) == (lease_id, True)
    assert (await actor(desk, cause)).lease_ids == {lease_id}


async def test_the_same_person_may_tap_the_link_again(desk: Desk) -> None:
    _, token = await invited(desk)
    cause = await stranger(desk)
    await desk.invitations.redeem(cause=cause, token=token)
    desk.clock.advance(timedelta(days=400))

    assert not (await desk.invitations.redeem(cause=cause, token=token)).is_new


async def test_a_second_person_needs_a_link_of_their_own(desk: Desk) -> None:
    lease_id, token = await invited(desk)
    await desk.invitations.redeem(cause=await stranger(desk, 1), token=token)
    other = await stranger(desk, 2)
    with pytest.raises(InvitationUsed):
        await desk.invitations.redeem(cause=other, token=token)
    ticket = await desk.invitations.to_lease(cause=None, lease_id=lease_id)
    await desk.invitations.redeem(cause=other, token=ticket.token)

    assert (await actor(desk, other)).lease_ids == {lease_id}


async def test_of_two_who_tap_at_once_one_comes_in(desk: Desk) -> None:
    lease_id, token = await invited(desk)
    causes = [await stranger(desk, number) for number in (1, 2)]
    results = await asyncio.gather(
        *(desk.invitations.redeem(cause=cause, token=token) for cause in causes),
        return_exceptions=True,
    )
    async with desk.transactions.read() as unit:
        tenants = (await unit.leases.tenants([lease_id]))[lease_id]

    assert sorted(type(result).__name__ for result in results) == ["InvitationUsed", "Welcome"]
    assert len(tenants) == 1


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 65, "a b", "'; DROP TABLE lease", "ü"])
async def test_a_token_that_was_never_given_is_unknown(desk: Desk, token: str) -> None:
    with pytest.raises(InvitationUnknown):
        await desk.invitations.redeem(cause=await stranger(desk), token=token)


async def test_a_link_is_good_for_thirty_days(desk: Desk) -> None:
    _, token = await invited(desk)
    cause = await stranger(desk)
    desk.clock.advance(timedelta(days=30))

    with pytest.raises(InvitationExpired):
        await desk.invitations.redeem(cause=cause, token=token)
    desk.clock.advance(timedelta(seconds=-1))
    assert (await desk.invitations.redeem(cause=cause, token=token)).is_new


async def test_a_link_into_a_lease_that_is_over_is_expired(desk: Desk) -> None:
    lease_id, token = await invited(desk)
    async with desk.transactions.begin() as unit:
        lease = await unit.leases.get(lease_id)
        assert lease is not None
        occupancy = replace(lease.occupancy, end_on=date(2026, 11, 1))
        await unit.leases.save(replace(lease, occupancy=occupancy))

    with pytest.raises(InvitationExpired):
        await desk.invitations.redeem(cause=await stranger(desk), token=token)
    with pytest.raises(LeaseNotRunning):
        await desk.invitations.to_lease(cause=None, lease_id=lease_id)


async def test_staff_come_in_by_a_link_too(desk: Desk) -> None:
    lease_id, _ = await invited(desk)
    place_id = (await desk.book(lease_id)).place.id
    owner = Cause(actor=await desk.manager(role=Role.OWNER))
    ticket = await desk.invitations.to_role(cause=owner, place_id=place_id, role=Role.MANAGER)
    cause = await stranger(desk)
    await desk.invitations.redeem(cause=cause, token=ticket.token)

    assert (await actor(desk, cause)).roles == ((place_id, Role.MANAGER),)


async def test_a_manager_invites_tenants_of_their_place_but_no_staff(desk: Desk) -> None:
    lease_id, _ = await invited(desk)
    place_id = (await desk.book(lease_id)).place.id
    here = Cause(actor=await desk.manager(place_id))
    elsewhere = Cause(actor=replace(here.actor, roles=((place_id + 1, Role.MANAGER),)))
    await desk.invitations.to_lease(cause=here, lease_id=lease_id)

    with pytest.raises(NotAllowed):
        await desk.invitations.to_lease(cause=elsewhere, lease_id=lease_id)
    with pytest.raises(NotAllowed):
        await desk.invitations.to_role(cause=here, place_id=place_id, role=Role.MANAGER)
