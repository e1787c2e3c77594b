"""Whatever happens in a room: its books balance, its numbers have no gap, its documents add up.

They come to what a plain recount of its readings comes to. Rules 1.4, 2.1, 3.7, 3.8 and section 7.
"""

from collections.abc import Sequence
from contextlib import suppress

import pytest

from bot.domain.dues import Due
from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.domain.metering import ReadingType
from bot.services.credit_note import CreditNotes, MoreThanLeft
from bot.services.invoice_record import Invoice
from bot.services.invoicing import ENDED_AGO
from tests.building import Building
from tests.lives import Life, a_life
from tests.stays import Stay

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAYS = 130


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 16))]
)
async def test_any_life_of_a_room_comes_to_what_a_recount_comes_to(
    building: Building, seed: int
) -> None:
    life = await a_life(building, seed, days=DAYS)
    await building.invoicing.run()
    await life.look()
    assert await building.flaws() == 0
    for stay in life.stays:
        charged_paise = sum(each.paise for each in stay.charges.all)
        assert charged_paise == (await stay.recount()).total_paise()
        assert (await stay.book()).balance_paise == await stay.expected_paise()
        await assert_documents_are_whole(life, stay)
    await assert_numbers_have_no_gap(life)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 8))]
)
async def test_whatever_is_questioned_nothing_is_given_back_twice(
    building: Building, seed: int
) -> None:
    life = await a_life(building, seed, days=DAYS, has_questions=True)
    await life.look()
    assert await building.flaws() == 0
    for stay in life.stays:
        assert (await stay.book()).balance_paise == await stay.expected_paise()


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 8))]
)
async def test_who_gets_all_bills_back_gets_no_more_than_they_come_to(
    building: Building, seed: int
) -> None:
    life = await a_life(building, seed, days=DAYS, has_questions=True)
    notes = CreditNotes(building.transactions, building.clock, building.doorbell)
    for stay in life.stays:
        bills = [each for each in await stay.documents() if each.kind is DocumentKind.INVOICE]
        for bill in bills:
            with suppress(MoreThanLeft):
                cause = await building.cause()
                await notes.issue(cause=cause, invoice_id=bill.id, reason="All of it")
        async with building.transactions.read() as unit:
            dues = (await unit.invoices.dues([stay.lease_id])).get(stay.lease_id, ())
        assert sum(each.charged_paise for each in dues) >= 0
    assert await building.flaws() == 0


async def assert_documents_are_whole(life: Life, stay: Stay) -> None:
    documents = await stay.documents()
    async with life.building.transactions.read() as unit:
        on_documents = [await unit.invoices.entries_of(each.id) for each in documents]
        dues = (await unit.invoices.dues([stay.lease_id])).get(stay.lease_id, ())
        left = await unit.invoices.unbilled(stay.lease_id)
    for document, entries in zip(documents, on_documents, strict=True):
        assert document.total_paise == -sum(each.tenant_paise for each in entries)
        lines = document.facts["lines"]
        assert isinstance(lines, list)
        assert sum(line["amount_paise"] for line in lines) == document.total_paise
    told = [each.id for entries in on_documents for each in entries]
    assert len(told) == len(set(told))
    lease = await stay.lease()
    end_on = lease.occupancy.end_on
    is_last_billed = end_on is not None and end_on > life.now.date() - ENDED_AGO
    if is_last_billed and lease.mode is BillingMode.POSTPAID:
        assert sum(each.tenant_paise for each in left) == 0
    assert_open_amounts_are_those_of_the_latest(dues)


def assert_open_amounts_are_those_of_the_latest(dues: Sequence[Due]) -> None:
    """Rule 7.4: behind a bill that is not paid in full no older one is open."""
    first = next((at for at, due in enumerate(dues) if due.open_paise), len(dues))
    behind = [due.open_paise - due.from_before_paise for due in dues[first + 1 :]]
    assert behind == [max(due.charged_paise, 0) for due in dues[first + 1 :]]


async def assert_numbers_have_no_gap(life: Life) -> None:
    """Rule 7.2: in each series of a place and financial year."""
    async with life.building.transactions.read() as unit:
        found: Sequence[Invoice] = await unit.invoices.of_place(
            life.building.place.id, limit=10_000
        )
    assert len(found) > 1
    for kind, year in {(each.kind, each.year) for each in found}:
        serials = [each.serial for each in found if (each.kind, each.year) == (kind, year)]
        assert sorted(serials) == list(range(1, len(serials) + 1))


async def test_what_such_lives_are_to_prove_comes_up_in_them(building: Building) -> None:
    """People who leave and come, estimates, and all that can be given back of bills."""
    life = await a_life(building, 16, days=DAYS)
    assert len(life.stays) > 3
    read = [each.type for stay in life.stays for each in await stay.readings()]
    assert ReadingType.ESTIMATED in read
    begun = {(await stay.lease()).mode for stay in life.stays}
    assert begun == set(BillingMode)
    made = [each for stay in life.stays for each in await stay.documents()]
    assert any(each.facts.get("replaces") for each in made)
    charges = [stay.charges for stay in life.stays]
    assert any(charge.is_given_away for each in charges for charge in each.all)
    given_paise = sum(favour.paise for each in charges for favour in each.favours)
    assert 0 < sum(each.given_paise for each in charges) < given_paise
