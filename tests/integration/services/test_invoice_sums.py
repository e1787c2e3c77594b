"""Whatever happens to a lease: its books balance, its numbers have no gap, its documents add up.

They come to what a plain recount of its readings comes to. Rules 1.4, 2.1, 3.7, 3.8 and section 7.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from bot.domain.dues import Due
from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.metering import Reading, ReadingStatus, ReadingType
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax
from bot.services.boundary import ReadingInTheWay
from bot.services.conversion import Conversions, Wanted
from bot.services.credit_note import CreditNotes, MoreThanLeft
from bot.services.invoice_record import Invoice
from bot.services.reading_appraisal import ReadingAtThatTime, ReadingFell, ReadingOvertaken
from bot.services.reading_correction import Corrections, SameValue
from bot.services.reading_entry import NewReading, ReadingEntry
from bot.services.tariff import ChargedAlready, SamePrice
from bot.services.tariff_change import PriceChanges
from tests.building import OPENED_AT, Building, House
from tests.naive import Recount

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAYS = 130
DAY = timedelta(days=1)
TENTH = Decimal("0.1")
FOR_ONE_DAY = timedelta(hours=2, minutes=1)


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
    """A lease to which one thing after another happens, by chance."""

    building: Building
    house: House
    chance: Random
    tariff_id: int
    paid_paise: int = 0
    credited_paise: int = 0
    has_history: bool = True
    truth: dict[date, Decimal] = field(default_factory=dict)

    async def a_day(self) -> None:
        """Use something, let the day close, and perhaps let something happen."""
        clock, device = self.building.clock, self.building.device(self.house)
        today_on = (clock.now() + timedelta(hours=5, minutes=30)).date()
        device.use(str(TENTH * self.chance.randint(0, 150)))
        self.truth[today_on] = device.energy_kwh
        if self.chance.random() < 0.04:
            self.has_history = not self.has_history
        if self.has_history:
            device.close(*((on, str(value)) for on, value in self.truth.items()))
        clock.advance(FOR_ONE_DAY)
        if self.chance.random() < 0.3:
            await self.building.invoicing.run()
        if self.chance.random() < 0.35:
            await self.chance.choice(self.happenings())()
        clock.advance(DAY - FOR_ONE_DAY)

    def happenings(self) -> Sequence[Callable[[], Awaitable[None]]]:
        """Return what may happen."""
        return (self.pay, self.read, self.correct, self.reprice, self.convert, self.credit)

    async def pay(self) -> None:
        """Pay something."""
        paise = self.chance.randint(1, 300_000)
        await self.building.payments.record(
            cause=await self.building.cause(),
            lease_id=self.house.lease.id,
            amount_paise=paise,
            method=PaymentMethod.CASH,
        )
        self.paid_paise += paise

    async def read(self) -> None:
        """Type what the counter shows, or showed at the close of some day."""
        on = self.chance.choice(list(self.truth))
        entry = ReadingEntry(
            self.building.transactions, self.building.clock, self.building.doorbell
        )
        hours = self.chance.randint(0, 3)
        at = OPENED_AT + (on - date(2025, 11, 11)) - timedelta(hours=hours)
        new = NewReading(meter_id=self.house.meter.id, value=self.truth[on], at=at)
        if at <= OPENED_AT:
            return
        with suppress(ReadingAtThatTime, ReadingFell, ReadingOvertaken):
            await entry.record(cause=await self.building.cause(), new=new, again=True)

    async def correct(self) -> None:
        """Say that a reading was a little less, or more."""
        readings = [each for each in await self.readings() if each.point.at > OPENED_AT]
        if not readings:
            return
        wrong = self.chance.choice(readings)
        value = wrong.point.value + TENTH * self.chance.randint(-30, 30)
        corrections = Corrections(
            self.building.transactions, self.building.clock, self.building.doorbell
        )
        with suppress(ReadingFell, ReadingOvertaken, SameValue):
            await corrections.correct(
                cause=await self.building.cause(), reading_id=wrong.id, value=value
            )

    async def reprice(self) -> None:
        """Let another price begin some day soon."""
        async with self.building.transactions.read() as unit:
            tariff = (await unit.tariffs.get([self.tariff_id]))[self.tariff_id]
        today_on = self.building.clock.now().date()
        version = a_price(self.chance, today_on + DAY * self.chance.randint(1, 9))
        changes = PriceChanges(self.building.transactions, self.building.clock)
        with suppress(ChargedAlready, SamePrice):
            await changes.change(
                cause=await self.building.cause(),
                tariff_id=self.tariff_id,
                version=version,
                seen=[each.id for each in tariff.versions],
            )

    async def convert(self) -> None:
        """Pay beforehand from now on, or afterwards."""
        lease = (await self.building.book(self.house)).lease
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

    async def credit(self) -> None:
        """Take back a part of some bill, as a favour."""
        bills = [each for each in await self.documents() if each.kind is DocumentKind.INVOICE]
        if not bills:
            return
        building, bill = self.building, self.chance.choice(bills)
        paise = self.chance.randint(1, 5_000)
        notes = CreditNotes(building.transactions, building.clock, building.doorbell)
        with suppress(MoreThanLeft):
            await notes.issue(
                cause=await building.cause(),
                invoice_id=bill.id,
                reason="Goodwill",
                amount_paise=paise,
            )
            self.credited_paise += paise

    async def readings(self) -> list[Reading]:
        """Return what counts of all that was read, oldest first."""
        async with self.building.transactions.read() as unit:
            (installed,) = await unit.chains.installations(self.house.meter.id)
            found = await unit.chains.members(
                installed.id,
                lease_id=self.house.lease.id,
                from_at=OPENED_AT,
                to_at=self.building.clock.now(),
            )
        return [each for each in found if each.status is ReadingStatus.ACCEPTED]

    async def recount(self) -> int:
        """Return what all that was read costs, reckoned from scratch, in paise."""
        async with self.building.transactions.read() as unit:
            tariff = (await unit.tariffs.get([self.tariff_id]))[self.tariff_id]
        points = [each.point for each in await self.readings()]
        first_on = self.house.lease.occupancy.start_on
        return Recount(versions=tariff.versions, points=points, first_on=first_on).total_paise()

    async def documents(self) -> list[Invoice]:
        """Return all bills and credit notes, oldest first."""
        async with self.building.transactions.read() as unit:
            found = await unit.invoices.of_lease(self.house.lease.id, limit=1000)
        return list(reversed(found))


async def a_life(building: Building, seed: int) -> Life:
    chance = Random(seed)
    house = await building.let(
        mode=BillingMode.POSTPAID,
        billing_day=chance.randint(1, 28),
        balance_paise=0,
        versions=[a_price(chance, date(2025, 1, 1))],
    )
    async with building.transactions.read() as unit:
        lease = await unit.leases.get(house.lease.id)
    assert lease is not None
    life = Life(building=building, house=house, chance=chance, tariff_id=lease.tariff_id)
    for _ in range(DAYS):
        await life.a_day()
    return life


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 40))]
)
async def test_any_life_of_a_lease_comes_to_what_a_recount_comes_to(
    building: Building, seed: int
) -> None:
    life = await a_life(building, seed)
    book = await building.book(life.house)
    cost_paise = await life.recount()
    assert book.balance_paise == life.paid_paise + life.credited_paise - cost_paise
    assert await building.flaws() == 0
    charged = await building.entries(life.house, EntryKind.DEDUCTION, EntryKind.REVERSAL)
    assert -sum(each.tenant_paise for each in charged) == cost_paise
    await assert_documents_are_whole(life)
    print(
        "EST",
        seed,
        [e.type for e in await life.readings()].count(ReadingType.ESTIMATED),
        len(await life.documents()),
        [d.kind.value for d in await life.documents()].count("credit_note"),
    )


async def assert_documents_are_whole(life: Life) -> None:
    documents = await life.documents()
    assert len(documents) > 1
    for kind in DocumentKind:
        years = {each.year for each in documents if each.kind is kind}
        for year in years:
            serials = [x.serial for x in documents if x.kind is kind and x.year == year]
            assert serials == list(range(1, len(serials) + 1))
    async with life.building.transactions.read() as unit:
        on_documents = [await unit.invoices.entries_of(each.id) for each in documents]
        dues = (await unit.invoices.dues([life.house.lease.id])).get(life.house.lease.id, ())
    for document, entries in zip(documents, on_documents, strict=True):
        assert document.total_paise == -sum(each.tenant_paise for each in entries)
        lines = document.facts["lines"]
        assert isinstance(lines, list)
        assert sum(line["amount_paise"] for line in lines) == document.total_paise
    told = [each.id for entries in on_documents for each in entries]
    assert len(told) == len(set(told))
    assert_open_amounts_are_those_of_the_latest(dues)


def assert_open_amounts_are_those_of_the_latest(dues: Sequence[Due]) -> None:
    """Rule 7.4: behind a bill that is not paid in full no older one is open."""
    first = next((at for at, due in enumerate(dues) if due.open_paise), len(dues))
    assert all(due.open_paise == max(due.charged_paise, 0) for due in dues[first + 1 :])


async def test_estimates_and_credit_notes_come_up_in_such_lives(building: Building) -> None:
    """So that what is proven above is proven for them too."""
    life = await a_life(building, 10)
    assert ReadingType.ESTIMATED in {each.type for each in await life.readings()}
    assert DocumentKind.CREDIT_NOTE in {each.kind for each in await life.documents()}
    held_paise = life.paid_paise + life.credited_paise
    assert await life.recount() == held_paise - await building.balance(life.house)
