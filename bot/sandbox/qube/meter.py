"""One simulated device: its register, its relay, and what it remembers of its days."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum

from bot.sandbox.qube.load import KOLKATA, LoadCurve, end_of_day


class Mode(Enum):
    """How a device runs; the values are the lower-case words of the API."""

    MEASUREMENT = "measurement"
    PREPAID = "prepaid"
    POSTPAID = "postpaid"
    RELAY_OFF = "relay_off"


class Supply(IntEnum):
    """Where the power comes from; the values are the API's `active_tariff`."""

    GRID = 1
    GENERATOR = 2


class Failure(Enum):
    """How the answer to a change gets lost after it has been made."""

    DROP = "drop"
    GATEWAY_ERROR = "gateway_error"
    STALL = "stall"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLabels:
    """What people call a device, and what integrations write on it."""

    name: str
    description: str = ""
    udf1: str | None = None
    udf2: str | None = None
    udf3: str | None = None
    udf4: str | None = None
    udf5: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """From an instant on, the register grows with the load, or stands still."""

    since: datetime
    register_mwh: int
    is_flowing: bool


@dataclass(slots=True, kw_only=True)
class SimulatedMeter:
    """A device as it stands now. Energy accrues by reckoning, not by ticking."""

    device_id: str
    labels: MeterLabels
    load: LoadCurve
    clock: Callable[[], datetime]
    space_id: int | None
    installed_at: datetime
    opening_mwh: int = 0
    phases: int = 1
    has_relay: bool = True
    relay_on: bool = True
    mode: Mode = Mode.MEASUREMENT
    eb_tariff_paise: int = 650
    dg_tariff_paise: int = 1800
    active_tariff: Supply = Supply.GRID
    offline_since: datetime | None = None
    retired_at: datetime | None = None
    lost_answers: deque[Failure] = field(default_factory=deque)
    ignored_commands: int = 0
    lost_days: set[date] = field(default_factory=set)
    opening_balance_paise: int = 0
    _stretches: list[_Stretch] = field(init=False, default_factory=list)
    _topped_up: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self._topped_up = (self.opening_balance_paise, self.opening_mwh)
        self._begin_stretch(self.installed_at, self.opening_mwh)

    @property
    def is_online(self) -> bool:
        """Whether the device can be reached."""
        return self.offline_since is None

    @property
    def is_flowing(self) -> bool:
        """Whether power reaches the room."""
        return self.relay_on and self.mode is not Mode.RELAY_OFF

    @property
    def register_kwh(self) -> Decimal:
        """The counter now, in kWh with three decimals."""
        return self.register_kwh_at(self.clock())

    @property
    def consumed_mwh(self) -> int:
        """What this device has counted since it was installed, in mWh."""
        return self.register_mwh_at(self.clock()) - self.opening_mwh

    @property
    def active_power_w(self) -> int:
        """What the room draws now, in W."""
        return self.active_power_w_at(self.clock())

    @property
    def voltage_v(self) -> Decimal:
        """A mains voltage that wanders by the minute, in V with one decimal."""
        minute = int(self.clock().timestamp()) // 60
        return Decimal(2270 + minute * 7919 % 61).scaleb(-1)

    @property
    def balance_paise(self) -> int:
        """The device's own balance, which it draws down by itself while in prepaid mode."""
        balance_paise, since_mwh = self._topped_up
        if self.mode is not Mode.PREPAID:
            return balance_paise
        used_mwh = self.register_mwh_at(self.clock()) - since_mwh
        return max(0, balance_paise - used_mwh * self.eb_tariff_paise // 1_000_000)

    def active_power_w_at(self, at: datetime) -> int:
        """This function will return what the room draws at an instant as things stand, in W."""
        return self.load.power_w(at) if self.is_flowing and self.retired_at is None else 0

    def register_kwh_at(self, at: datetime) -> Decimal:
        """This function will return the counter at a past instant, cut to three decimals."""
        return Decimal(self.register_mwh_at(at) // 1000).scaleb(-3)

    def register_mwh_at(self, at: datetime) -> int:
        """This function will return the exact counter at an instant not after now, in mWh."""
        if self.retired_at is not None:
            at = min(at, self.retired_at)
        index = bisect_right(self._stretches, at, key=lambda stretch: stretch.since) - 1
        stretch = self._stretches[max(index, 0)]
        if not stretch.is_flowing or at <= stretch.since:
            return stretch.register_mwh
        grown_mwh = self.load.energy_mwh(at) - self.load.energy_mwh(stretch.since)
        return stretch.register_mwh + grown_mwh

    def closes_kwh(self, first_on: date, last_on: date) -> list[tuple[date, Decimal]]:
        """This function will return the counter at 24:00 of each closed day, both dates included.

        Days before the installation, days that are not over and days that were lost are left out.
        """
        first_on = max(first_on, self.installed_at.astimezone(KOLKATA).date())
        last_on = min(last_on, self.clock().astimezone(KOLKATA).date() - timedelta(days=1))
        days = (first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1))
        kept = (day_on for day_on in days if day_on not in self.lost_days)
        return [(day_on, self.register_kwh_at(end_of_day(day_on))) for day_on in kept]

    def set_relay(self, *, is_on: bool) -> None:
        """This function will open or close the relay now."""
        now, register_mwh = self._mark()
        self.relay_on = is_on
        self._begin_stretch(now, register_mwh)

    def set_mode(self, mode: Mode) -> None:
        """This function will run the device in another mode from now on."""
        self.top_up(0)
        now, register_mwh = self._mark()
        self.mode = mode
        self._begin_stretch(now, register_mwh)

    def top_up(self, amount_paise: int) -> None:
        """This function will add to the device's own balance, in paise."""
        self._topped_up = (self.balance_paise + amount_paise, self._mark()[1])

    def _mark(self) -> tuple[datetime, int]:
        now = self.clock()
        return now, self.register_mwh_at(now)

    def _begin_stretch(self, since: datetime, register_mwh: int) -> None:
        self._stretches.append(
            _Stretch(since=since, register_mwh=register_mwh, is_flowing=self.is_flowing)
        )
