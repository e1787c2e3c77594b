"""Roles are per place; the owner's hold everywhere."""

import pytest

from bot.domain.people import GRANTS, Actor, NotAllowed, Permission, Role

LAKESIDE, HILLTOP = 1, 2


def actor(*roles: tuple[int | None, Role]) -> Actor:
    return Actor(person_id=9, roles=roles)


OWNER = actor((None, Role.OWNER))
MANAGER = actor((LAKESIDE, Role.MANAGER))
TENANT = Actor(person_id=3, lease_ids=frozenset({302}))
STRANGER = Actor(person_id=4)


@pytest.mark.parametrize("permission", Permission)
def test_an_owner_may_do_everything_everywhere(permission: Permission) -> None:
    assert OWNER.may(permission, LAKESIDE)
    assert OWNER.may(permission)
    assert OWNER.places(permission) is None


@pytest.mark.parametrize("permission", Permission)
def test_tenants_and_strangers_may_do_nothing_of_the_staffs(permission: Permission) -> None:
    for person in (TENANT, STRANGER):
        assert not person.may(permission)
        assert person.places(permission) == frozenset()
        with pytest.raises(NotAllowed) as refusal:
            person.require(permission, LAKESIDE)
        assert (refusal.value.permission, refusal.value.place_id) == (permission, LAKESIDE)


def test_a_role_ends_at_the_border_of_its_place() -> None:
    MANAGER.require(Permission.SWITCH_POWER, LAKESIDE)
    with pytest.raises(NotAllowed):
        MANAGER.require(Permission.SWITCH_POWER, HILLTOP)
    assert MANAGER.may(Permission.SWITCH_POWER)
    assert MANAGER.places(Permission.SWITCH_POWER) == frozenset({LAKESIDE})


def test_a_manager_does_everything_but_choose_the_staff() -> None:
    assert {p for p in Permission if not MANAGER.may(p, LAKESIDE)} == {Permission.MANAGE_STAFF}


def test_an_accountant_sees_and_takes_money_and_switches_nothing() -> None:
    accountant = actor((LAKESIDE, Role.ACCOUNTANT))
    assert accountant.may(Permission.TAKE_PAYMENT, LAKESIDE)
    assert accountant.may(Permission.SEE_MONEY, LAKESIDE)
    assert not accountant.may(Permission.SWITCH_POWER, LAKESIDE)


def test_a_caretaker_sees_rooms_and_readings_and_no_money() -> None:
    caretaker = actor((LAKESIDE, Role.CARETAKER))
    assert caretaker.may(Permission.SEE_ROOMS, LAKESIDE)
    assert caretaker.may(Permission.READ_METERS, LAKESIDE)
    assert not caretaker.may(Permission.SEE_MONEY, LAKESIDE)
    assert not caretaker.may(Permission.TAKE_PAYMENT, LAKESIDE)


def test_roles_at_several_places_add_up_and_do_not_mix() -> None:
    both = actor((LAKESIDE, Role.MANAGER), (HILLTOP, Role.CARETAKER))
    assert both.places(Permission.SEE_ROOMS) == frozenset({LAKESIDE, HILLTOP})
    assert both.places(Permission.SEE_MONEY) == frozenset({LAKESIDE})
    assert not both.may(Permission.SEE_MONEY, HILLTOP)


def test_a_person_can_be_tenant_and_staff_at_once() -> None:
    assert (TENANT.is_staff, TENANT.is_stranger) == (False, False)
    assert (STRANGER.is_staff, STRANGER.is_stranger) == (False, True)
    assert (MANAGER.is_staff, MANAGER.is_stranger) == (True, False)
    caretaker = ((LAKESIDE, Role.CARETAKER),)
    both = Actor(person_id=5, roles=caretaker, lease_ids=frozenset({1}))
    assert (both.is_staff, both.is_stranger) == (True, False)


def test_every_role_has_its_grants() -> None:
    assert set(GRANTS) == set(Role)
