"""The store as the use cases see it: records, and one unit of work per use case."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from bot.domain.billing import LineKind
from bot.domain.lease import CheckInterval
from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.people import Role
from bot.domain.service_kind import ServiceKind
from bot.domain.supply import SupplyReason
from bot.domain.warning import Armed
from bot.services.notice_kind import NoticeKind as NoticeKind
from bot.services.ports import DeviceMode, Lane

if TYPE_CHECKING:
    from bot.services.stores import Unit


class Transactions(Protocol):
    """Opens units of work."""

    def begin(self) -> "AbstractAsyncContextManager[Unit]":
        """Open a unit that commits on a clean exit: the only commit in the program."""
        ...

    def read(self) -> "AbstractAsyncContextManager[Unit]":
        """Open a unit that cannot write."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who spoke to the bot."""

    id: int
    telegram_id: int
    chat_id: int
    name: str
    language: str
    is_reachable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A door for one person, into a lease or into a role."""

    token_hash: str
    lease_id: int | None
    place_id: int | None
    role: Role | None
    created_by: int | None
    created_at: datetime
    expires_at: datetime
    used_by: int | None = None


class InvitationSpent(Exception):
    """Somebody else came in by this invitation first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Replaceable hardware; None = not known yet."""

    id: str
    space_id: int | None
    name: str
    udf1: str | None
    mode: DeviceMode
    seen_at: datetime
    is_online: bool | None = None
    has_relay: bool | None = None
    online_changed_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeen:
    """What a lease's meter showed last."""

    lease_id: int
    meter_id: int
    value: Decimal
    power_w: Decimal | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepTarget:
    """A lease's meter that is to be read; `anchor_at` is up to when all is charged.

    One that is `billed_later` is only looked at: bills rest on the closes of days.
    """

    lease_id: int
    meter_id: int
    device_id: str | None
    udf1: str | None
    anchor_at: datetime | None
    timezone: str
    first_tariff_id: int
    service: ServiceKind = ServiceKind.ELECTRICITY
    billed_later: bool = False


LatestChecks: TypeAlias = Mapping[tuple[CheckInterval, ZoneInfo], datetime]
"""When a check of each kind was due last. Rule 5.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseProgress:
    """What a lease was warned of, and when it was last checked."""

    lease_id: int
    armed: Armed
    emergency_exhausted: bool
    checked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedEntry:
    """An entry in the books, as a tenant sees it."""

    id: int
    key: str
    kind: EntryKind
    place_id: int
    lease_id: int
    occurred_at: datetime
    recorded_at: datetime
    tenant_paise: int
    balance_after_paise: int
    actor_id: int | None
    reason: str | None
    reference: str | None
    reverses_id: int | None
    why: Mapping[str, object]


class ReferenceTaken(Exception):
    """Another payment by this method has this reference. Rule 9.1."""

    def __init__(self, method: PaymentMethod, reference: str) -> None:
        super().__init__(method, reference)
        self.method = method
        self.reference = reference


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """What an entry charged for, as it counts in the month of its service.

    `since_on` tells the run of its version.
    """

    lease_id: int
    month_on: date
    kind: LineKind
    name: str
    version_id: int
    by_generator: bool
    quantity: Decimal
    amount_paise: int
    since_on: date | None = None
    service: ServiceKind = ServiceKind.ELECTRICITY


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFlaw:
    """Something in the books that does not add up."""

    lease_id: int | None
    entry_id: int | None
    expected_paise: int
    found_paise: int


class OrderStatus(Enum):
    """Life of a relay order; PENDING and WAITING are open, and so is BY_HAND.

    An attempt that the vendor refuses is FAILED, its order waits. Orders of earlier versions ended
    FAILED. BY_HAND is an order to a person, because the device has no relay (rule 6.7); it ends
    CONFIRMED when somebody says that it is done.
    """

    PENDING = "PENDING"
    WAITING = "WAITING"
    BY_HAND = "BY_HAND"
    CONFIRMED = "CONFIRMED"
    FAILED = "FAILED"
    OBSOLETE = "OBSOLETE"


TAKEN_OVER = "taken_over"
"""Why an order is obsolete when a later one in the same direction stands for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayOrder:
    """An order to a relay; `due_at` is when it is tried (again).

    `confirmed_by` is who switched by hand.
    """

    meter_id: int
    lease_id: int | None
    turn_on: bool
    reason: SupplyReason
    thread: str
    lane: Lane
    created_at: datetime
    due_at: datetime
    status: OrderStatus = OrderStatus.PENDING
    attempts: int = 0
    sent_at: datetime | None = None
    confirmed_at: datetime | None = None
    error: str | None = None
    alerted_at: datetime | None = None
    requested_by: int | None = None
    confirmed_by: int | None = None
    id: int = 0


class NoticeStatus(Enum):
    """Life of a notice; one found SENDING after its lease perhaps arrived, and ends UNKNOWN."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    SUPERSEDED = "SUPERSEDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to one person; those of one thread are one message, edited."""

    key: str
    person_id: int
    kind: NoticeKind
    facts: Mapping[str, object]
    created_at: datetime
    due_at: datetime
    thread: str | None = None
    status: NoticeStatus = NoticeStatus.PENDING
    attempts: int = 0
    error: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """A conversation under way: its step and what was said so far."""

    person_id: int
    step: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """How a job's slot went; `finished_at` None while it runs."""

    job: str
    slot_at: datetime
    finished_at: datetime | None
    failed: bool
    summary: str | None
