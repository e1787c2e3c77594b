"""The story of Room #302: 25 days, from moving in to the light after a payment, checked as told."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.demo.house import DemonstrationFailed, House, open_house, said
from bot.demo.tenants import RINKESH, Tenancy
from bot.demo.transcript import Transcript
from bot.sandbox.page import Part
from bot.sandbox.qube.lakeside import ROOM_302
from bot.sandbox.qube.load import KOLKATA
from bot.sandbox.telegram import SandboxPerson
from bot.sandbox.telegram.records import Message

FIRST_ON = date(2026, 10, 25)
LAST_ON = date(2026, 11, 18)
PAID_AT = datetime(2026, 11, 19, 9, 30, tzinfo=KOLKATA)
WITHIN_S = 10
_DAY = timedelta(days=1)
_RULE = "─" * 64

Seen = TypeVar("Seen")


async def tell(tenancy: Tenancy = RINKESH) -> None:
    """This function will play the story and print it.

    Raises DemonstrationFailed when it does not come as it should on the terms of the tenancy.
    """
    async with open_house([tenancy]) as house:
        tenant = house.world.introduce(
            "Rinkesh", Part.TENANT, last_name="Agrawal", note=tenancy.room
        )
        await _Story(house, tenant).play()


class _Story:
    """Moves the clock from check to check, and holds what happens against what should."""

    def __init__(self, house: House, tenant: SandboxPerson) -> None:
        self._house = house
        self._world = house.world
        self._manager = house.manager
        self._tenant = tenant
        self._transcript = Transcript(house.world, KOLKATA)

    async def play(self) -> None:
        """Play all of it, day by day."""
        await self._move_in()
        for on in _days(FIRST_ON, LAST_ON):
            await self._check_at_2359(on)
            await self._of_day(on)
        await self._pay()
        await self._look_around()
        print(f"{_RULE}\nAs it should be: ₹2,923.30 · ₹85.50 · ₹2,085.50, and the light is on.")

    async def _move_in(self) -> None:
        self._open(self._world.clock.now())
        await said(self._manager, "/start")
        await self._house.move_in(self._tenant, RINKESH.room)
        await self._hears(self._tenant, "₹3,000.00")
        self._print()

    async def _check_at_2359(self, on: date) -> None:
        self._world.clock.move_to(datetime(on.year, on.month, on.day, 23, 59, tzinfo=KOLKATA))
        await self._house.bot.runner.catch_up()
        balance, register = await self._books()
        self._open(self._world.clock.now(), f"register {register} kWh, balance ₹{balance}")
        self._print()

    async def _of_day(self, on: date) -> None:
        """Hold the days of which the specification tells against the figures it gives."""
        balance, _ = await self._books()
        if on == FIRST_ON:
            self._require(balance == "3000.00", f"day 1 ends with {balance}, not 3000.00")
        elif on == FIRST_ON + _DAY:
            self._require(balance == "2923.30", f"day 2 ends with {balance}, not 2923.30")
            await said(self._tenant, "/balance")
            await self._hears(self._tenant, "₹2,923.30")
        elif on == LAST_ON:
            self._require(balance == "85.50", f"day 25 ends with {balance}, not 85.50")
            await self._hears(self._tenant, "🟡")
            await self._hears(self._tenant, "🟠")
            await self._hears(self._tenant, "Power is off", "₹85.50", "₹100.00")
            self._require(not self._meter_is_on, "the relay is still on after the cut")
        else:
            self._require(self._meter_is_on, f"the relay is off on {on}, before the cut")
        self._print()

    async def _pay(self) -> None:
        self._world.clock.move_to(PAID_AT)
        await self._house.bot.runner.catch_up()
        self._open(PAID_AT)
        await said(self._manager, "/pay 302 2000 upi 423188908890")
        asked = await self._hears(self._manager, "₹2,085.50")
        self._manager.press(asked.message_id, asked.buttons[0][0])
        for person in (self._tenant, self._manager):
            await self._hears(person, "✅", "₹2,000.00", "₹2,085.50", "Power is on again")
        self._require(self._meter_is_on, "the relay is off after the payment")
        balance, _ = await self._books()
        self._require(balance == "2085.50", f"after the payment there is {balance}, not 2085.50")
        self._print()

    async def _look_around(self) -> None:
        await said(self._tenant, "/balance")
        await self._hears(self._tenant, "₹2,085.50")
        await said(self._tenant, "/usage")
        await self._sees(self._tenant, "the picture", lambda each: each.photo is not None)
        await said(self._tenant, "/statement")
        await self._hears(self._tenant, "Statement", "₹2,085.50")
        self._print()

    async def _books(self) -> tuple[str, str]:
        """Return the balance and the last reading of the room, as `export balances` has them."""
        rows = [row async for row in self._house.bot.app.exports.balances()]
        named = dict(zip(rows[0], rows[1], strict=True))
        return named["balance"], named["last_reading"]

    @property
    def _meter_is_on(self) -> bool:
        return self._world.building.meter(ROOM_302).is_flowing

    async def _hears(self, person: SandboxPerson, *parts: str) -> Message:
        """Wait for a message that says all of it, as it stands now."""
        what = " + ".join(f"“{part}”" for part in parts)
        return await self._sees(person, what, lambda each: all(part in each.text for part in parts))

    async def _sees(
        self, person: SandboxPerson, what: str, matches: Callable[[Message], bool]
    ) -> Message:
        def found(one: SandboxPerson) -> Message | None:
            shown = [each for each in one.visible if each.from_bot and matches(each)]
            return max(shown, key=lambda each: each.seq, default=None)

        try:
            return await person.until(found, timeout_s=WITHIN_S)
        except TimeoutError:
            self._print()
            name = person.user.first_name
            raise DemonstrationFailed(f"{name} never saw {what}") from None

    def _require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self._print()
            raise DemonstrationFailed(otherwise)

    def _open(self, at: datetime, said_of_it: str = "") -> None:
        local = at.astimezone(KOLKATA)
        print(f"{_RULE}\n{local:%a %d %b %Y, %H:%M}  {said_of_it}".rstrip())

    def _print(self) -> None:
        for line in self._transcript.news():
            print(line, flush=True)


def _days(first_on: date, last_on: date) -> Iterator[date]:
    for number in range((last_on - first_on).days + 1):
        yield first_on + number * _DAY
