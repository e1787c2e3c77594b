"""People, their roles, and the invitations that let them in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    Index,
    Text,
    UniqueConstraint,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.chat import dialog
from bot.db.lease import lease_tenant
from bot.db.metadata import row_id, table, to
from bot.db.types import AnyRow, Flag, Id, UtcDateTime
from bot.db.upsert import insert_new, inserting
from bot.domain.people import Actor, Role
from bot.services.store import Dialog, Invitation, InvitationSpent, Person

person = table(
    "person",
    row_id(),
    Column("telegram_id", Id, nullable=False, unique=True),
    Column("chat_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("is_reachable", Flag, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
)

staff_role = table(
    "staff_role",
    row_id(),
    to("person", "person_id"),
    to("place", "place_id", optional=True),
    Column("role", Text, nullable=False),
    UniqueConstraint("person_id", "place_id", "role"),
    Index(
        "uq_staff_role_everywhere",
        "person_id",
        "role",
        unique=True,
        sqlite_where=text("place_id IS NULL"),
        postgresql_where=text("place_id IS NULL"),
    ),
)

invitation = table(
    "invitation",
    row_id(),
    Column("token_hash", Text, nullable=False, unique=True),
    to("lease", "lease_id", optional=True),
    to("place", "place_id", optional=True),
    Column("role", Text),
    to("person", "created_by", optional=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    to("person", "used_by", optional=True),
    Column("used_at", UtcDateTime),
)


def person_from(row: AnyRow) -> Person:
    """Return the person of a row that holds the person's columns."""
    return Person(
        id=row.id,
        telegram_id=row.telegram_id,
        chat_id=row.chat_id,
        name=row.name,
        language=row.language,
        is_reachable=row.is_reachable,
    )


_KNOWN = (
    select(
        person,
        staff_role.c.place_id.label("role_place_id"),
        staff_role.c.role,
        lease_tenant.c.lease_id,
        dialog.c.step.label("dialog_step"),
        dialog.c.facts.label("dialog_facts"),
    )
    .outerjoin(staff_role, staff_role.c.person_id == person.c.id)
    .outerjoin(lease_tenant, lease_tenant.c.person_id == person.c.id)
    .outerjoin(dialog, dialog.c.person_id == person.c.id)
    .where(person.c.telegram_id == bindparam("telegram_id"))
)


def _dialog_from(row: AnyRow) -> Dialog | None:
    if row.dialog_step is None:
        return None
    return Dialog(person_id=row.id, step=row.dialog_step, facts=row.dialog_facts)


def _in_order(role: tuple[int | None, Role]) -> tuple[int, str]:
    place_id, what = role
    return place_id or 0, what.value


class People:
    """Everybody who ever spoke to the bot."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def by_telegram(self, telegram_id: int) -> Person | None:
        """Return the person behind a Telegram account."""
        rows = await self._connection.execute(
            select(person).where(person.c.telegram_id == telegram_id)
        )
        row = rows.first()
        return None if row is None else person_from(row)

    async def known(self, telegram_id: int) -> tuple[Person, Actor, Dialog | None] | None:
        """Return the person behind a Telegram account, with roles, leases and open dialog."""
        rows = (await self._connection.execute(_KNOWN, {"telegram_id": telegram_id})).all()
        if not rows:
            return None
        person = person_from(rows[0])
        roles = {(row.role_place_id, Role(row.role)) for row in rows if row.role is not None}
        leases = frozenset(row.lease_id for row in rows if row.lease_id is not None)
        actor = Actor(
            person_id=person.id, roles=tuple(sorted(roles, key=_in_order)), lease_ids=leases
        )
        return person, actor, _dialog_from(rows[0])

    async def get(self, person_ids: Collection[int]) -> Mapping[int, Person]:
        """Return people by id."""
        rows = await self._connection.execute(select(person).where(person.c.id.in_(person_ids)))
        return {row.id: person_from(row) for row in rows}

    async def add(
        self, *, telegram_id: int, chat_id: int, name: str, language: str, at: datetime
    ) -> Person:
        """Store a new person; one who is there already only gets the chat."""
        rows = await self._connection.execute(
            inserting(self._connection, person)
            .values(
                telegram_id=telegram_id,
                chat_id=chat_id,
                name=name,
                language=language,
                is_reachable=True,
                first_seen_at=at,
            )
            .on_conflict_do_update(index_elements=["telegram_id"], set_={"chat_id": chat_id})
            .returning(person)
        )
        return person_from(rows.one())

    async def save(self, changed: Person) -> None:
        """Store a changed name, chat, language or reachability."""
        await self._connection.execute(
            update(person)
            .where(person.c.id == changed.id)
            .values(
                chat_id=changed.chat_id,
                name=changed.name,
                language=changed.language,
                is_reachable=changed.is_reachable,
            )
        )

    async def actor(self, person_id: int) -> Actor:
        """Return the roles and leases of a person."""
        roles = await self._connection.execute(
            select(staff_role.c.place_id, staff_role.c.role).where(
                staff_role.c.person_id == person_id
            )
        )
        leases = await self._connection.execute(
            select(lease_tenant.c.lease_id).where(lease_tenant.c.person_id == person_id)
        )
        return Actor(
            person_id=person_id,
            roles=tuple((place_id, Role(role)) for place_id, role in roles),
            lease_ids=frozenset(leases.scalars()),
        )

    async def grant(self, *, person_id: int, place_id: int | None, role: Role) -> bool:
        """Give a role; return False when the person had it."""
        values = {"person_id": person_id, "place_id": place_id, "role": role.value}
        return await insert_new(self._connection, staff_role, values)

    async def staff(self, place_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        """Return who is told of a place's troubles, owners and managers, by place."""
        rows = await self._connection.execute(
            select(staff_role.c.place_id, staff_role.c.person_id)
            .where(staff_role.c.role.in_([Role.OWNER.value, Role.MANAGER.value]))
            .where(staff_role.c.place_id.is_(None) | staff_role.c.place_id.in_(place_ids))
            .order_by(staff_role.c.person_id)
        )
        found: dict[int, list[int]] = {place_id: [] for place_id in place_ids}
        for place_id, person_id in rows:
            for at_place in place_ids if place_id is None else (place_id,):
                if person_id not in found[at_place]:
                    found[at_place].append(person_id)
        return {place_id: tuple(people) for place_id, people in found.items()}

    async def owners(self) -> Sequence[int]:
        """Return the ids of the owners."""
        rows = await self._connection.execute(
            select(staff_role.c.person_id)
            .where(staff_role.c.role == Role.OWNER.value)
            .order_by(staff_role.c.person_id)
        )
        return list(rows.scalars())

    async def invite(self, new: Invitation) -> None:
        """Store an invitation, by the hash of its token only."""
        await self._connection.execute(
            insert(invitation).values(
                token_hash=new.token_hash,
                lease_id=new.lease_id,
                place_id=new.place_id,
                role=new.role and new.role.value,
                created_by=new.created_by,
                created_at=new.created_at,
                expires_at=new.expires_at,
            )
        )

    async def invitation(self, token_hash: str) -> Invitation | None:
        """Return the invitation of a token."""
        rows = await self._connection.execute(
            select(invitation).where(invitation.c.token_hash == token_hash)
        )
        row = rows.first()
        if row is None:
            return None
        return Invitation(
            token_hash=row.token_hash,
            lease_id=row.lease_id,
            place_id=row.place_id,
            role=None if row.role is None else Role(row.role),
            created_by=row.created_by,
            created_at=row.created_at,
            expires_at=row.expires_at,
            used_by=row.used_by,
        )

    async def use_invitation(self, token_hash: str, *, person_id: int, at: datetime) -> None:
        """Mark an invitation as used. Raises InvitationSpent when somebody used it before."""
        done = await self._connection.execute(
            update(invitation)
            .where(invitation.c.token_hash == token_hash, invitation.c.used_by.is_(None))
            .values(used_by=person_id, used_at=at)
        )
        if done.rowcount != 1:
            raise InvitationSpent
