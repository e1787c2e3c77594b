"""A tenant questions an amount, staff answer and settle it, and money follows. Section 10."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.dispute import (
    Dispute,
    DisputedTooMuch,
    DisputeStep,
    ItemKind,
    StepKind,
    credit_paise,
    held_paise,
    said_by_tenant,
)
from bot.domain.people import Actor
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.dispute_case import (
    AlreadyQuestioned,
    conclude,
    keep_steps,
    moved_on,
    require_own_photos,
    require_staff,
    require_tenant,
    taken_up,
)
from bot.services.dispute_credit import give_back
from bot.services.dispute_item import Item, ItemUnknown, as_it_stands, held_already, item_of
from bot.services.dispute_notice import Said
from bot.services.dispute_words import clean_words
from bot.services.doorbell import Doorbell
from bot.services.payment import locked_book
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionable:
    """What a tenant may question: what it is, at most how much of it, and whether they do."""

    book: LeaseBook
    item: Item
    open: Dispute | None

    @property
    def most_paise(self) -> int:
        """The most that can be questioned of it."""
        return self.item.left_paise


class Disputes:
    """What people do about questions; each step is kept for good."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def questionable(self, *, actor: Actor, kind: ItemKind, item_id: int) -> Questionable:
        """This function will return what a tenant is about to question. Raises ItemUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            item = await _own_item(unit, actor, kind, item_id)
            book = (await unit.books.load([item.lease_id], now=now, lock=False))[item.lease_id]
            known = await unit.disputes.about(item.lease_id, kind, item_id)
        is_open = next((each for each in known if each.state.is_open), None)
        return Questionable(book=book, item=item, open=is_open)

    async def open(
        self,
        *,
        cause: Cause,
        kind: ItemKind,
        item_id: int,
        words: str,
        amount_paise: int | None = None,
        photo_ids: Sequence[int] = (),
    ) -> Dispute:
        """This function will open a question about an item of the tenant's own lease.

        Of its amount, None means all. From now on that counts neither towards the cut-off nor as
        overdue, and the power follows (rule 10.3); staff are told. Raises ItemUnknown,
        DisputedTooMuch, WordsMissing, PhotoUnknown, AlreadyQuestioned, AlreadyHandled and
        ButtonSpent.
        """
        said, now = clean_words(words), self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            item = await _own_item(unit, cause.actor, kind, item_id)
            book = await locked_book(unit, item.lease_id, self._clock)
            await require_own_photos(unit, cause, photo_ids)
            new = await _opened(unit, cause, await _again(unit, item), amount_paise, now)
            await keep_steps(unit, new, StepKind.OPENED, cause, said, photo_ids, now)
            await conclude(unit, book, new, Said(StepKind.OPENED, said), cause, now)
        self._doorbell.ring()
        return new

    async def say(
        self, *, cause: Cause, dispute_id: int, words: str, photo_ids: Sequence[int] = ()
    ) -> Dispute:
        """This function will add a tenant's words and photos, which may answer the staff.

        Raises DisputeUnknown, DisputeClosed, WordsMissing, PhotoUnknown, AlreadyHandled and
        ButtonSpent.
        """
        said, now = clean_words(words), self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            taken = await taken_up(unit, dispute_id, self._clock)
            require_tenant(cause.actor, taken)
            await require_own_photos(unit, cause, photo_ids)
            kind = said_by_tenant(taken.dispute.state)
            changed = await moved_on(unit, taken.dispute, kind)
            await keep_steps(unit, changed, kind, cause, said, photo_ids, now)
            await conclude(unit, taken.book, changed, Said(kind, said), cause, now)
        self._doorbell.ring()
        return changed

    async def ask(
        self, *, cause: Cause, dispute_id: int, words: str, photo_ids: Sequence[int] = ()
    ) -> Dispute:
        """This function will put a question of the staff to the tenant.

        Raises DisputeUnknown, NotAllowed, DisputeClosed, WordsMissing, PhotoUnknown,
        AlreadyHandled and ButtonSpent.
        """
        said, now = clean_words(words), self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            taken = await taken_up(unit, dispute_id, self._clock)
            require_staff(cause.actor, taken)
            await require_own_photos(unit, cause, photo_ids)
            answered_at = taken.dispute.answered_at or now
            changed = await moved_on(unit, taken.dispute, StepKind.ASKED, answered_at=answered_at)
            await keep_steps(unit, changed, StepKind.ASKED, cause, said, photo_ids, now)
            await conclude(unit, taken.book, changed, Said(StepKind.ASKED, said), cause, now)
        self._doorbell.ring()
        return changed

    async def withdraw(self, *, cause: Cause, dispute_id: int) -> Dispute:
        """This function will take a question back; what it held counts again.

        Raises DisputeUnknown, DisputeClosed, AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            taken = await taken_up(unit, dispute_id, self._clock)
            require_tenant(cause.actor, taken)
            changed = await moved_on(unit, taken.dispute, StepKind.WITHDRAWN, decided_at=now)
            await keep_steps(unit, changed, StepKind.WITHDRAWN, cause, None, (), now)
            await conclude(unit, taken.book, changed, Said(StepKind.WITHDRAWN), cause, now)
        self._doorbell.ring()
        return changed

    async def decide(
        self,
        *,
        cause: Cause,
        dispute_id: int,
        verdict: StepKind,
        reason: str,
        amount_paise: int | None = None,
    ) -> Dispute:
        """This function will settle a question: upheld, partly (by an amount) or rejected.

        What the tenant gets back is booked here and now, on a credit note where it was billed; the
        power follows, and the tenant is told with the reason. Rule 10.4. Raises DisputeUnknown,
        NotAllowed, OwnDispute, DisputeClosed, CreditOutOfRange, WordsMissing, AlreadyHandled and
        ButtonSpent.
        """
        why, now = clean_words(reason), self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            taken = await taken_up(unit, dispute_id, self._clock)
            require_staff(cause.actor, taken)
            was = taken.dispute
            item = await as_it_stands(unit, was)
            credit = credit_paise(
                was, verdict, left_paise=item.left_paise, amount_paise=amount_paise
            )
            changed = await moved_on(
                unit,
                was,
                verdict,
                answered_at=was.answered_at or now,
                decided_by=cause.actor.person_id,
                decided_at=now,
                credited_paise=credit,
            )
            number = await give_back(unit, taken.book, changed, item, cause, why, now)
            step = DisputeStep(
                dispute_id=was.id,
                at=now,
                person_id=cause.actor_id,
                kind=verdict,
                words=why,
                amount_paise=credit,
            )
            await unit.disputes.add_step(step)
            said = Said(verdict, why, credit_paise=credit, credit_note=number)
            await conclude(unit, taken.book, changed, said, cause, now)
        self._doorbell.ring()
        return changed


async def _own_item(unit: Unit, actor: Actor, kind: ItemKind, item_id: int) -> Item:
    """A stranger to the lease learns nothing of the item, not even that there is one."""
    only = next(iter(actor.lease_ids)) if len(actor.lease_ids) == 1 else None
    item = await item_of(unit, kind, item_id, only)
    if item.lease_id not in actor.lease_ids:
        raise ItemUnknown(kind, item_id)
    return item


async def _again(unit: Unit, item: Item) -> Item:
    """Return the item as it is once nobody else can change the lease."""
    return await item_of(unit, item.kind, item.item_id, item.lease_id)


async def _opened(
    unit: Unit, cause: Cause, item: Item, amount_paise: int | None, now: datetime
) -> Dispute:
    wanted_paise = item.left_paise if amount_paise is None else amount_paise
    if not 0 <= wanted_paise <= item.left_paise or (item.left_paise and not wanted_paise):
        raise DisputedTooMuch(wanted_paise, most_paise=item.left_paise)
    for each in await unit.disputes.about(item.lease_id, item.kind, item.item_id):
        if each.state.is_open:
            raise AlreadyQuestioned(each)
    others = await unit.disputes.open_of(item.lease_id)
    lease = await unit.leases.get(item.lease_id)
    assert lease is not None
    new = Dispute(
        id=0,
        place_id=lease.place_id,
        serial=await unit.disputes.next_serial(lease.place_id),
        lease_id=item.lease_id,
        item=item.kind,
        item_id=item.item_id,
        entry_id=item.entry_id,
        opened_by=cause.actor.person_id,
        opened_at=now,
        disputed_paise=wanted_paise,
        held_paise=held_paise(
            item_paise=item.left_paise,
            disputed_paise=wanted_paise,
            held_already_paise=await held_already(unit, item, others),
        ),
    )
    stored = await unit.disputes.add(new)
    assert stored is not None
    return stored
