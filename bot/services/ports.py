"""What the use cases need from the outside world, said without naming a vendor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Protocol

from bot.services.invoice_record import Invoice
from bot.services.upi import Payee


class Clock(Protocol):
    """The only source of the current time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


# --- the meter vendor -----------------------------------------------------------------


class Lane(IntEnum):
    """Who goes first at the vendor's request limit; lower goes first."""

    RESTORE = 0
    MANUAL = 1
    CUT = 2
    FRESH = 3
    SWEEP = 4


class DeviceMode(Enum):
    """Billing mode that a device runs in; the product wants MEASUREMENT."""

    MEASUREMENT = "measurement"
    PREPAID = "prepaid"
    POSTPAID = "postpaid"
    RELAY_OFF = "relay_off"
    UNKNOWN = "unknown"


class ActiveSupply(Enum):
    """Which supply feeds the meter at this moment."""

    GRID = "grid"
    GENERATOR = "generator"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceListing:
    """A device as a space lists it: identity only, no live values."""

    device_id: str
    name: str
    mode: DeviceMode
    udf1: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceListing:
    """A building at the vendor, with its devices."""

    space_id: int
    name: str
    devices: tuple[DeviceListing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceDetails:
    """A device on its own: capabilities and whether it can be reached."""

    device_id: str
    name: str
    is_online: bool
    has_relay: bool
    mode: DeviceMode
    udf1: str | None
    energy_kwh: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMetrics:
    """What a reachable device shows now; a three-phase one may keep power and relay to itself."""

    device_id: str
    energy_kwh: Decimal
    power_w: Decimal | None
    relay_on: bool | None
    mode: DeviceMode
    supply: ActiveSupply


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClose:
    """The register at the close (24:00 local) of one day."""

    on: date
    energy_kwh: Decimal


class GatewayError(Exception):
    """The vendor could not do what was asked."""

    def __init__(self, *, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class KeyRejected(GatewayError):
    """The API key is missing, wrong or revoked: nothing else will work either."""


class DeviceUnknown(GatewayError):
    """The device is gone from this key: perhaps it was replaced."""


class DeviceUnplaced(GatewayError):
    """The device or its space is not ours: a manager must look."""


class DeviceUnreachable(GatewayError):
    """The device is offline: live values and commands must wait."""


class Refused(GatewayError):
    """The vendor understood and said no, for good."""


class GatewayUnavailable(GatewayError):
    """The vendor could not be reached or is overloaded: try later."""


class OutcomeUnknown(GatewayUnavailable):
    """A command was sent and no answer came: it may have happened. Read back first."""


class MeterGateway(Protocol):
    """The vendor's meters."""

    async def spaces(self, *, lane: Lane) -> Sequence[SpaceListing]:
        """Return every building of the key, with its devices."""
        ...

    async def device(self, device_id: str, *, lane: Lane) -> DeviceDetails:
        """Return capabilities and reachability of one device."""
        ...

    async def metrics(self, device_id: str, *, lane: Lane) -> LiveMetrics:
        """Return what the device shows now; raises DeviceUnreachable when it is offline."""
        ...

    async def day_closes(
        self, device_id: str, *, from_on: date, to_on: date, lane: Lane
    ) -> Sequence[DayClose]:
        """Return the register at each day's close, both dates inclusive, oldest first.

        Days may be missing. Works while the device is offline.
        """
        ...

    async def switch(self, device_id: str, *, on: bool, lane: Lane) -> bool:
        """Command the relay; return whether the vendor says that the change happened.

        Never repeats by itself. Raises OutcomeUnknown when no answer came.
        """
        ...

    async def set_mode(self, device_id: str, mode: DeviceMode, *, lane: Lane) -> bool:
        """Set the billing mode; return whether the vendor says that it changed."""
        ...

    async def label_device(
        self, device_id: str, *, name: str, udfs: Sequence[str | None], lane: Lane
    ) -> None:
        """Set the name and udf1..udf5 of a device, leaving nothing else changed."""
        ...

    async def label_space(
        self, space_id: int, *, name: str, udfs: Sequence[str | None], lane: Lane
    ) -> None:
        """Set the name and udf1..udf5 of a space, leaving nothing else changed."""
        ...


# --- pictures ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDay:
    """One bar of the usage picture.

    `dark` are the spans without power, from and to, in ten-thousandths of the day. A day that is
    not `lived_in` is before or after the lease.
    """

    on: date
    energy_kwh: Decimal | None
    cost_paise: int | None
    recharged_paise: int
    dark: tuple[tuple[int, int], ...] = ()
    lived_in: bool = True

    @property
    def was_cut(self) -> bool:
        """Whether power was off for some time."""
        return bool(self.dark)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageChart:
    """Consumption and cost per day, oldest first, ready to be drawn.

    `marked` are the first and the last day that somebody asks about: then the totals are those of
    these days, and the other ones are there to compare them with.
    """

    room: str
    place: str
    currency: str
    days: tuple[UsageDay, ...]
    today_on: date
    total_kwh: Decimal
    total_paise: int
    previous_total_kwh: Decimal | None
    marked: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingBar:
    """Use per day up to a reading; `is_asked` marks the one that a picture is about."""

    on: date
    per_day: Decimal
    is_asked: bool = False
    is_anomalous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsChart:
    """A meter's last readings, oldest first, ready to be drawn; quantities in its unit."""

    meter: str
    place: str
    unit: str
    bars: tuple[ReadingBar, ...]
    mean_per_day: Decimal | None


class Pictures(Protocol):
    """Things that people would rather look at than read."""

    async def usage(self, chart: UsageChart, *, language: str) -> bytes:
        """Return the usage chart as a PNG."""
        ...

    async def readings(self, chart: ReadingsChart, *, language: str) -> bytes:
        """Return a meter's last readings as a PNG."""
        ...

    async def qr(self, text: str) -> bytes:
        """Return a QR code of the text as a PNG."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPaper:
    """A bill or a credit note to be printed; `to_pay_paise` is what is open by now, and goes into
    the code that a phone pays with, if the place has an address to pay to."""

    document: Invoice
    to_pay_paise: int = 0
    payee: Payee | None = None


class Papers(Protocol):
    """Things that people keep."""

    async def bill(self, paper: BillPaper, *, language: str) -> bytes:
        """Return a bill or a credit note as a PDF."""
        ...


class Workbooks(Protocol):
    """Tables that people calculate with."""

    async def workbook(self, title: str, rows: Sequence[Sequence[str]]) -> bytes:
        """Return a workbook with one sheet, whose header is the first row."""
        ...
