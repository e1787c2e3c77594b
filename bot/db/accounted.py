"""When an entry counts in the books, and the months that are closed.

An entry counts when it occurred, unless a month that holds it was closed before it was booked:
then it counts when it was booked. So a closed month never changes again.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    CTE,
    Column,
    ColumnElement,
    ForeignKey,
    UniqueConstraint,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from bot.db.entry import entry
from bot.db.metadata import row_id, table, to
from bot.db.types import Id, LocalDate, UtcDateTime
from bot.domain.ledger import EntryKind
from bot.domain.period import Period

period_close = table(
    "period_close",
    row_id(),
    to("place", "place_id"),
    Column("through_on", LocalDate, nullable=False),
    Column("until_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime, nullable=False),
    Column("last_entry_id", Id, ForeignKey("entry.id"), nullable=False),
    to("person", "actor_id", optional=True),
    UniqueConstraint("place_id", "through_on"),
)

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
CHARGES = (EntryKind.DEDUCTION.value, EntryKind.SHARE.value)

_source = entry.alias("source")
_closed_until = func.coalesce(
    select(func.max(period_close.c.until_at))
    .where(
        period_close.c.place_id == entry.c.place_id,
        period_close.c.last_entry_id < entry.c.id,
    )
    .correlate(entry)
    .scalar_subquery(),
    type_coerce(_LONG_AGO, UtcDateTime()),
)
_IS_OF_CHARGE = _source.c.kind.in_(CHARGES)
# What takes a charge back belongs beside it, or the month of a correction would count it twice.
_OCCURRED_AT = case((_IS_OF_CHARGE, _source.c.occurred_at), else_=entry.c.occurred_at)


def accounted(of: ColumnElement[bool]) -> CTE:
    """Return when each of some entries counts in the books: what every report rests on.

    `at` is the instant; with `ends_a_day` it belongs to the day that it closes. Each step is
    worked out once per entry and kept, or it would be again wherever the next one looks at it.
    """
    timed = (
        select(
            entry.c.id,
            entry.c.recorded_at,
            _OCCURRED_AT.label("occurred_at"),
            case((or_(entry.c.kind.in_(CHARGES), _IS_OF_CHARGE), 1), else_=0).label("ends_a_day"),
            _closed_until.label("closed_until"),
        )
        .select_from(entry.outerjoin(_source, _source.c.id == entry.c.reverses_id))
        .where(of)
        .cte("timed")
        .prefix_with("MATERIALIZED")
    )
    is_late = or_(
        timed.c.occurred_at < timed.c.closed_until,
        and_(timed.c.occurred_at == timed.c.closed_until, timed.c.ends_a_day == 1),
    )
    when_late = case(
        (timed.c.recorded_at > timed.c.closed_until, timed.c.recorded_at),
        else_=timed.c.closed_until,
    )
    at = case((is_late, when_late), else_=timed.c.occurred_at)
    return (
        select(
            timed.c.id,
            type_coerce(at, UtcDateTime()).label("at"),
            case((is_late, 0), else_=timed.c.ends_a_day).label("ends_a_day"),
        )
        .cte("accounted")
        .prefix_with("MATERIALIZED")
    )


def of_place(place_id: int) -> CTE:
    """Return when each entry of a place counts in the books."""
    return accounted(entry.c.place_id == place_id)


def counts_before(counted: CTE, at: datetime) -> ColumnElement[bool]:
    """Return whether an entry counts before an instant; a charge at the close of a day does."""
    return or_(counted.c.at < at, and_(counted.c.at == at, counted.c.ends_a_day == 1))


def counts_in(counted: CTE, span: Period) -> ColumnElement[bool]:
    """Return whether an entry counts in a span that begins and ends at midnight."""
    return and_(counts_before(counted, span.end_at), ~counts_before(counted, span.start_at))
