"""A file of leases, previewed and carried out (product.md, bulk onboarding)."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind
from bot.domain.metering import MeterType, ReadingType
from bot.domain.people import Actor, Role
from bot.domain.service_kind import ServiceKind
from bot.domain.supply import Hold, SupplyReason
from bot.i18n import Catalogues
from bot.i18n.import_warnings import warning_texts
from bot.services.book import SupplyState
from bot.services.cause import AlreadyHandled, Cause
from bot.services.exchange.problem import ProblemKind, RowProblem
from bot.services.ports import DeviceMode
from bot.services.store import Device

from .conftest import KOLKATA, NOON, ROOM_302, Desk, leases_csv, room

SPEAKER = Catalogues().speaker("en", KOLKATA).plain


def kinds(problems: Sequence[RowProblem]) -> list[ProblemKind]:
    return [problem.kind for problem in problems]


async def test_a_preview_writes_nothing(desk: Desk) -> None:
    plan = await desk.preview(ROOM_302)

    assert len(plan.new) == 1
    async with desk.transactions.read() as unit:
        assert await unit.places.all() == []


async def test_a_meter_that_qube_does_not_have_is_named_in_the_preview(desk: Desk) -> None:
    assert (await desk.preview(ROOM_302)).deviceless == ()
    async with desk.transactions.begin() as unit:
        await unit.metering.save_device(
            Device(
                id="D-1",
                space_id=None,
                name="Floor 3",
                udf1="lakeside.302",
                mode=DeviceMode.MEASUREMENT,
                seen_at=NOON,
            )
        )
    plan = await desk.preview(ROOM_302, room(1, meter="lakeside.typo"), gas(1))

    assert len(plan.new) == 2
    assert [(row.line, row.meter) for row in plan.deviceless] == [(3, "lakeside.typo")]
    assert list(warning_texts(plan, SPEAKER)) == [
        "⚠️ Line 3, meter: no device with the name “lakeside.typo” at Qube yet"
    ]


async def test_a_row_becomes_a_lease_with_everything_around_it(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302)).created
    book = await desk.book(new.lease_id)

    assert (book.place.name, book.room.name) == ("Lakeside Apartments", "Room #302")
    assert (book.place.zone, book.place.currency) == (KOLKATA, "INR")
    assert (book.lease.tenant_name, book.lease.mode) == ("Asha Rao", BillingMode.PREPAID)
    assert book.lease.occupancy.start_on == date(2026, 10, 26)
    assert (book.terms.cut_off_paise, book.terms.low_balance_paise) == (10_000, 50_000)
    assert book.balance_paise == 300_000
    (run,) = book.timelines[ServiceKind.ELECTRICITY].runs
    assert run.version.slabs[0].rate_paise == Decimal(650)
    assert run.from_on == date(2000, 1, 1)


async def test_the_opening_reading_is_taken_at_the_start_of_the_first_day(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302)).created
    (link,) = (await desk.book(new.lease_id)).meters

    assert link.anchor is not None
    assert link.anchor.type is ReadingType.MANUAL
    assert link.anchor.point.value == Decimal(1450)
    assert link.anchor.point.at == datetime(2026, 10, 26, tzinfo=KOLKATA)
    assert (link.meter.udf1, link.meter.type) == ("lakeside.302", MeterType.ELECTRICITY)
    assert link.device_id is None


async def test_without_an_opening_reading_the_first_live_one_opens(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302 | {"opening_reading": ""})).created
    (link,) = (await desk.book(new.lease_id)).meters

    assert link.installation_id is not None
    assert link.anchor is None


async def test_without_a_start_the_lease_begins_now(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302 | {"start_on": ""})).created
    book = await desk.book(new.lease_id)

    assert book.lease.occupancy.start_on == date(2026, 11, 18)
    assert book.meters[0].anchor is not None
    assert book.meters[0].anchor.point.at == NOON


async def test_the_opening_balance_is_an_entry_that_cannot_be_booked_twice(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302 | {"opening_balance": "-85.50"})).created
    async with desk.transactions.read() as unit:
        (entry,) = await unit.ledger.page(new.lease_id)
        flaws = await unit.ledger.flaws()

    assert (entry.kind, entry.key) == (EntryKind.OPENING, f"opening:{new.lease_id}")
    assert entry.balance_after_paise == -8_550
    assert flaws == []


async def test_nobody_is_cut_by_an_import(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302 | {"opening_balance": "0"})).created
    (link,) = (await desk.book(new.lease_id)).meters
    async with desk.transactions.read() as unit:
        order = await unit.supplies.open_order(link.meter.id)

    assert link.supply is not None
    assert (link.supply.desired_on, link.supply.reason) == (True, SupplyReason.IN_ORDER)
    assert order is None


async def test_rooms_of_one_rate_share_a_tariff(desk: Desk) -> None:
    created = (await desk.carry_out(room(1), room(2), room(3, rate="7.125"))).created
    first, second, third = [
        (await desk.book(new.lease_id)).timelines[ServiceKind.ELECTRICITY].runs[0].tariff
        for new in created
    ]

    assert first.id == second.id != third.id
    assert (first.name, third.name) == ("6.50/kWh", "7.125/kWh")


async def test_a_known_device_is_installed_at_once(desk: Desk) -> None:
    async with desk.transactions.begin() as unit:
        await unit.metering.save_device(
            Device(
                id="QUBE-1",
                space_id=1,
                name="302",
                udf1="lakeside.302",
                mode=DeviceMode.MEASUREMENT,
                seen_at=NOON,
            )
        )
    (new,) = (await desk.carry_out(ROOM_302)).created

    assert (await desk.book(new.lease_id)).meters[0].device_id == "QUBE-1"


class TestTwice:
    """The same file again changes nothing."""

    async def test_every_row_is_unchanged(self, desk: Desk) -> None:
        rows = [ROOM_302, room(303, rate="", opening_reading="", start_on="")]
        await desk.carry_out(*rows)
        desk.clock.advance(timedelta(days=40))
        again = await desk.carry_out(*rows)

        assert again.created == ()
        assert len(again.plan.unchanged) == 2
        assert again.plan.problems == ()

    async def test_only_the_new_rows_of_a_longer_file_are_made(self, desk: Desk) -> None:
        await desk.carry_out(ROOM_302)
        again = await desk.carry_out(ROOM_302, room(303))

        assert [new.plan.row.room for new in again.created] == ["Room #303"]

    async def test_other_spellings_of_place_and_room_are_the_same(self, desk: Desk) -> None:
        await desk.carry_out(ROOM_302)
        spelt = ROOM_302 | {"place": "LAKESIDE  apartments", "room": "room #302"}

        assert len((await desk.preview(spelt)).unchanged) == 1

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("opening_balance", "2000"),
            ("opening_reading", "1451"),
            ("rate", "6.60"),
            ("start_on", "2026-10-27"),
            ("cut_off", "50"),
            ("low_balance", "600"),
            ("mode", "postpaid"),
            ("phone", "+919812345678"),
            ("billing_day", "5"),
            ("meter", "lakeside.303"),
            ("type", "GAS"),
        ],
    )
    async def test_changed_terms_are_refused_by_name(
        self, desk: Desk, column: str, value: str
    ) -> None:
        await desk.carry_out(ROOM_302)
        (problem,) = (await desk.preview(ROOM_302 | {column: value})).problems

        assert problem.kind is ProblemKind.TERMS_DIFFER
        assert problem.facts["columns"] == column

    async def test_two_at_the_same_time_make_each_lease_once(self, desk: Desk) -> None:
        rows = [room(number) for number in range(1, 6)]
        both = await asyncio.gather(desk.carry_out(*rows), desk.carry_out(*rows))

        assert sorted(len(each.created) for each in both) == [0, 5]
        assert sorted(len(each.plan.unchanged) for each in both) == [0, 5]

    async def test_the_same_message_delivered_twice_is_handled_once(self, desk: Desk) -> None:
        actor = await desk.manager(role=Role.OWNER)
        cause = Cause(actor=actor, update_id=77)
        await desk.carry_out(ROOM_302, cause=cause)

        with pytest.raises(AlreadyHandled):
            await desk.carry_out(room(303), cause=cause)


class TestRefusals:
    """Rows that do not go with the file or with the store."""

    async def test_a_room_and_a_meter_are_in_a_file_once(self, desk: Desk) -> None:
        plan = await desk.preview(room(1), room(1, meter="x"), room(2, meter="lakeside.1"))

        assert [(p.line, p.kind, p.facts) for p in plan.problems] == [
            (3, ProblemKind.ROOM_TWICE, {"other": "2"}),
            (4, ProblemKind.METER_TWICE, {"other": "2"}),
        ]
        assert len(plan.new) == 1

    async def test_a_room_that_is_let_to_another_is_not_let_again(self, desk: Desk) -> None:
        await desk.carry_out(ROOM_302)
        plan = await desk.preview(ROOM_302 | {"tenant": "Ravi Kumar"})

        assert kinds(plan.problems) == [ProblemKind.ROOM_LET]

    async def test_a_meter_serves_one_running_lease(self, desk: Desk) -> None:
        await desk.carry_out(ROOM_302)
        plan = await desk.preview(room(5, meter="lakeside.302"))

        assert kinds(plan.problems) == [ProblemKind.METER_TAKEN]

    async def test_a_meter_stays_in_its_place(self, desk: Desk) -> None:
        await desk.carry_out(ROOM_302)
        plan = await desk.preview(room(5, meter="lakeside.302", place="Hillside"))

        assert kinds(plan.problems) == [ProblemKind.METER_ELSEWHERE]

    async def test_a_lease_cannot_start_tomorrow(self, desk: Desk) -> None:
        plan = await desk.preview(ROOM_302 | {"start_on": "2026-11-19"})

        assert kinds(plan.problems) == [ProblemKind.DATE_IN_FUTURE]

    async def test_today_is_the_day_of_the_place(self, desk: Desk) -> None:
        desk.clock.at = datetime(2026, 11, 18, 19, 0, tzinfo=NOON.tzinfo)  # 00:30 on the 19th

        assert (await desk.preview(ROOM_302 | {"start_on": "2026-11-19"})).new

    async def test_a_rate_is_needed_where_there_is_none_or_a_choice(self, desk: Desk) -> None:
        nothing = await desk.preview(room(1, rate=""))
        choice = await desk.preview(room(1), room(2, rate="7"), room(3, rate=""))

        assert kinds(nothing.problems) == [ProblemKind.NO_TARIFF]
        assert kinds(choice.problems) == [ProblemKind.NO_RATE]
        assert choice.problems[0].line == 4

    async def test_the_only_rate_of_the_place_needs_no_repeating(self, desk: Desk) -> None:
        await desk.carry_out(room(1), room(2, rate=""))
        (new,) = (await desk.carry_out(room(3, rate=""))).created

        assert (await desk.book(new.lease_id)).timelines[ServiceKind.ELECTRICITY].runs[
            0
        ].tariff.name == "6.50/kWh"

    async def test_a_cut_off_above_the_usual_low_balance_lifts_it(self, desk: Desk) -> None:
        (new,) = (await desk.carry_out(room(1, cut_off="800"))).created

        assert (await desk.book(new.lease_id)).terms.low_balance_paise == 80_000

    async def test_an_empty_cell_follows_the_place_and_a_filled_one_does_not(
        self, desk: Desk
    ) -> None:
        rows = (room(1), room(2, cut_off="100", low_balance="500"))
        follows, has_own = (await desk.carry_out(*rows)).created
        place = (await desk.book(follows.lease_id)).place
        async with desk.transactions.begin() as unit:
            stricter = replace(place, cut_off_paise=20_000, low_balance_paise=90_000)
            await unit.places.save(stricter)
        of_place = (await desk.book(follows.lease_id)).terms
        own = (await desk.book(has_own.lease_id)).terms

        assert (of_place.cut_off_paise, of_place.low_balance_paise) == (20_000, 90_000)
        assert (own.cut_off_paise, own.low_balance_paise) == (10_000, 50_000)
        again = await desk.carry_out(*rows)
        assert (again.created, again.plan.problems) == ((), ())

    async def test_a_low_balance_below_the_usual_cut_off_is_refused(self, desk: Desk) -> None:
        plan = await desk.preview(room(1, low_balance="50"))

        assert kinds(plan.problems) == [ProblemKind.LOW_BELOW_CUT_OFF]

    async def test_good_rows_are_taken_without_the_bad_ones(self, desk: Desk) -> None:
        imported = await desk.carry_out(room(1), room(2, rate="free"), room(3))

        assert [new.plan.row.line for new in imported.created] == [2, 4]
        assert kinds(imported.plan.problems) == [ProblemKind.NOT_A_NUMBER]

    async def test_a_manager_adds_to_their_own_places_only(self, desk: Desk) -> None:
        (new,) = (await desk.carry_out(ROOM_302)).created
        place_id = (await desk.book(new.lease_id)).place.id
        manager = await desk.manager(place_id)
        plan = await desk.onboarding.preview(
            cause=Cause(actor=manager), content=leases_csv(room(1), room(2, place="Hillside"))
        )

        assert [each.row.room for each in plan.new] == ["Room #1"]
        assert [(p.line, p.kind) for p in plan.problems] == [(3, ProblemKind.NOT_YOURS)]

    async def test_a_tenant_adds_nothing(self, desk: Desk) -> None:
        await desk.carry_out(ROOM_302)
        tenant = Actor(person_id=await desk.person(5), lease_ids=frozenset({1}))
        plan = await desk.onboarding.preview(cause=Cause(actor=tenant), content=leases_csv(room(1)))

        assert kinds(plan.problems) == [ProblemKind.NOT_YOURS]


class TestNextTenant:
    """A room whose last lease has ended."""

    async def end(self, desk: Desk, lease_id: int) -> None:
        async with desk.transactions.begin() as unit:
            lease = await unit.leases.get(lease_id)
            assert lease is not None
            occupancy = replace(lease.occupancy, end_on=date(2026, 11, 1))
            await unit.leases.save(replace(lease, occupancy=occupancy))

    async def test_the_meter_goes_on_with_the_next_lease(self, desk: Desk) -> None:
        (old,) = (await desk.carry_out(ROOM_302)).created
        await self.end(desk, old.lease_id)
        row = ROOM_302 | {"tenant": "Next", "start_on": "2026-11-05", "opening_reading": "1500"}
        (new,) = (await desk.carry_out(row)).created
        before, after = await desk.book(old.lease_id), await desk.book(new.lease_id)

        assert after.room.id == before.room.id
        assert after.meters[0].meter.id == before.meters[0].meter.id
        assert after.meters[0].installation_id == before.meters[0].installation_id

    async def test_the_log_tells_what_the_empty_room_has_used(
        self, desk: Desk, caplog: pytest.LogCaptureFixture
    ) -> None:
        (old,) = (await desk.carry_out(ROOM_302)).created
        await self.end(desk, old.lease_id)
        row = ROOM_302 | {"tenant": "Next", "start_on": "2026-11-05", "opening_reading": "1500"}
        with caplog.at_level(logging.INFO):
            await desk.carry_out(row)

        (told,) = [each for each in caplog.messages if "nobody's" in each]
        assert "lakeside.302: 50 kWh" in told

    async def test_a_counter_does_not_run_backwards(self, desk: Desk) -> None:
        (old,) = (await desk.carry_out(ROOM_302)).created
        await self.end(desk, old.lease_id)
        lower = ROOM_302 | {"tenant": "Next", "start_on": "", "opening_reading": "1449.9"}
        earlier = ROOM_302 | {"tenant": "Next", "start_on": "2026-10-01"}

        assert kinds((await desk.preview(lower)).problems) == [ProblemKind.READING_BELOW_LAST]
        assert kinds((await desk.preview(earlier)).problems) == [ProblemKind.STARTS_BEFORE_LAST]

    async def test_power_that_was_off_comes_back(self, desk: Desk) -> None:
        (old,) = (await desk.carry_out(ROOM_302)).created
        await self.end(desk, old.lease_id)
        meter_id = (await desk.book(old.lease_id)).meters[0].meter.id
        await self.set_supply(desk, meter_id, Hold.NONE)
        await desk.carry_out(ROOM_302 | {"tenant": "Next", "start_on": ""})
        async with desk.transactions.read() as unit:
            order = await unit.supplies.open_order(meter_id)

        assert order is not None
        assert order.turn_on

    async def test_a_manager_s_hold_stays(self, desk: Desk) -> None:
        (old,) = (await desk.carry_out(ROOM_302)).created
        await self.end(desk, old.lease_id)
        meter_id = (await desk.book(old.lease_id)).meters[0].meter.id
        await self.set_supply(desk, meter_id, Hold.OFF)
        (new,) = (await desk.carry_out(ROOM_302 | {"tenant": "Next", "start_on": ""})).created
        supply = (await desk.book(new.lease_id)).meters[0].supply

        assert supply is not None
        assert (supply.hold, supply.desired_on) == (Hold.OFF, False)

    async def set_supply(self, desk: Desk, meter_id: int, hold: Hold) -> None:
        off = SupplyState(
            meter_id=meter_id,
            desired_on=False,
            reason=SupplyReason.BELOW_CUT_OFF,
            decided_at=NOON,
            hold=hold,
            actual_on=False,
            confirmed_at=NOON,
        )
        async with desk.transactions.begin() as unit:
            await unit.supplies.save([off])


def gas(number: int, **changes: str) -> dict[str, str]:
    """A row for the gas meter of a room, which says nothing else of its lease."""
    row = {name: room(number)[name] for name in ("place", "room", "tenant")}
    meter = {"meter": f"Gas {number}", "type": "GAS", "rate": "45", "opening_reading": "100.125"}
    return row | meter | changes


class TestFurtherMeters:
    """Rows for one room and tenant with other kinds of meters make one lease."""

    async def test_each_has_its_own_tariff_per_unit_of_its_meter(self, desk: Desk) -> None:
        done = await desk.carry_out(room(1), gas(1), room(2))
        first, second = done.created
        assert (done.plan.problems, len(done.plan.new_meters)) == ((), 1)
        book = await desk.book(first.lease_id)
        electric, hand_read = book.meters
        assert (electric.meter.udf1, hand_read.meter.udf1) == ("lakeside.1", None)
        meter, timeline = hand_read.meter, book.timelines[ServiceKind.GAS]
        assert (meter.name, meter.unit, meter.decimals) == ("Gas 1", "m³", 3)
        assert timeline.runs[0].version.slabs[0].rate_paise == Decimal(4_500)
        assert (timeline.given[0].tariff.name, timeline.begins_on) == (
            "45.00/m³",
            date(2026, 10, 26),
        )
        assert hand_read.anchor is not None
        assert hand_read.anchor.point.value == Decimal("100.125")
        assert book.balance_paise == 300_000
        assert set((await desk.book(second.lease_id)).timelines) == {ServiceKind.ELECTRICITY}

    async def test_the_order_of_the_rows_does_not_matter(self, desk: Desk) -> None:
        (new,) = (await desk.carry_out(gas(1), room(1))).created
        book = await desk.book(new.lease_id)
        assert book.timelines[ServiceKind.ELECTRICITY].given[0].tariff.id == book.lease.tariff_id
        assert book.has_price(book.meters[1].meter, book.meters[1].anchor.point.at)  # type: ignore[union-attr]

    async def test_the_same_file_twice_changes_nothing(self, desk: Desk) -> None:
        rows = room(1), gas(1), gas(1, type="WATER_COLD", meter="Water 1", rate="20")
        await desk.carry_out(*rows)
        again = await desk.carry_out(*rows)
        assert (again.created, again.plan.problems, again.plan.new_meters) == ((), (), ())
        assert len(again.plan.meters) == 2

    async def test_a_lease_that_is_here_gets_the_meter_that_is_new(self, desk: Desk) -> None:
        (new,) = (await desk.carry_out(room(1))).created
        done = await desk.carry_out(room(1), gas(1, start_on="2026-11-01"))
        assert (done.created, len(done.plan.new_meters)) == ((), 1)
        book = await desk.book(new.lease_id)
        assert book.timelines[ServiceKind.GAS].begins_on == date(2026, 11, 1)

    async def test_a_room_with_gas_alone_has_a_lease_too(self, desk: Desk) -> None:
        (new,) = (await desk.carry_out(gas(1, opening_balance="500"))).created
        book = await desk.book(new.lease_id)
        assert (set(book.timelines), book.supply_meter) == ({ServiceKind.GAS}, None)
        assert len((await desk.preview(gas(1, opening_balance="500"))).unchanged) == 1

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("tenant", "Somebody else"),
            ("phone", "+919812345678"),
            ("opening_balance", "1"),
            ("cut_off", "50"),
            ("mode", "postpaid"),
            ("billing_day", "5"),
            ("start_on", "2026-10-01"),
            ("type", "ELECTRICITY"),
        ],
    )
    async def test_what_contradicts_the_row_of_the_lease_is_refused(
        self, desk: Desk, column: str, value: str
    ) -> None:
        plan = await desk.preview(room(1), gas(1, **{column: value}))
        assert [(p.line, p.kind, p.facts) for p in plan.problems] == [
            (3, ProblemKind.ROOM_TWICE, {"other": "2"})
        ]

    @pytest.mark.parametrize(
        ("column", "value"),
        [("rate", "46"), ("opening_reading", "99"), ("start_on", "2026-11-01")],
    )
    async def test_a_meter_that_is_here_on_other_terms_is_refused(
        self, desk: Desk, column: str, value: str
    ) -> None:
        await desk.carry_out(room(1), gas(1))
        (problem,) = (await desk.preview(room(1), gas(1, **{column: value}))).problems
        assert (problem.line, problem.kind) == (3, ProblemKind.TERMS_DIFFER)
        assert problem.facts["columns"] == column

    async def test_a_rate_of_another_medium_is_none_for_gas(self, desk: Desk) -> None:
        plan = await desk.preview(room(1), gas(1, rate=""))
        assert [(p.line, p.kind) for p in plan.problems] == [(3, ProblemKind.NO_TARIFF)]
        assert len((await desk.preview(room(1), gas(1), room(2), gas(2, rate=""))).meters) == 2
