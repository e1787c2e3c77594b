"""One question in the hands of somebody: locked, moved on, and told to the others. Section 10."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.dispute import Dispute, DisputeClosed, DisputeStep, StepKind, after
from bot.domain.people import Actor, Permission
from bot.services.book import LeaseBook
from bot.services.cause import Cause
from bot.services.dispute_notice import Said, dispute_notices
from bot.services.payment import locked_book
from bot.services.photo import PhotoUnknown
from bot.services.ports import Clock
from bot.services.settle import settle, store
from bot.services.stores import Unit

MOST_PHOTOS = 5


class DisputeUnknown(LookupError):
    """No such question, or none of this person's business."""

    def __init__(self, dispute_id: int) -> None:
        super().__init__(dispute_id)
        self.dispute_id = dispute_id


class AlreadyQuestioned(Exception):
    """One question about an item is open at a time; this one is. Rule 10.3."""

    def __init__(self, dispute: Dispute) -> None:
        super().__init__(dispute.id)
        self.dispute = dispute


class OwnDispute(Exception):
    """Nobody settles a question about their own room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A question under the lock of its lease."""

    dispute: Dispute
    book: LeaseBook


async def taken_up(unit: Unit, dispute_id: int, clock: Clock) -> Taken:
    """Return a question as it is once nobody else can change it. Raises DisputeUnknown."""
    found = await unit.disputes.get(dispute_id)
    if found is None:
        raise DisputeUnknown(dispute_id)
    book = await locked_book(unit, found.lease_id, clock)
    dispute = await unit.disputes.get(dispute_id)
    assert dispute is not None
    return Taken(dispute=dispute, book=book)


async def moved_on(unit: Unit, was: Dispute, step: StepKind, **changed: object) -> Dispute:
    """Store where a step leads to. Raises DisputeClosed."""
    new = replace(was, state=after(was, step), **changed)  # type: ignore[arg-type]
    if not await unit.disputes.save(new, was=was):
        raise DisputeClosed(was.number, was.state)
    return new


async def keep_steps(
    unit: Unit,
    dispute: Dispute,
    kind: StepKind,
    cause: Cause,
    words: str | None,
    photo_ids: Sequence[int],
    now: datetime,
) -> None:
    """Keep a step for the words, with the first photo, and one for each further photo."""
    photos: list[int | None] = [*photo_ids] or [None]
    for at, photo_id in enumerate(photos):
        step = DisputeStep(
            dispute_id=dispute.id,
            at=now,
            person_id=cause.actor_id,
            kind=kind,
            words=words if at == 0 else None,
            photo_id=photo_id,
            amount_paise=dispute.disputed_paise if kind is StepKind.OPENED else None,
        )
        await unit.disputes.add_step(step)


async def conclude(
    unit: Unit, before: LeaseBook, dispute: Dispute, said: Said, cause: Cause, now: datetime
) -> None:
    """Let the power follow what is held, leave a trail, and tell the others."""
    lease_id = dispute.lease_id
    book = (await unit.books.load([lease_id], now=now, lock=False))[lease_id]
    await store(unit, [settle(book, now=now)])
    await unit.audit.add(
        at=now,
        actor_id=cause.actor_id,
        place_id=dispute.place_id,
        action=f"dispute.{said.kind.value}",
        facts={
            "dispute_id": dispute.id,
            "number": dispute.number,
            "held_paise": dispute.held_paise,
            "credited_paise": dispute.credited_paise,
        },
    )
    await unit.outbox.add(await dispute_notices(unit, before, book, dispute, said, cause, now))


async def require_own_photos(unit: Unit, cause: Cause, photo_ids: Sequence[int]) -> None:
    for photo_id in photo_ids:
        photo = await unit.photos.get(photo_id)
        if photo is None or photo.taken_by != cause.actor.person_id:
            raise PhotoUnknown(photo_id)


def require_tenant(actor: Actor, taken: Taken) -> None:
    if taken.dispute.lease_id not in actor.lease_ids:
        raise DisputeUnknown(taken.dispute.id)


def require_staff(actor: Actor, taken: Taken) -> None:
    place_id = taken.dispute.place_id
    if not actor.may(Permission.SEE_MONEY, place_id):
        raise DisputeUnknown(taken.dispute.id)
    actor.require(Permission.CREDIT_BILLS, place_id)
    if taken.dispute.lease_id in actor.lease_ids:
        raise OwnDispute
