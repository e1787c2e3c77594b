"""What holds for a lease: its own terms, else the rules of its place. Rules 5.3 and 6.3."""

from dataclasses import dataclass
from typing import TypeVar

from bot.domain.lease import Lease
from bot.domain.place import Place
from bot.domain.protection import ProtectedHours

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What decisions about a lease rest on; money in paise."""

    cut_off_paise: int
    low_balance_paise: int
    emergency_credit_paise: int
    protected_hours: ProtectedHours | None


def terms_of(lease: Lease, place: Place) -> Terms:
    """Return what holds for a lease of the place.

    The low mark is never below the cut-off, whichever of the two is the lease's own: a cut that
    nobody was warned of would follow.
    """
    cut_off_paise = _own(lease.cut_off_paise, place.cut_off_paise)
    low_paise = _own(lease.low_balance_paise, place.low_balance_paise)
    hours = lease.protected_hours
    return Terms(
        cut_off_paise=cut_off_paise,
        low_balance_paise=max(low_paise, cut_off_paise),
        emergency_credit_paise=_own(lease.emergency_credit_paise, place.emergency_credit_paise),
        protected_hours=place.protected_hours if hours is None else next(iter(hours), None),
    )


def _own(value: ValueT | None, of_place: ValueT) -> ValueT:
    return of_place if value is None else value
