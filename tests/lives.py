"""A room to which one thing after another happens, by chance: people come, pay, err and leave."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from bot.domain.dispute import CreditOutOfRange, Dispute, ItemKind, StepKind
from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.people import Actor
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax
from bot.services.bill_anew import BilledAnewAlready, BillsAnew, BillStands, NothingToBillAnew
from bot.services.bills import InvoiceUnknown
from bot.services.boundary import ReadingInTheWay
from bot.services.cause import Cause
from bot.services.conversion import Conversions, Wanted
from bot.services.credit_note import CreditNotes, MoreThanLeft
from bot.services.dispute import Disputes
from bot.services.dispute_case import AlreadyQuestioned
from bot.services.exchange.problem import ProblemKind
from bot.services.move_out import MoveOuts
from bot.services.onboarding import Onboarding
from bot.services.place import PlaceDefaults
from bot.services.reading_appraisal import ReadingAtThatTime, ReadingFell, ReadingOvertaken
from bot.services.reading_correction import Corrections, SameValue
from bot.services.reading_entry import NewReading, ReadingEntry
from bot.services.tariff import ChargedAlready, SamePrice
from bot.services.tariff_change import PriceChanges
from tests.building import KOLKATA, OPENED_AT, Building, House
from tests.stays import Stay

DAY = timedelta(days=1)
TENTH = Decimal("0.1")
NIGHT, NOON, EVENING = time(2), time(12), time(23, 59)
HEADER = "place,room,meter,tenant,mode,rate,start_on,opening_reading,opening_balance,billing_day"
SURPRISES = (ReadingAtThatTime, ReadingFell, ReadingOvertaken, SameValue)


def a_price(chance: Random, from_on: date) -> TariffVersion:
    """Return a price with one or two slabs, and perhaps a standing charge and a tax."""
    limits = [Decimal(chance.randint(20, 200)), None] if chance.random() < 0.5 else [None]
    standing = StandingCharge(amount_paise=chance.randint(1, 900), per=StandingPer.DAY)
    return TariffVersion(
        id=0,
        from_on=from_on,
        slabs=tuple(
            Slab(up_to=each, rate_paise=Decimal(chance.randint(100, 9_999))) for each in limits
        ),
        standing=standing if chance.random() < 0.5 else None,
        taxes=(Tax(name="GST", percent=Decimal(18)),) if chance.random() < 0.5 else (),
    )


@dataclass(slots=True, kw_only=True)
class Life:
    """A room, its counter as it really ran, and all who lived there, one after the other."""

    building: Building
    house: House
    chance: Random
    stays: list[Stay]
    is_let: bool = True
    has_history: bool = True
    has_questions: bool = False
    truth: dict[date, Decimal] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """This moment, by the clock of the place."""
        return self.building.clock.now().astimezone(KOLKATA)

    async def a_day(self) -> None:
        """Use something, let the day close, and perhaps let something happen, night and noon."""
        today_on = self.now.date()
        self.use()
        self.truth[today_on] = self.building.device(self.house).energy_kwh
        if self.chance.random() < 0.04:
            self.has_history = not self.has_history
        if self.has_history:
            told = ((on, str(value)) for on, value in self.truth.items())
            self.building.device(self.house).close(*told)
        self.at(today_on + DAY, NIGHT)
        if self.chance.random() < 0.3:
            await self.building.invoicing.run()
            await self.look()
        await self.perhaps()
        self.at(today_on + DAY, NOON)
        self.use()
        await self.perhaps()
        self.at(today_on + DAY, EVENING)
        if self.chance.random() < 0.3:
            await self.building.deductions.run()
            await self.look()

    def at(self, on: date, clock: time) -> None:
        """Let it be a time of some day."""
        self.building.clock.set(datetime.combine(on, clock, KOLKATA))

    def use(self) -> None:
        """Count on; an empty room counts a little, too."""
        most = 75 if self.is_let else 5
        self.building.device(self.house).use(str(TENTH * self.chance.randint(0, most)))

    async def perhaps(self) -> None:
        """Let something happen, one time in five."""
        if self.chance.random() > 0.2:
            return
        moves = (self.leave,) if self.is_let else (self.enter, self.enter, self.enter)
        money = (self.pay, self.credit, self.credit, self.credit, self.bill_anew)
        asks = (self.question,) * 4 if self.has_questions else ()
        always = (*money, *asks, self.read, self.correct, self.correct, self.correct)
        of_tenants = (self.reprice, self.convert) if self.is_let else ()
        happenings: Sequence[Callable[[], Awaitable[None]]] = (*moves, *always, *of_tenants)
        await self.chance.choice(happenings)()
        await self.look()

    async def look(self) -> None:
        """See what became of the readings, and what is to be charged by that."""
        for stay in self.stays:
            await stay.look()

    async def pay(self) -> None:
        """Pay something, who lives here or who has left."""
        stay, paise = self.chance.choice(self.stays[-2:]), self.chance.randint(1, 300_000)
        await self.building.payments.record(
            cause=await self.building.cause(),
            lease_id=stay.lease_id,
            amount_paise=paise,
            method=PaymentMethod.CASH,
        )
        stay.paid_paise += paise

    async def read(self) -> None:
        """Type what the counter shows, or showed at the close of some day."""
        on = self.chance.choice(list(self.truth))
        building = self.building
        entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
        hours = self.chance.randint(0, 3)
        at = OPENED_AT + (on - date(2025, 11, 11)) - timedelta(hours=hours)
        new = NewReading(meter_id=self.house.meter.id, value=self.truth[on], at=at)
        if at <= OPENED_AT:
            return
        with suppress(*SURPRISES):
            await entry.record(cause=await building.cause(), new=new, again=True)

    async def correct(self) -> None:
        """Say that a reading was a little less, or more, of whoever lived here then."""
        stay = self.chance.choice(self.stays[-2:])
        readings = [x for x in await stay.readings() if x.point.at > OPENED_AT]
        if not readings:
            return
        wrong = self.chance.choice([*readings, readings[0], readings[-1]])
        value = wrong.point.value + TENTH * self.chance.randint(-30, 30)
        building = self.building
        corrections = Corrections(building.transactions, building.clock, building.doorbell)
        with suppress(*SURPRISES):
            await corrections.correct(
                cause=await building.cause(), reading_id=wrong.id, value=value
            )

    async def reprice(self) -> None:
        """Let another price begin some day soon."""
        first_on = self.now.date() + DAY * self.chance.randint(1, 9)
        await self._reprice(a_price(self.chance, first_on))

    async def _reprice(self, version: TariffVersion) -> None:
        lease = await self.stays[-1].lease()
        async with self.building.transactions.read() as unit:
            tariff = (await unit.tariffs.get([lease.tariff_id]))[lease.tariff_id]
        changes = PriceChanges(self.building.transactions, self.building.clock)
        with suppress(ChargedAlready, SamePrice):
            await changes.change(
                cause=await self.building.cause(),
                tariff_id=tariff.id,
                version=version,
                seen=[each.id for each in tariff.versions],
            )

    async def convert(self) -> None:
        """Pay beforehand from now on, or afterwards."""
        lease = await self.stays[-1].lease()
        wanted = Wanted(mode=BillingMode.PREPAID)
        if lease.mode is BillingMode.PREPAID:
            wanted = Wanted(mode=BillingMode.POSTPAID, billing_day=self.chance.randint(1, 28))
        building = self.building
        conversions = Conversions(
            building.transactions, building.gateway, building.clock, building.doorbell
        )
        with suppress(ReadingInTheWay):
            await conversions.convert(
                cause=await building.cause(), lease_id=lease.id, wanted=wanted
            )

    async def leave(self) -> None:
        """Move out at this moment."""
        building, stay = self.building, self.stays[-1]
        leaving = MoveOuts(
            building.transactions, building.gateway, building.clock, building.doorbell
        )
        with suppress(ReadingInTheWay):
            await leaving.end(cause=await building.cause(), lease_id=stay.lease_id)
            self.is_let = False

    async def enter(self) -> None:
        """Move in at this moment, or some days ago as somebody notes only now."""
        building, chance = self.building, self.chance
        building.clock.advance(timedelta(minutes=chance.randint(1, 60)))
        start_on, opening = await self._beginning()
        rupees, mode = chance.randint(0, 500), chance.choice(list(BillingMode))
        rate = Decimal(chance.randint(100, 9_999)).scaleb(-2)
        row = (
            f"{building.place.name},{self.house.room.name},{self.house.meter.udf1},"
            f"Tenant {len(self.stays) + 1},{mode.value},{rate},"
            f"{start_on or ''},{opening or ''},{rupees},{chance.randint(1, 28)}"
        )
        desk = Onboarding(
            building.transactions,
            building.clock,
            defaults=PlaceDefaults(zone=KOLKATA, currency="INR"),
        )
        done = await desk.carry_out(cause=None, content=f"{HEADER}\n{row}".encode())
        if [each.kind for each in done.plan.problems] == [ProblemKind.READING_BELOW_LAST]:
            return  # a correction says that the counter is ahead of itself
        assert not done.plan.problems, done.plan.problems
        (created,) = done.created
        self.stays.append(
            Stay(
                building=building,
                meter_id=self.house.meter.id,
                lease_id=created.lease_id,
                opened_paise=rupees * 100,
            )
        )
        self.is_let = True
        await self._reprice(a_price(chance, start_on or self.now.date()))

    async def _beginning(self) -> tuple[date | None, Decimal | None]:
        """Return a day since which the room was let, if it was free then, and the counter."""
        device = self.building.device(self.house)
        if self.chance.random() < 0.5:
            return None, device.energy_kwh
        async with self.building.transactions.read() as unit:
            last = await unit.metering.latest(self.house.meter.id)
        assert last is not None
        free = [
            on
            for on, value in self.truth.items()
            if on >= last.point.at.astimezone(KOLKATA).date() and value >= last.point.value
        ]
        if not free:
            return None, device.energy_kwh
        on = self.chance.choice(free)
        return on + DAY, self.truth[on]

    async def credit(self) -> None:
        """Take back some bill, or a part of it, as a favour."""
        stay = self.chance.choice(self.stays[-2:])
        bills = [x for x in await stay.documents() if x.kind is DocumentKind.INVOICE]
        if not bills:
            return
        bill = self.chance.choice(bills)
        paise = None if self.chance.random() < 0.5 else self.chance.randint(1, 5_000)
        building = self.building
        notes = CreditNotes(building.transactions, building.clock, building.doorbell)
        with suppress(MoreThanLeft):
            note = await notes.issue(
                cause=await building.cause(),
                invoice_id=bill.id,
                reason="Goodwill",
                amount_paise=paise,
            )
            await stay.got_back(note)

    async def bill_anew(self) -> None:
        """Bill what was taken back whole, after all."""
        building, stay = self.building, self.chance.choice(self.stays[-2:])
        again = BillsAnew(building.transactions, building.clock, building.doorbell)
        cause = await building.cause()
        for bill in await stay.documents():
            with suppress(InvoiceUnknown, BillStands, BilledAnewAlready, NothingToBillAnew):
                shown = await again.preview(actor=cause.actor, invoice_id=bill.id)
                total_paise = shown.anew.total_paise
                await again.bill(cause=cause, invoice_id=bill.id, total_paise=total_paise)
                await stay.pays_after_all(bill)
                return

    async def question(self) -> None:
        """Question a charge, a reading or a bill, or settle what was questioned some time ago."""
        building, stay = self.building, self.chance.choice(self.stays[-2:])
        uses = Disputes(building.transactions, building.clock, building.doorbell)
        async with building.transactions.read() as unit:
            waiting = list(await unit.disputes.open_of(stay.lease_id))
        if waiting and self.chance.random() < 0.7:
            await self._settle(stay, uses, self.chance.choice(waiting))
            return
        found = await self._questionable(stay)
        if not found:
            return
        kind, item_id = self.chance.choice(found)
        own = Actor(person_id=self.house.tenant.id, lease_ids=frozenset({stay.lease_id}))
        with suppress(AlreadyQuestioned):
            asked = await uses.open(
                cause=Cause(actor=own), kind=kind, item_id=item_id, words="Why?"
            )
            if self.chance.random() < 0.5:
                await self._settle(stay, uses, asked)

    async def _questionable(self, stay: Stay) -> list[tuple[ItemKind, int]]:
        async with self.building.transactions.read() as unit:
            entries = await unit.ledger.page(stay.lease_id, limit=20)
        charges = [each.id for each in entries if each.kind is EntryKind.DEDUCTION]
        bills = [x.id for x in await stay.documents() if x.kind is DocumentKind.INVOICE]
        readings = [each.id for each in await stay.readings()]
        return [
            *((ItemKind.ENTRY, each) for each in charges),
            *((ItemKind.INVOICE, each) for each in bills),
            *((ItemKind.READING, each) for each in readings[-5:]),
        ]

    async def _settle(self, stay: Stay, uses: Disputes, asked: Dispute) -> None:
        verdict = self.chance.choice([StepKind.UPHELD, StepKind.PARTLY, StepKind.REJECTED])
        paise = self.chance.randint(1, 5_000) if verdict is StepKind.PARTLY else None
        with suppress(CreditOutOfRange):
            settled = await uses.decide(
                cause=await self.building.cause(),
                dispute_id=asked.id,
                verdict=verdict,
                reason="Seen",
                amount_paise=paise,
            )
            await stay.answered(settled)


async def a_life(building: Building, seed: int, *, days: int, has_questions: bool = False) -> Life:
    """Let a room, and let chance do the rest."""
    chance = Random(seed)
    house = await building.let(
        mode=BillingMode.POSTPAID,
        billing_day=chance.randint(1, 28),
        balance_paise=0,
        versions=[a_price(chance, date(2025, 1, 1))],
    )
    stay = Stay(building=building, meter_id=house.meter.id, lease_id=house.lease.id)
    life = Life(
        building=building,
        house=house,
        chance=chance,
        stays=[stay],
        has_questions=has_questions,
    )
    for _ in range(days):
        await life.a_day()
    return life
