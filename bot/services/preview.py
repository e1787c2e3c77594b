"""What a manager's wish would do, shown before it is confirmed. Nothing is written here."""

from dataclasses import dataclass, replace

from bot.domain.dues import after_payment
from bot.domain.ledger import PaymentMethod
from bot.domain.people import Actor, Permission
from bot.domain.supply import Hold, SupplyDecision
from bot.services.adjustment import require_adjustment
from bot.services.book import LeaseBook
from bot.services.favour import by_hand_paise
from bot.services.outlook import overdue_of
from bot.services.payment import (
    AlreadyReversed,
    AmountNotPositive,
    EntryUnknown,
    LeaseUnknown,
    is_reversible,
    power_word,
)
from bot.services.ports import Clock
from bot.services.power import NoRelay, NoSupplyMeter
from bot.services.reference import clean_reference, refuse_known_reference
from bot.services.settle import settle
from bot.services.store import BookedEntry, Transactions
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerPreview:
    """A lease whose power is to be fixed, and what the rules alone would decide."""

    book: LeaseBook
    by_rules: SupplyDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPreview:
    """A payment, an adjustment, or a reversal, that would change a balance; money in paise.

    `power` is what it would mean for the power, in the words of `receipt.power_word`; only
    payments have a `method`. `overdue_paise` is what will still be overdue then.
    """

    book: LeaseBook
    amount_paise: int
    after_paise: int
    power: str
    overdue_paise: int = 0
    method: PaymentMethod | None = None
    reference: str | None = None
    entry: BookedEntry | None = None


class Previews:
    """Answers "what if" for those who may do it."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def power(self, *, actor: Actor, lease_id: int) -> PowerPreview:
        """This function will tell what the rules would decide if no manager held the power.

        Raises LeaseUnknown, NoSupplyMeter, NoRelay and NotAllowed.
        """
        async with self._transactions.read() as unit:
            book = await self._book(unit, actor, lease_id, Permission.SWITCH_POWER)
        link = book.supply_meter
        if link is None:
            raise NoSupplyMeter(lease_id)
        if link.has_relay is False:
            raise NoRelay(book.room.name)
        decision = settle(_released(book), now=self._clock.now(), thread="preview").decision
        return PowerPreview(book=book, by_rules=decision)

    async def lease(self, *, actor: Actor, lease_id: int, permission: Permission) -> LeaseBook:
        """This function will return a lease's book to who may do this. Raises LeaseUnknown and
        NotAllowed."""
        async with self._transactions.read() as unit:
            return await self._book(unit, actor, lease_id, permission)

    async def payment(
        self,
        *,
        actor: Actor,
        lease_id: int,
        amount_paise: int,
        method: PaymentMethod,
        reference: str | None,
    ) -> MoneyPreview:
        """This function will tell what a payment would do.

        Raises LeaseUnknown, NotAllowed, AmountNotPositive, BadReference and DuplicateReference.
        """
        if amount_paise <= 0:
            raise AmountNotPositive(amount_paise)
        cleaned = None if reference is None else clean_reference(reference)
        async with self._transactions.read() as unit:
            book = await self._book(unit, actor, lease_id, Permission.TAKE_PAYMENT)
            await refuse_known_reference(unit, method, cleaned)
        return self._money(book, amount_paise, method=method, reference=cleaned)

    async def adjustment(self, *, actor: Actor, lease_id: int, amount_paise: int) -> MoneyPreview:
        """This function will tell what an adjustment would do.

        Raises LeaseUnknown, NotAllowed and NothingToAdjust.
        """
        require_adjustment(amount_paise)
        async with self._transactions.read() as unit:
            book = await self._book(unit, actor, lease_id, Permission.TAKE_PAYMENT)
        return self._money(book, amount_paise)

    async def reversal(self, *, actor: Actor, entry_id: int) -> MoneyPreview:
        """This function will tell what taking a payment or an adjustment back would do.

        Raises EntryUnknown, LeaseUnknown, NotAllowed and AlreadyReversed.
        """
        async with self._transactions.read() as unit:
            entry = await unit.ledger.get(entry_id)
            if entry is None or not is_reversible(entry):
                raise EntryUnknown(entry_id)
            book = await self._book(unit, actor, entry.lease_id, Permission.TAKE_PAYMENT)
            earlier = await unit.ledger.reversed_by(entry_id)
            besides_paise = 0 if earlier is not None else await by_hand_paise(unit, entry)
        if earlier is not None:
            raise AlreadyReversed(earlier, kind=entry.kind, zone=book.place.zone)
        said = entry.why.get("method")
        method = None if said is None else PaymentMethod(said)
        change_paise = besides_paise - entry.tenant_paise
        preview = self._money(book, change_paise, method=method, reference=entry.reference)
        return replace(preview, entry=entry, amount_paise=abs(entry.tenant_paise))

    def _money(
        self,
        book: LeaseBook,
        change_paise: int,
        *,
        method: PaymentMethod | None = None,
        reference: str | None = None,
    ) -> MoneyPreview:
        after = replace(
            book,
            balance_paise=book.balance_paise + change_paise,
            # What is charged by hand is on no bill yet.
            dues=after_payment(book.dues, change_paise) if book.dues and method else book.dues,
        )
        now = self._clock.now()
        settled = settle(after, now=now, thread="preview")
        return MoneyPreview(
            book=book,
            amount_paise=abs(change_paise),
            after_paise=after.balance_paise,
            power=power_word(book, settled),
            overdue_paise=overdue_of(after, now=now),
            method=method,
            reference=reference,
        )

    async def _book(
        self, unit: Unit, actor: Actor, lease_id: int, permission: Permission
    ) -> LeaseBook:
        """A stranger to the place learns nothing of the lease, not even that there is one."""
        books = await unit.books.load([lease_id], now=self._clock.now(), lock=False)
        book = books.get(lease_id)
        if book is None or not actor.may(Permission.SEE_ROOMS, book.place.id):
            raise LeaseUnknown(lease_id)
        actor.require(permission, book.place.id)
        return book


def _released(book: LeaseBook) -> LeaseBook:
    link = book.supply_meter
    if link is None or link.supply is None:
        return book
    supply = replace(link.supply, hold=Hold.NONE, hold_until=None, hold_by=None, hold_reason=None)
    others = tuple(each for each in book.meters if each is not link)
    return replace(book, meters=(replace(link, supply=supply), *others))
