"""What the store tells of accounts and of months that are closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.ledger import AccountKind
from bot.services.store import BookedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodClose:
    """A month that is closed; `through_on` is its last day, `until_at` the close of it.

    Entries after `last_entry_id` came later: they count in the month in which they were booked.
    """

    id: int
    place_id: int
    through_on: date
    until_at: datetime
    closed_at: datetime
    last_entry_id: int
    actor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounted:
    """When an entry counts in the books, and what it posted to which account, in paise.

    `ends_a_day` is so for what was used until then: at the very close of a day it is of that day.
    """

    at: datetime
    ends_a_day: bool
    postings: Mapping[AccountKind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Documents of one kind: how many, and what they come to in paise, taxes included."""

    number: int = 0
    total_paise: int = 0
    tax_paise: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed:
    """An entry with a tax; `why` tells which taxes, `sign` is minus one where it takes back."""

    paise: int
    sign: int
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """Money that came in, or was given back: `paise` is negative then."""

    entry: BookedEntry
    at: datetime
    account: AccountKind
    paise: int
