"""The simulated world: spaces with their meters, and everything that can go wrong with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.journal import Journal
from bot.sandbox.qube.load import LoadCurve
from bot.sandbox.qube.meter import Failure, MeterLabels, Mode, SimulatedMeter, Supply
from bot.sandbox.qube.throttle import Throttle


class NoSuchMeter(Exception):
    """No present device carries this `udf1`."""

    def __init__(self, udf1: str) -> None:
        super().__init__(udf1)
        self.udf1 = udf1


class NoSuchSpace(Exception):
    """There is no space of this number."""

    def __init__(self, space_id: int) -> None:
        super().__init__(space_id)
        self.space_id = space_id


class NoSuchDevice(Exception):
    """No present device has this id: it never existed, was removed, or was replaced."""

    def __init__(self, device_id: str) -> None:
        super().__init__(device_id)
        self.device_id = device_id


class LabelTaken(Exception):
    """Another present device already carries this `udf1`."""

    def __init__(self, udf1: str) -> None:
        super().__init__(udf1)
        self.udf1 = udf1


@dataclass(slots=True, kw_only=True)
class SimulatedSpace:
    """A group of meters, as a rule a building."""

    space_id: int
    labels: MeterLabels


class SimulatedBuilding:
    """Spaces, devices and faults. Devices are addressed by `udf1`, as they keep it for life."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.throttle = Throttle()
        self.requests = Journal()
        """Every request that reached the server, oldest first."""
        self.key_is_revoked = False
        self.unresponsive_seconds = 0.0
        self.html_answers_left = 0
        self.has_partial_day = False
        """Whether history also holds a point for today, with the counter as it stands."""
        self._spaces: dict[int, SimulatedSpace] = {}
        self._devices: dict[str, SimulatedMeter] = {}
        self._retired: list[SimulatedMeter] = []
        self._ids: dict[str, str] = {}
        self._devices_made = 0

    @property
    def spaces(self) -> list[SimulatedSpace]:
        """All spaces, in the order in which they were added."""
        return list(self._spaces.values())

    def meters(self, space_id: int | None = None) -> Iterator[SimulatedMeter]:
        """This function will yield the present devices, of one space or of all."""
        devices = self._devices.values()
        return (meter for meter in devices if space_id is None or meter.space_id == space_id)

    def every_device(self) -> list[SimulatedMeter]:
        """This function will return every device that ever was, also replaced and removed ones."""
        return [*self._devices.values(), *self._retired]

    def meter(self, udf1: str) -> SimulatedMeter:
        """This function will find the device that carries a `udf1`. Raises NoSuchMeter."""
        try:
            return self._devices[self._ids[udf1]]
        except KeyError:
            raise NoSuchMeter(udf1) from None

    def device(self, device_id: str) -> SimulatedMeter:
        """This function will find a present device by its id. Raises NoSuchDevice."""
        try:
            return self._devices[device_id]
        except KeyError:
            raise NoSuchDevice(device_id) from None

    def space(self, space_id: int) -> SimulatedSpace:
        """This function will find a space. Raises NoSuchSpace."""
        try:
            return self._spaces[space_id]
        except KeyError:
            raise NoSuchSpace(space_id) from None

    def add_space(self, space_id: int, labels: MeterLabels) -> SimulatedSpace:
        """This function will add a space, or give an existing one new labels."""
        self._spaces[space_id] = SimulatedSpace(space_id=space_id, labels=labels)
        return self._spaces[space_id]

    def add_meter(
        self,
        labels: MeterLabels,
        *,
        load: LoadCurve,
        space_id: int | None,
        opening_kwh: Decimal = Decimal(0),
        installed_at: datetime | None = None,
        phases: int = 1,
        has_relay: bool = True,
        mode: Mode = Mode.MEASUREMENT,
        eb_tariff_paise: int = 650,
        dg_tariff_paise: int = 1800,
        balance_paise: int = 0,
    ) -> SimulatedMeter:
        """This function will install a device whose counter showed `opening_kwh` at `installed_at`.

        The default is now; a device of earlier days has history since then. Tariffs are in paise
        per kWh, the balance in paise. Raises LabelTaken, NoSuchSpace.
        """
        if labels.udf1 is not None and labels.udf1 in self._ids:
            raise LabelTaken(labels.udf1)
        if space_id is not None:
            self.space(space_id)
        return self._install(
            SimulatedMeter(
                device_id=self._next_device_id(),
                labels=labels,
                load=load,
                clock=self.clock.now,
                space_id=space_id,
                installed_at=installed_at or self.clock.now(),
                opening_mwh=int(opening_kwh * 1_000_000),
                phases=phases,
                has_relay=has_relay,
                mode=mode,
                eb_tariff_paise=eb_tariff_paise,
                dg_tariff_paise=dg_tariff_paise,
                opening_balance_paise=balance_paise,
            )
        )

    def relabel(self, meter: SimulatedMeter, labels: MeterLabels) -> None:
        """This function will write another name and other UDFs on a device. Raises LabelTaken."""
        udf1 = labels.udf1
        if udf1 is not None and self._ids.get(udf1, meter.device_id) != meter.device_id:
            raise LabelTaken(udf1)
        self._forget_label(meter)
        meter.labels = labels
        self._remember_label(meter)

    def replace(self, udf1: str, opening: Decimal = Decimal(0)) -> str:
        """This function will swap a device for a new one and return the new device id.

        The labels stay, the counter starts at `opening` kWh, and the old id is not found any more.
        """
        old = self.meter(udf1)
        self.remove(udf1)
        new = self.add_meter(
            old.labels,
            load=old.load,
            space_id=old.space_id,
            opening_kwh=opening,
            phases=old.phases,
            has_relay=old.has_relay,
            mode=old.mode,
            eb_tariff_paise=old.eb_tariff_paise,
            dg_tariff_paise=old.dg_tariff_paise,
        )
        new.active_tariff = old.active_tariff
        return new.device_id

    def remove(self, udf1: str) -> None:
        """This function will take a device away; its id is not found any more."""
        meter = self.meter(udf1)
        meter.retired_at = self.clock.now()
        self._forget_label(meter)
        self._retired.append(self._devices.pop(meter.device_id))

    def take_out_of_space(self, udf1: str) -> None:
        """This function will leave a device in no space."""
        self.meter(udf1).space_id = None

    def take_offline(self, udf1: str) -> None:
        """This function will cut a device off the network; it goes on counting."""
        meter = self.meter(udf1)
        if meter.is_online:
            meter.offline_since = self.clock.now()

    def bring_back(self, udf1: str) -> None:
        """This function will let a device be reached again."""
        self.meter(udf1).offline_since = None

    def lose_day(self, udf1: str, day_on: date) -> None:
        """This function will leave a day out of a device's history."""
        self.meter(udf1).lost_days.add(day_on)

    def switch_supply(self, supply: Supply) -> None:
        """This function will feed every device from the grid or from the generator."""
        for meter in self.meters():
            meter.active_tariff = supply

    def fail_after_effect(
        self, udf1: str, times: int = 1, how: Failure | str = Failure.DROP
    ) -> None:
        """This function will lose the answers to the next changes, which take effect: of the
        relay, the mode or the labels.

        `how` is "drop" (connection closed), "gateway_error" (HTTP 504, a page) or "stall" (no
        answer at all). Raises ValueError for another word.
        """
        self.meter(udf1).lost_answers.extend([Failure(how)] * times)

    def ignore_commands(self, udf1: str, times: int = 1) -> None:
        """This function will have the next relay and mode commands answered with `data: false`."""
        self.meter(udf1).ignored_commands += times

    def answer_html(self, times: int = 1) -> None:
        """This function will put a proxy's error page in place of the next answers."""
        self.html_answers_left += times

    def revoke_key(self) -> None:
        """This function will make the key wrong from now on."""
        self.key_is_revoked = True

    def set_unresponsive(self, seconds: float) -> None:
        """This function will delay every request by real seconds before it is looked at.

        A client that gives up earlier has changed nothing. 0 is prompt again, infinity is never.
        """
        self.unresponsive_seconds = seconds

    def _install(self, meter: SimulatedMeter) -> SimulatedMeter:
        self._devices[meter.device_id] = meter
        self._remember_label(meter)
        return meter

    def _next_device_id(self) -> str:
        self._devices_made += 1
        return f"QUBE-ONE-{0x1A2C00 + 37 * self._devices_made:06X}"

    def _remember_label(self, meter: SimulatedMeter) -> None:
        if meter.labels.udf1 is not None:
            self._ids[meter.labels.udf1] = meter.device_id

    def _forget_label(self, meter: SimulatedMeter) -> None:
        if meter.labels.udf1 is not None:
            del self._ids[meter.labels.udf1]
