"""People and invitations, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.people import Actor, Role
from bot.services.store import Dialog, Invitation, Person


class People(Protocol):
    """Everybody who ever spoke to the bot."""

    async def by_telegram(self, telegram_id: int) -> Person | None:
        """Return the person behind a Telegram account."""
        ...

    async def known(self, telegram_id: int) -> tuple[Person, Actor, Dialog | None] | None:
        """Return the person behind a Telegram account, with roles, leases and open dialog."""
        ...

    async def get(self, person_ids: Collection[int]) -> Mapping[int, Person]:
        """Return people by id."""
        ...

    async def add(
        self, *, telegram_id: int, chat_id: int, name: str, language: str, at: datetime
    ) -> Person:
        """Store a new person; one who is there already only gets the chat."""
        ...

    async def save(self, changed: Person) -> None:
        """Store a changed name, chat, language or reachability."""
        ...

    async def actor(self, person_id: int) -> Actor:
        """Return the roles and leases of a person."""
        ...

    async def grant(self, *, person_id: int, place_id: int | None, role: Role) -> bool:
        """Give a role; return False when the person had it."""
        ...

    async def staff(self, place_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        """Return who is told of a place's troubles, owners and managers, by place."""
        ...

    async def owners(self) -> Sequence[int]:
        """Return the ids of the owners."""
        ...

    async def invite(self, new: Invitation) -> None:
        """Store an invitation, by the hash of its token only."""
        ...

    async def invitation(self, token_hash: str) -> Invitation | None:
        """Return the invitation of a token."""
        ...

    async def use_invitation(self, token_hash: str, *, person_id: int, at: datetime) -> None:
        """Mark an invitation as used. Raises InvitationSpent when somebody used it before."""
        ...
