"""Questions that nobody answers are brought to mind, to the owner in the end. Section 10."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.dispute import Dispute, Nudge, held_paise, nudge_due
from bot.services.book import LeaseBook
from bot.services.dispute_item import as_it_stands
from bot.services.dispute_notice import dispute_facts
from bot.services.doorbell import Doorbell
from bot.services.held import DAY_BEGINS, DAY_ENDS
from bot.services.notice import tell
from bot.services.ports import Clock
from bot.services.settle import settle, store
from bot.services.store import NoticeKind, Transactions
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeNudge:
    """Somebody was reminded of a question."""

    dispute: Dispute
    nudge: Nudge
    place: str
    room: str
    tenant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeReport:
    """How many questions are open, and of which somebody was reminded now."""

    open: int
    lines: tuple[DisputeNudge, ...]


class DisputeReminders:
    """Keeps the time limits of questions."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def run(self) -> DisputeReport:
        """This function will remind staff of a first answer that is late and of a decision that is
        due, each once, by day at the place; what is late then goes to the owners.

        What was given back meanwhile in another way is not held any longer (rule 10.3).
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            every = await unit.disputes.all_open(None)
        lines: list[DisputeNudge] = []
        for each in every:
            async with self._transactions.begin() as unit:
                line = await _look(unit, each.id, now)
            lines += [] if line is None else [line]
        if lines:
            self._doorbell.ring()
        return DisputeReport(open=len(every), lines=tuple(lines))


async def _look(unit: Unit, dispute_id: int, now: datetime) -> DisputeNudge | None:
    found = await unit.disputes.get(dispute_id)
    assert found is not None
    lease_id = found.lease_id
    book = (await unit.books.load([lease_id], now=now, lock=True))[lease_id]
    dispute = await unit.disputes.get(dispute_id)
    if dispute is None or not dispute.state.is_open:
        return None
    dispute = await _let_go(unit, dispute, now)
    nudge = nudge_due(dispute, now=now)
    if nudge is None or not DAY_BEGINS <= now.astimezone(book.place.zone).time() < DAY_ENDS:
        return None
    await unit.disputes.save(replace(dispute, nudged=nudge), was=dispute)
    await _tell(unit, book, dispute, nudge, now)
    return DisputeNudge(
        dispute=dispute,
        nudge=nudge,
        place=book.place.name,
        room=book.room.name,
        tenant=book.lease.tenant_name,
    )


async def _let_go(unit: Unit, dispute: Dispute, now: datetime) -> Dispute:
    """Hold no more than the item still comes to."""
    item = await as_it_stands(unit, dispute)
    held = held_paise(item_paise=item.left_paise, disputed_paise=dispute.held_paise)
    if held == dispute.held_paise:
        return dispute
    changed = replace(dispute, held_paise=held)
    await unit.disputes.save(changed, was=dispute)
    lease_id = dispute.lease_id
    after = (await unit.books.load([lease_id], now=now, lock=False))[lease_id]
    await store(unit, [settle(after, now=now)])
    return changed


async def _tell(unit: Unit, book: LeaseBook, dispute: Dispute, nudge: Nudge, now: datetime) -> None:
    facts = await dispute_facts(unit, book, dispute, event=f"late_{nudge.value}")
    people = list(book.staff_ids)
    if nudge is Nudge.OWNER:
        people = list(await unit.people.owners()) or people
    key = f"dispute:{dispute.id}:late:{nudge.value}"
    await unit.outbox.add(tell(people, NoticeKind.DISPUTE, facts, key=key, now=now))
