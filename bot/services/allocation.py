"""Shared use: looked at, split, charged, and taken back. Rules 8.1 to 8.4, 2.3 and 3.8."""

from contextlib import suppress
from datetime import date, timedelta

from bot.domain.allocation import MeasureUnknown, NothingToSplitBy
from bot.domain.people import Actor
from bot.domain.period import local_date
from bot.services.adjustment import clean_reason
from bot.services.allocation_charge import charge
from bot.services.allocation_look import shared_meter
from bot.services.allocation_plan import (
    Plan,
    Wish,
    plan_split,
)
from bot.services.allocation_record import Allocation
from bot.services.allocation_undo import Undone, undo
from bot.services.allocation_use import Histories, UseUnknown, ask_wanted
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.meter_history import MeterHistories
from bot.services.ports import Clock, Lane
from bot.services.store import Transactions

DAY = timedelta(days=1)


class DaysNotOver(ValueError):
    """Use is split when its days are over; `last_on` is the latest that is."""

    def __init__(self, *, last_on: date) -> None:
        super().__init__(last_on)
        self.last_on = last_on


class PlanChanged(Exception):
    """The split would come out otherwise than what was looked at."""

    def __init__(self, wish: Wish) -> None:
        super().__init__(wish)
        self.wish = wish


class Allocations:
    """Splits what rooms share."""

    def __init__(
        self,
        transactions: Transactions,
        histories: MeterHistories,
        clock: Clock,
        doorbell: Doorbell,
    ) -> None:
        self._transactions = transactions
        self._histories = histories
        self._clock = clock
        self._doorbell = doorbell

    async def preview(self, *, actor: Actor, wish: Wish) -> Plan:
        """This function will return how a use would be split; nothing is charged.

        Raises MeterUnknown, DaysNotOver, AlreadySplit, TariffUnknown, NoTariffOn, UseUnknown,
        MeasureUnknown and NothingToSplitBy.
        """
        histories = await self._ask(actor, wish)
        async with self._transactions.read() as unit:
            place, sheet = await shared_meter(unit, actor, wish.meter_id)
            return await plan_split(unit, place, sheet, wish, histories)

    async def carry_out(self, *, cause: Cause, wish: Wish, seal: str) -> Allocation:
        """This function will charge everybody's part, in one transaction, once.

        Prepaid leases are charged at once, postpaid ones find it on their next bill; one that was
        billed for the last time gets a bill for it. `seal` is that of the plan that was looked at.
        Raises PlanChanged, AlreadyHandled, ButtonSpent and what `preview` raises.
        """
        histories = await self._ask(cause.actor, wish)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            place, sheet = await shared_meter(unit, cause.actor, wish.meter_id)
            leases = await unit.allocations.leases(place.id, wish.span)
            books = await unit.books.load([each.id for each in leases], now=now, lock=True)
            await unit.tariffs.share([wish.tariff_id])
            await unit.sheets.lock(place.id)
            plan = await plan_split(unit, place, sheet, wish, histories)
            if plan.seal != seal:
                raise PlanChanged(wish)
            done = await charge(unit, plan, books, cause, now)
        self._doorbell.ring()
        return done

    async def take_back(self, *, cause: Cause, allocation_id: int, reason: str) -> Undone:
        """This function will reverse a split: all that was booked, with credit notes for what was
        billed. Then its days can be split anew.

        Raises SplitUnknown, ReasonMissing, SplitTakenBack, AlreadyHandled and ButtonSpent.
        """
        why = clean_reason(reason)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            undone = await undo(unit, cause, allocation_id, why, now=now)
        self._doorbell.ring()
        return undone

    async def _ask(self, actor: Actor, wish: Wish) -> Histories:
        """Get the closes of days of the meters whose readings do not tell enough."""
        histories = Histories()
        async with self._transactions.read() as unit:
            place, sheet = await shared_meter(unit, actor, wish.meter_id)
            last_on = local_date(self._clock.now(), place.zone) - DAY
            if wish.span.to_on > last_on:
                raise DaysNotOver(last_on=last_on)
            with suppress(UseUnknown, MeasureUnknown, NothingToSplitBy):
                await plan_split(unit, place, sheet, wish, histories)
        await ask_wanted(histories, self._histories, wish.span, lane=Lane.FRESH)
        return histories
