"""What is said of a promise to pay: to the staff who decide it, and to who made it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.claim import PaymentPromise, RequestStatus
from bot.domain.period import close_of
from bot.services.book import LeaseBook
from bot.services.notice import common_facts, tell
from bot.services.owing import to_pay_paise
from bot.services.store import NoticeKind
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseView:
    """A promise with the lease it is of, and the names of who made it and who decided it."""

    promise: PaymentPromise
    book: LeaseBook
    tenant: str
    by: str | None

    @property
    def power_until(self) -> datetime:
        """Until when the power stays if it is accepted."""
        return close_of(self.promise.pay_on, self.book.place.zone)


def thread_of(promise: PaymentPromise) -> str:
    """Return the thread in which everybody sees what became of a promise."""
    return f"promise:{promise.id}"


async def view_of(unit: Unit, book: LeaseBook, promise: PaymentPromise) -> PromiseView:
    """Return a promise with the names of who made it and who decided it."""
    people = await unit.people.get(
        {each for each in (promise.asked_by, promise.decided_by) if each is not None}
    )
    by = None if promise.decided_by is None else people[promise.decided_by].name
    return PromiseView(promise=promise, book=book, tenant=people[promise.asked_by].name, by=by)


async def tell_staff(unit: Unit, view: PromiseView, now: datetime) -> None:
    """Ask the staff about a promise, or let their question say what became of it.

    That it was broken is a message of its own.
    """
    promise = view.promise
    thread = None if promise.status is RequestStatus.BROKEN else thread_of(promise)
    await unit.outbox.add(
        tell(
            view.book.staff_ids,
            NoticeKind.PAYMENT_PROMISE,
            _facts(view),
            key=f"promise:{promise.id}:{promise.status.value}",
            now=now,
            thread=thread,
        )
    )


async def tell_tenant(unit: Unit, view: PromiseView, now: datetime) -> None:
    """Tell who promised how it was decided, or that the day has passed."""
    promise = view.promise
    key = f"promise-outcome:{promise.id}:{promise.status.value}"
    people = [promise.asked_by]
    await unit.outbox.add(tell(people, NoticeKind.PROMISE_OUTCOME, _facts(view), key=key, now=now))


def _facts(view: PromiseView) -> dict[str, object]:
    promise = view.promise
    return common_facts(view.book) | {
        "promise_id": promise.id,
        "pay_on": promise.pay_on.isoformat(),
        "to_pay_paise": to_pay_paise(view.book),
        "status": promise.status.value,
        "promised_by": view.tenant,
        "by": view.by,
    }
