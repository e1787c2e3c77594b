"""What the use cases ask of the store, slice by slice."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.lease import Lease
from bot.domain.ledger import LedgerEntry, PaymentMethod
from bot.domain.metering import Installation, Meter, Reading, ReadingStatus
from bot.domain.people import Actor, Role
from bot.domain.place import Place, Room
from bot.domain.tariff import Tariff, TariffVersion
from bot.services.book import LeaseBook, SupplyState
from bot.services.store import (
    BookedEntry,
    Device,
    Dialog,
    Invitation,
    JobRun,
    LastSeen,
    LeaseProgress,
    LedgerFlaw,
    MonthLine,
    Notice,
    NoticeStatus,
    Person,
    RelayOrder,
)


class Places(Protocol):
    """The buildings."""

    async def all(self) -> Sequence[Place]:
        """Return every place, by name."""
        ...

    async def get(self, place_id: int) -> Place | None:
        """Return a place."""
        ...

    async def find(self, *, name: str) -> Place | None:
        """Return the place of that name."""
        ...

    async def add(self, new: Place) -> Place:
        """Store a new place, whose `id` is ignored, and return it with its id."""
        ...

    async def save(self, changed: Place) -> None:
        """Store a place's changed name and rules."""
        ...

    async def rooms(self, place_id: int) -> Sequence[Room]:
        """Return the rooms of a place, by name."""
        ...

    async def room(self, room_id: int) -> Room | None:
        """Return a room."""
        ...

    async def add_room(self, *, place_id: int, name: str) -> Room:
        """Store a new room."""
        ...


class Tariffs(Protocol):
    """The price lists of the places."""

    async def get(self, tariff_ids: Collection[int]) -> Mapping[int, Tariff]:
        """Return tariffs with all their versions, by id."""
        ...

    async def of_place(self, place_id: int) -> Sequence[Tariff]:
        """Return the tariffs of a place, oldest first."""
        ...

    async def add(self, *, place_id: int, name: str, versions: Sequence[TariffVersion]) -> int:
        """Store a new tariff; the ids of its versions are ignored. Return its id."""
        ...

    async def add_version(self, tariff_id: int, version: TariffVersion) -> int:
        """Store a further version, whose id is ignored. Return its id."""
        ...


class People(Protocol):
    """Everybody who ever spoke to the bot."""

    async def by_telegram(self, telegram_id: int) -> Person | None:
        """Return the person behind a Telegram account."""
        ...

    async def get(self, person_ids: Collection[int]) -> Mapping[int, Person]:
        """Return people by id."""
        ...

    async def add(
        self, *, telegram_id: int, chat_id: int, name: str, language: str, at: datetime
    ) -> Person:
        """Store a new person."""
        ...

    async def save(self, changed: Person) -> None:
        """Store a changed name, chat, language or reachability."""
        ...

    async def actor(self, person_id: int) -> Actor:
        """Return the roles and leases of a person."""
        ...

    async def grant(self, *, person_id: int, place_id: int | None, role: Role) -> bool:
        """Give a role; return False when the person had it."""
        ...

    async def staff(self, place_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        """Return who is told of a place's troubles, owners and managers, by place."""
        ...

    async def owners(self) -> Sequence[int]:
        """Return the ids of the owners."""
        ...

    async def invite(self, new: Invitation) -> None:
        """Store an invitation, by the hash of its token only."""
        ...

    async def invitation(self, token_hash: str) -> Invitation | None:
        """Return the invitation of a token."""
        ...

    async def use_invitation(self, token_hash: str, *, person_id: int, at: datetime) -> None:
        """Mark an invitation as used."""
        ...


class Leases(Protocol):
    """The leases."""

    async def get(self, lease_id: int) -> Lease | None:
        """Return a lease."""
        ...

    async def running_in(self, room_id: int) -> Lease | None:
        """Return the lease of a room that has no end."""
        ...

    async def add(self, new: Lease) -> Lease:
        """Store a new lease, whose id is ignored, with an empty balance."""
        ...

    async def save(self, changed: Lease) -> None:
        """Store changed terms."""
        ...

    async def save_progress(self, progress: Sequence[LeaseProgress]) -> None:
        """Store what was warned of and when it was checked."""
        ...

    async def of_person(self, person_id: int, *, on: date) -> Sequence[Lease]:
        """Return the leases that a person shares on a day, oldest first."""
        ...

    async def join(self, *, lease_id: int, person_id: int, at: datetime) -> bool:
        """Make a person a tenant of a lease; return False when they were one already."""
        ...

    async def tenants(self, lease_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        """Return the person ids of the tenants, by lease."""
        ...


class Metering(Protocol):
    """Measuring points and what they showed."""

    async def meters(self, meter_ids: Collection[int]) -> Mapping[int, Meter]:
        """Return meters by id."""
        ...

    async def by_udf1(self, udf1s: Collection[str]) -> Mapping[str, Meter]:
        """Return the meters that have these stable names."""
        ...

    async def add_meter(self, new: Meter) -> Meter:
        """Store a new meter, whose id is ignored."""
        ...

    async def place_meter(self, *, meter_id: int, room_id: int) -> None:
        """Say which room a meter is in."""
        ...

    async def link(self, *, lease_id: int, meter_id: int, anchor_reading_id: int | None) -> None:
        """Give a lease a meter, charged up to a reading."""
        ...

    async def move_anchors(self, anchors: Sequence[tuple[int, int, int | None]]) -> None:
        """Store up to which reading (lease, meter, reading) all is charged."""
        ...

    async def save_last_seen(self, seen: Sequence[LastSeen]) -> None:
        """Store what meters showed last, for people to look at."""
        ...

    async def devices(self) -> Mapping[str, Device]:
        """Return every device that was ever seen, by its id."""
        ...

    async def device(self, device_id: str) -> Device | None:
        """Return one device."""
        ...

    async def save_device(self, changed: Device) -> None:
        """Store a device, new or changed."""
        ...

    async def set_online(self, device_ids: Collection[str], *, online: bool, at: datetime) -> None:
        """Note that devices were found online or offline, and since when."""
        ...

    async def open_installation(self, meter_id: int) -> Installation | None:
        """Return the installation that a meter has now."""
        ...

    async def install(self, *, meter_id: int, device_id: str | None, at: datetime) -> Installation:
        """Open an installation; the meter must have none open."""
        ...

    async def identify(self, *, installation_id: int, device_id: str) -> None:
        """Say which device an installation turned out to have."""
        ...

    async def uninstall(self, *, installation_id: int, at: datetime) -> None:
        """Close an installation."""
        ...

    async def add_readings(self, new: Sequence[Reading]) -> Sequence[int]:
        """Store readings, whose ids are ignored; return the ids in the same order.

        A reading that is stored already (same installation, instant and type) keeps its id."""
        ...

    async def reading(self, reading_id: int) -> Reading | None:
        """Return one reading."""
        ...

    async def latest(self, meter_id: int) -> Reading | None:
        """Return the latest accepted reading of a meter."""
        ...

    async def judge(self, *, reading_id: int, status: ReadingStatus) -> bool:
        """Accept or reject a held reading; return False when it is held no longer."""
        ...


class Books(Protocol):
    """Leases with everything around them."""

    async def load(
        self, lease_ids: Collection[int], *, now: datetime, lock: bool
    ) -> Mapping[int, LeaseBook]:
        """Return the books of leases, by lease id; with `lock` nobody else may change them."""
        ...


class Ledger(Protocol):
    """Entries, their postings, and the balances that they add up to."""

    async def append(
        self, entries: Sequence[LedgerEntry], *, recorded_at: datetime
    ) -> Sequence[BookedEntry]:
        """Book entries in order and move the balances.

        The idempotency key is unique in the database: booking one again is an error there, so
        callers look first."""
        ...

    async def add_lines(self, lines: Sequence[tuple[int, MonthLine]]) -> None:
        """Store what entries charged for, by (entry id, line)."""
        ...

    async def unlike(self, *, entry_id: int, reversal_id: int) -> None:
        """Take the lines of a reversed entry out of their month."""
        ...

    async def existing(self, keys: Collection[str]) -> Mapping[str, BookedEntry]:
        """Return the entries that were booked under these idempotency keys."""
        ...

    async def get(self, entry_id: int) -> BookedEntry | None:
        """Return one entry."""
        ...

    async def whole(self, entry_id: int) -> LedgerEntry | None:
        """Return one entry with its postings, as it was booked."""
        ...

    async def reversed_by(self, entry_id: int) -> BookedEntry | None:
        """Return the entry that reversed this one."""
        ...

    async def page(
        self, lease_id: int, *, before_id: int | None = None, limit: int = 10
    ) -> Sequence[BookedEntry]:
        """Return entries of a lease, newest first."""
        ...

    async def between(
        self, lease_id: int, *, from_at: datetime, to_at: datetime
    ) -> Sequence[BookedEntry]:
        """Return the entries that occurred in [from_at, to_at), oldest first."""
        ...

    async def last_payment(self, lease_id: int) -> BookedEntry | None:
        """Return the latest payment of a lease."""
        ...

    async def find_reference(self, method: PaymentMethod, reference: str) -> BookedEntry | None:
        """Return the payment that has this reference and was not reversed."""
        ...

    async def claim_reference(
        self, method: PaymentMethod, reference: str, *, entry_id: int
    ) -> None:
        """Bind a reference to a payment; it must be free."""
        ...

    async def free_reference(self, entry_id: int) -> None:
        """Release the reference of a reversed payment."""
        ...

    async def flaws(self) -> Sequence[LedgerFlaw]:
        """Return every lease whose balance is not the sum of its postings, and every entry
        that does not sum to zero. Rules 2.1 and 2.4."""
        ...


class Supplies(Protocol):
    """Desired states and relay orders."""

    async def states(self, meter_ids: Collection[int]) -> Mapping[int, SupplyState]:
        """Return what is desired, by meter."""
        ...

    async def save(self, states: Sequence[SupplyState]) -> None:
        """Store desired states, new or changed."""
        ...

    async def expired_holds(self, at: datetime) -> Sequence[int]:
        """Return the meters whose manager's hold has run out but still stands."""
        ...

    async def drop_open(self, meter_id: int, *, error: str) -> None:
        """Make the open order of a meter obsolete. Rule 6.5."""
        ...

    async def order(self, new: RelayOrder) -> RelayOrder:
        """Store a new open order, whose id is ignored; the meter must have no open one."""
        ...

    async def open_order(self, meter_id: int) -> RelayOrder | None:
        """Return the open order of a meter."""
        ...

    async def get_order(self, order_id: int) -> RelayOrder | None:
        """Return one order."""
        ...

    async def lease_due(
        self, now: datetime, *, until: datetime, limit: int
    ) -> Sequence[RelayOrder]:
        """Take due open orders for this worker alone until an instant, restores first.

        Rule 6.4."""
        ...

    async def save_order(self, changed: RelayOrder) -> None:
        """Store how an order fares."""
        ...

    async def still_dark(self, *, ordered_before: datetime) -> Sequence[RelayOrder]:
        """Return open orders to restore, given before an instant and not yet alerted of.

        Rule 6.5."""
        ...

    async def wake(self, device_ids: Collection[str], *, at: datetime) -> None:
        """Make the waiting orders of devices that are back due at once. Rule 6.5."""
        ...


class Outbox(Protocol):
    """Notices and the chat messages that show them."""

    async def add(self, notices: Sequence[Notice]) -> None:
        """Store notices, whose ids are ignored; one with a known key is left out."""
        ...

    async def lease_due(self, now: datetime, *, until: datetime, limit: int) -> Sequence[Notice]:
        """Take due notices for this worker alone until an instant, oldest first."""
        ...

    async def settle(
        self,
        notice_id: int,
        *,
        status: NoticeStatus,
        at: datetime,
        due_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        """Store how the delivery of a notice went."""
        ...

    async def in_thread(self, thread: str) -> Sequence[Notice]:
        """Return the latest notice of each person in a thread."""
        ...

    async def message_of(self, thread: str, *, person_id: int) -> int | None:
        """Return the message that shows a thread to a person."""
        ...

    async def bind_message(self, thread: str, *, person_id: int, message_id: int) -> None:
        """Say which message shows a thread to a person from now on."""
        ...

    async def counts(self) -> Mapping[NoticeStatus, int]:
        """Return how many notices there are, by status."""
        ...


class Chats(Protocol):
    """Marks that make doing a thing twice the same as doing it once."""

    async def is_new(self, update_id: int, *, at: datetime) -> bool:
        """Mark an update as handled; return False when it was."""
        ...

    async def spend(self, nonce: str, *, person_id: int, at: datetime) -> bool:
        """Use up a confirming button; return False when it was used before."""
        ...

    async def dialog(self, person_id: int) -> Dialog | None:
        """Return the step at which a person's dialog stands."""
        ...

    async def save_dialog(
        self, person_id: int, *, step: str, facts: Mapping[str, Any], at: datetime
    ) -> None:
        """Store the step at which a person's dialog stands."""
        ...

    async def end_dialog(self, person_id: int) -> None:
        """Forget a person's dialog."""
        ...


class JobSlots(Protocol):
    """The queue of the clock."""

    async def latest(self, job: str) -> datetime | None:
        """Return the newest slot of a job that was ever claimed."""
        ...

    async def claim(self, job: str, slot_at: datetime, *, now: datetime, until: datetime) -> bool:
        """Take a slot until an instant; return False when somebody has it or had it."""
        ...

    async def finish(
        self, job: str, slot_at: datetime, *, at: datetime, summary: str, failed: bool
    ) -> None:
        """Store how a slot went."""
        ...

    async def abandoned(self, now: datetime) -> Sequence[tuple[str, datetime]]:
        """Return the slots that were claimed by somebody who never finished them."""
        ...

    async def last_runs(self) -> Sequence[JobRun]:
        """Return the newest run of each job."""
        ...


class AuditTrail(Protocol):
    """The append-only trail of staff actions."""

    async def add(
        self,
        *,
        at: datetime,
        actor_id: int | None,
        place_id: int | None,
        action: str,
        facts: Mapping[str, object],
    ) -> None:
        """Append one line."""
        ...


class Unit(Protocol):
    """Every repository, in one transaction."""

    @property
    def places(self) -> Places:
        """The places."""
        ...

    @property
    def tariffs(self) -> Tariffs:
        """The tariffs."""
        ...

    @property
    def people(self) -> People:
        """The people."""
        ...

    @property
    def leases(self) -> Leases:
        """The leases."""
        ...

    @property
    def metering(self) -> Metering:
        """The metering."""
        ...

    @property
    def books(self) -> Books:
        """The books."""
        ...

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        ...

    @property
    def supplies(self) -> Supplies:
        """The supplies."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The outbox."""
        ...

    @property
    def chats(self) -> Chats:
        """The chats."""
        ...

    @property
    def jobs(self) -> JobSlots:
        """The jobs."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """The audit."""
        ...
