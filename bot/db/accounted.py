"""When an entry counts in the books, and the months that are closed.

An entry counts when it occurred, unless a month that holds it was closed before it was booked:
then it counts when it was booked. So a closed month never changes again.
"""

from datetime import UTC, datetime

from sqlalchemy import (
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
_timed = (
    select(
        entry.c.id,
        entry.c.place_id,
        entry.c.recorded_at,
        _OCCURRED_AT.label("occurred_at"),
        case((or_(entry.c.kind.in_(CHARGES), _IS_OF_CHARGE), 1), else_=0).label("ends_a_day"),
        _closed_until.label("closed_until"),
    )
    .select_from(entry.outerjoin(_source, _source.c.id == entry.c.reverses_id))
    .subquery("timed")
)
_IS_LATE = or_(
    _timed.c.occurred_at < _timed.c.closed_until,
    and_(_timed.c.occurred_at == _timed.c.closed_until, _timed.c.ends_a_day == 1),
)
_WHEN_LATE = case(
    (_timed.c.recorded_at > _timed.c.closed_until, _timed.c.recorded_at),
    else_=_timed.c.closed_until,
)
_AT = case((_IS_LATE, _WHEN_LATE), else_=_timed.c.occurred_at)
accounted = select(
    _timed.c.id,
    _timed.c.place_id,
    type_coerce(case((_IS_LATE, _WHEN_LATE), else_=_timed.c.occurred_at), UtcDateTime()).label(
        "at"
    ),
    case((_IS_LATE, 0), else_=_timed.c.ends_a_day).label("ends_a_day"),
).subquery("accounted")
"""When each entry counts in the books: the one expression that every report rests on."""


def counts_before(at: datetime) -> ColumnElement[bool]:
    """Return whether an entry counts before an instant; a charge at the close of a day does."""
    return or_(accounted.c.at < at, and_(accounted.c.at == at, accounted.c.ends_a_day == 1))


def counts_in(span: Period) -> ColumnElement[bool]:
    """Return whether an entry counts in a span that begins and ends at midnight."""
    return and_(counts_before(span.end_at), ~counts_before(span.start_at))
