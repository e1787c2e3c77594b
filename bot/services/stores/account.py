"""The books by months, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from bot.domain.account import TrialBalance
from bot.domain.invoice import DocumentKind
from bot.domain.period import Period
from bot.domain.service_kind import ServiceKind
from bot.services.account_record import Accounted, Collected, Documents, PeriodClose, Taxed


class Accounts(Protocol):
    """What the accounts of places hold, month by month."""

    async def trial_balance(self, place_id: int, span: Period) -> TrialBalance:
        """Return what the accounts of a place held before a span, and what was posted in it."""
        ...

    async def of_entries(self, entry_ids: Collection[int]) -> Mapping[int, Accounted]:
        """Return when entries count in the books and what they posted, by entry id."""
        ...

    async def documents(
        self, place_id: int, *, from_on: date, to_on: date
    ) -> Mapping[DocumentKind, Documents]:
        """Return the bills and the credit notes that were issued on these days, both included."""
        ...

    async def deducted(self, place_id: int, span: Period) -> int:
        """Return in paise what was charged that no bill tells of, nor will."""
        ...

    async def taxed(self, place_id: int, span: Period) -> Sequence[Taxed]:
        """Return what was posted to the taxes, entry by entry."""
        ...

    async def used(self, place_id: int, span: Period) -> Mapping[ServiceKind, Decimal]:
        """Return what was charged for, by service, each in the unit of its meters."""
        ...

    async def shared(
        self, place_id: int, *, from_on: date, to_on: date
    ) -> Mapping[ServiceKind, Decimal]:
        """Return the parts of leases in what was split and stands, of splits whose last day is one
        of these, both included; each in the unit of its meters."""
        ...

    async def collected(self, place_id: int, span: Period | None) -> Sequence[Collected]:
        """Return the money that came in and was given back, oldest first; None is for ever."""
        ...

    async def owing(self, place_id: int) -> Sequence[int]:
        """Return the leases of a place that owe anything, ended ones too."""
        ...

    async def begun_at(self, place_id: int) -> datetime | None:
        """Return when the first entry of a place occurred."""
        ...

    async def held_readings(self, place_id: int, until_at: datetime) -> int:
        """Return how many readings up to an instant a manager has yet to judge."""
        ...

    async def closes(self, place_id: int) -> Sequence[PeriodClose]:
        """Return the months of a place that are closed, newest first."""
        ...

    async def hold(self) -> int:
        """Let nobody else book anything before this unit is over; return the id of the last
        entry of all."""
        ...

    async def close(self, new: Collection[PeriodClose]) -> None:
        """Store months that are closed, whose ids are ignored."""
        ...
