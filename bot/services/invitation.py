"""Invitations: a link for one person, into a lease or into a role."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.people import Permission, Role
from bot.services.cause import Cause, mark_handled
from bot.services.ports import Clock
from bot.services.store import Invitation, InvitationSpent, Transactions
from bot.services.stores import Unit

VALID_FOR = timedelta(days=30)
TOKEN_BYTES = 24

# What a deep link of the messenger can carry.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class InvitationUnknown(LookupError):
    """No invitation was ever given with this token."""


class InvitationExpired(Exception):
    """The invitation is too old, or what it led into is over."""

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(expired_at)
        self.expired_at = expired_at


class InvitationUsed(Exception):
    """Somebody else came in by this invitation: each person needs one of their own."""


class LeaseNotRunning(LookupError):
    """There is no such lease, or it has an end."""

    def __init__(self, lease_id: int) -> None:
        super().__init__(lease_id)
        self.lease_id = lease_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """An invitation in the hand of who gives it out: the only time that its token is seen."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What a person was let into; `is_new` is False when they were in already."""

    lease_id: int | None
    place_id: int | None
    role: Role | None
    is_new: bool


class Invitations:
    """Gives invitations out and lets people in by them."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def to_lease(self, *, cause: Cause | None, lease_id: int) -> Ticket:
        """This function will invite one more person into a lease; no cause is the operator.

        Raises LeaseNotRunning, NotAllowed, AlreadyHandled, ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            if cause is not None:
                await mark_handled(unit, cause, now=now)
            lease = await unit.leases.get(lease_id)
            if lease is None or lease.occupancy.end_on is not None:
                raise LeaseNotRunning(lease_id)
            if cause is not None:
                cause.actor.require(Permission.ONBOARD, lease.place_id)
            return await issue(
                unit,
                now=now,
                lease_id=lease_id,
                place_id=lease.place_id,
                created_by=_by(cause),
            )

    async def to_role(self, *, cause: Cause, place_id: int, role: Role) -> Ticket:
        """This function will invite one person to be staff of a place.

        Raises NotAllowed, AlreadyHandled, ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            cause.actor.require(Permission.MANAGE_STAFF, place_id)
            return await issue(unit, now=now, place_id=place_id, role=role, created_by=_by(cause))

    async def redeem(self, *, cause: Cause, token: str) -> Welcome:
        """This function will let the speaker in, once for everybody; again is fine for the same.

        Raises InvitationUnknown, InvitationExpired, InvitationUsed, AlreadyHandled.
        """
        now, person_id = self._clock.now(), cause.actor.person_id
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            invitation = await _find(unit, token)
            if invitation.used_by not in {None, person_id}:
                raise InvitationUsed
            is_new = False
            # Used again, a link opens nothing: who was put out since does not come back by it.
            if invitation.used_by is None:
                await _require_open(unit, invitation, now)
                await _use(unit, invitation, person_id, now)
                is_new = await _let_in(unit, invitation, person_id, now)
        return Welcome(
            lease_id=invitation.lease_id,
            place_id=invitation.place_id,
            role=invitation.role,
            is_new=is_new,
        )


async def issue(
    unit: Unit,
    *,
    now: datetime,
    lease_id: int | None = None,
    place_id: int | None = None,
    role: Role | None = None,
    created_by: int | None = None,
) -> Ticket:
    """Store a new invitation, of which only the hash of the token is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = now + VALID_FOR
    await unit.people.invite(
        Invitation(
            token_hash=hash_of(token),
            lease_id=lease_id,
            place_id=place_id,
            role=role,
            created_by=created_by,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return Ticket(token=token, expires_at=expires_at)


def hash_of(token: str) -> str:
    """Return by what a token is found again; it is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _by(cause: Cause | None) -> int | None:
    return None if cause is None else cause.actor.person_id


async def _find(unit: Unit, token: str) -> Invitation:
    found = None
    if _TOKEN.fullmatch(token):
        found = await unit.people.invitation(hash_of(token))
    if found is None:
        raise InvitationUnknown
    return found


async def _require_open(unit: Unit, invitation: Invitation, now: datetime) -> None:
    if invitation.expires_at <= now:
        raise InvitationExpired(invitation.expires_at)
    if invitation.lease_id is not None:
        lease = await unit.leases.get(invitation.lease_id)
        if lease is None or lease.occupancy.end_on is not None:
            raise InvitationExpired(now)


async def _use(unit: Unit, invitation: Invitation, person_id: int, now: datetime) -> None:
    try:
        await unit.people.use_invitation(invitation.token_hash, person_id=person_id, at=now)
    except InvitationSpent:
        raise InvitationUsed from None


async def _let_in(unit: Unit, invitation: Invitation, person_id: int, now: datetime) -> bool:
    is_new, lease_id, role = False, invitation.lease_id, invitation.role
    if lease_id is not None:
        is_new = await unit.leases.join(lease_id=lease_id, person_id=person_id, at=now)
    elif role is not None:
        is_new = await unit.people.grant(
            person_id=person_id, place_id=invitation.place_id, role=role
        )
    await unit.audit.add(
        at=now,
        actor_id=person_id,
        place_id=invitation.place_id,
        action="invitation.used",
        facts={
            "lease_id": lease_id,
            "role": None if role is None else role.value,
            "invited_by": invitation.created_by,
        },
    )
    return is_new
