"""What the accounts of places hold, month by month, and which months are closed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, insert, select, text

from bot.db.account_sums import AccountSums
from bot.db.accounted import accounted, counts_before, of_place, period_close
from bot.db.entry import entry, posting
from bot.db.meter import meter
from bot.db.reading import reading
from bot.db.types import AnyRow, written_out
from bot.domain.account import AccountLine, TrialBalance
from bot.domain.ledger import AccountKind
from bot.domain.metering import ReadingStatus
from bot.domain.period import Period
from bot.services.account_record import Accounted, PeriodClose


class Accounts(AccountSums):
    """What the accounts of places hold, month by month."""

    async def trial_balance(self, place_id: int, span: Period) -> TrialBalance:
        """Return what the accounts of a place held before a span, and what was posted in it."""
        counted = of_place(place_id)
        marked = (
            select(
                counted.c.id,
                case((counts_before(counted, span.start_at), 1), else_=0).label("is_before"),
            )
            .where(counts_before(counted, span.end_at))
            .cte("marked")
            .prefix_with("MATERIALIZED")
        )
        amount, is_before = posting.c.amount_paise, marked.c.is_before
        is_debit, is_credit = amount < 0, amount > 0
        rows = await self._connection.execute(
            select(
                posting.c.account,
                func.sum(case((is_before == 1, amount), else_=0)).label("opening_paise"),
                func.sum(case((and_(is_before == 0, is_debit), -amount), else_=0)).label(
                    "debit_paise"
                ),
                func.sum(case((and_(is_before == 0, is_credit), amount), else_=0)).label(
                    "credit_paise"
                ),
            )
            .join(marked, marked.c.id == posting.c.entry_id)
            .group_by(posting.c.account)
        )
        found = {row.account: _line_from(row) for row in rows}
        return TrialBalance(
            lines=tuple(found[kind.value] for kind in AccountKind if kind.value in found)
        )

    async def of_entries(self, entry_ids: Collection[int]) -> Mapping[int, Accounted]:
        """Return when entries count in the books and what they posted, by entry id."""
        counted = accounted(entry.c.id.in_(entry_ids))
        rows = await self._connection.execute(
            select(counted.c.id, counted.c.at, counted.c.ends_a_day)
        )
        sums = await self._connection.execute(
            select(
                posting.c.entry_id,
                posting.c.account,
                func.sum(posting.c.amount_paise).label("paise"),
            )
            .where(posting.c.entry_id.in_(entry_ids))
            .group_by(posting.c.entry_id, posting.c.account)
        )
        posted: dict[int, dict[AccountKind, int]] = {}
        for row in sums:
            posted.setdefault(row.entry_id, {})[AccountKind(row.account)] = int(row.paise)
        return {
            row.id: Accounted(
                at=row.at, ends_a_day=bool(row.ends_a_day), postings=posted.get(row.id, {})
            )
            for row in rows
        }

    async def begun_at(self, place_id: int) -> datetime | None:
        """Return when the first entry of a place occurred."""
        rows = await self._connection.execute(
            select(entry.c.occurred_at)
            .where(entry.c.place_id == place_id)
            .order_by(entry.c.occurred_at)
            .limit(1)
        )
        return rows.scalar_one_or_none()

    async def held_readings(self, place_id: int, until_at: datetime) -> int:
        """Return how many readings up to an instant a manager has yet to judge."""
        rows = await self._connection.execute(
            select(func.count())
            .select_from(reading)
            .join(meter, meter.c.id == reading.c.meter_id)
            .where(
                meter.c.place_id == place_id,
                reading.c.status == written_out(ReadingStatus.HELD),
                reading.c.taken_at <= until_at,
            )
        )
        return int(rows.scalar_one())

    async def closes(self, place_id: int) -> Sequence[PeriodClose]:
        """Return the months of a place that are closed, newest first."""
        rows = await self._connection.execute(
            select(period_close)
            .where(period_close.c.place_id == place_id)
            .order_by(period_close.c.through_on.desc())
        )
        return [_close_from(row) for row in rows]

    async def hold(self) -> int:
        """Let nobody else book anything before this unit is over; return the id of the last
        entry of all."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(text("LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE"))
        rows = await self._connection.execute(select(func.max(entry.c.id)))
        return int(rows.scalar_one() or 0)

    async def close(self, new: Collection[PeriodClose]) -> None:
        """Store months that are closed, whose ids are ignored."""
        await self._connection.execute(insert(period_close), [_close_columns(each) for each in new])


def _line_from(row: AnyRow) -> AccountLine:
    return AccountLine(
        account=AccountKind(row.account),
        opening_paise=int(row.opening_paise),
        debit_paise=int(row.debit_paise),
        credit_paise=int(row.credit_paise),
    )


def _close_from(row: AnyRow) -> PeriodClose:
    return PeriodClose(
        id=row.id,
        place_id=row.place_id,
        through_on=row.through_on,
        until_at=row.until_at,
        closed_at=row.closed_at,
        last_entry_id=row.last_entry_id,
        actor_id=row.actor_id,
    )


def _close_columns(new: PeriodClose) -> dict[str, Any]:
    return {
        "place_id": new.place_id,
        "through_on": new.through_on,
        "until_at": new.until_at,
        "closed_at": new.closed_at,
        "last_entry_id": new.last_entry_id,
        "actor_id": new.actor_id,
    }
