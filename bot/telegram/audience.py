"""Whom a handler is for."""

from dataclasses import dataclass

from bot.domain.people import Actor, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who may use a handler at all; services still decide for each place and lease."""

    anyone: bool = False
    tenants: bool = False
    staff: bool = False
    permission: Permission | None = None

    def admits(self, actor: Actor) -> bool:
        """Return whether a person belongs to the audience."""
        if self.anyone or (self.tenants and actor.lease_ids):
            return True
        if self.permission is not None:
            return actor.may(self.permission)
        return self.staff and actor.is_staff


ANYONE = Audience(anyone=True)
KNOWN = Audience(tenants=True, staff=True)
TENANT = Audience(tenants=True)
STAFF = Audience(staff=True)


def staff_with(permission: Permission) -> Audience:
    """Return the staff who may do this at some place."""
    return Audience(permission=permission)


def tenants_and_staff_with(permission: Permission) -> Audience:
    """Return tenants, and the staff who may do this at some place."""
    return Audience(tenants=True, permission=permission)
