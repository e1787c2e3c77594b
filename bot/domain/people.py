"""Who may do what."""

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a person is at a place; an owner is one at every place."""

    OWNER = "owner"
    MANAGER = "manager"
    ACCOUNTANT = "accountant"
    CARETAKER = "caretaker"


class Permission(Enum):
    """What may be done."""

    SEE_ROOMS = "see_rooms"
    SEE_MONEY = "see_money"
    TAKE_PAYMENT = "take_payment"
    SWITCH_POWER = "switch_power"
    ONBOARD = "onboard"
    SET_TARIFFS = "set_tariffs"
    SET_RULES = "set_rules"
    READ_METERS = "read_meters"
    CREDIT_BILLS = "credit_bills"
    SEE_HEALTH = "see_health"
    MANAGE_STAFF = "manage_staff"
    CLOSE_BOOKS = "close_books"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: frozenset(Permission) - {Permission.MANAGE_STAFF},
    Role.ACCOUNTANT: frozenset(
        {
            Permission.SEE_ROOMS,
            Permission.SEE_MONEY,
            Permission.TAKE_PAYMENT,
            Permission.CLOSE_BOOKS,
        }
    ),
    Role.CARETAKER: frozenset({Permission.SEE_ROOMS, Permission.READ_METERS}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person as the rules see them: roles per place (None = all places), and own leases."""

    person_id: int
    roles: tuple[tuple[int | None, Role], ...] = ()
    lease_ids: frozenset[int] = frozenset()

    @property
    def is_staff(self) -> bool:
        """Whether the person has any role."""
        return bool(self.roles)

    @property
    def is_stranger(self) -> bool:
        """Whether the person is neither staff nor tenant."""
        return not self.roles and not self.lease_ids

    def may(self, permission: Permission, place_id: int | None = None) -> bool:
        """Return whether the person may do this at a place (None: at some place)."""
        return any(
            permission in GRANTS[role]
            for at_place, role in self.roles
            if at_place is None or place_id is None or at_place == place_id
        )

    def require(self, permission: Permission, place_id: int) -> None:
        """Raises NotAllowed unless the person may do this at the place."""
        if not self.may(permission, place_id):
            raise NotAllowed(permission=permission, place_id=place_id)

    def places(self, permission: Permission) -> frozenset[int] | None:
        """Return the places where the person may do this; None means everywhere."""
        where = [at for at, role in self.roles if permission in GRANTS[role]]
        return None if None in where else frozenset(at for at in where if at is not None)


class NotAllowed(Exception):
    """The person's role does not cover this."""

    def __init__(self, *, permission: Permission, place_id: int | None = None) -> None:
        super().__init__(permission, place_id)
        self.permission = permission
        self.place_id = place_id
