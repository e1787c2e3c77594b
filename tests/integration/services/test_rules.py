"""What managers set holds at once, for all whom it concerns, and is written down. Rules 5 and 6."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.domain.lease import BillingMode, CheckInterval
from bot.domain.people import NotAllowed, Role
from bot.domain.protection import ProtectedHours
from bot.domain.rule import MarksCross, NegativeAmount, NotARule, Rule, Value
from bot.domain.supply import SupplyReason
from bot.services.cause import AlreadyHandled, ButtonSpent, Cause
from bot.services.payment import LeaseUnknown
from bot.services.rule_edit import (
    DayIsFar,
    DayIsPast,
    GraceOutOfRange,
    HolidaySetting,
    NothingChanges,
    PlaceEdit,
    RuleChanged,
    Setting,
    TooManyHolidays,
)
from bot.services.rules import LeaseRevision, PlaceRevision, PlaceUnknown, Rules
from bot.services.store import NoticeKind
from tests.building import Building, House, at
from tests.integration.services.test_together import Crashing, PowerCut

NIGHT = ProtectedHours(start=time(18), end=time(8))
FOLLOWING = {"cut_off_paise": None, "low_balance_paise": None}


async def let(building: Building, room: str = "Room 302", **terms: object) -> House:
    """Let a room that has no terms of its own but those given, and decide about it once."""
    house = await building.let(room, **FOLLOWING | terms)  # type: ignore[arg-type]
    await building.deductions.run()
    await building.reconciler.run()
    return house


async def set_place(
    building: Building, rule: Rule, value: Value, *, cause: Cause | None = None
) -> PlaceRevision:
    building.clock.advance(timedelta(seconds=1))
    return await building.rules.set_place(
        cause=cause or await building.cause(),
        place_id=building.place.id,
        edit=Setting(rule=rule, value=value),
    )


async def set_lease(
    building: Building, house: House, rule: Rule, value: Value, *, cause: Cause | None = None
) -> LeaseRevision:
    building.clock.advance(timedelta(seconds=1))
    return await building.rules.set_lease(
        cause=cause or await building.cause(),
        lease_id=house.lease.id,
        edit=Setting(rule=rule, value=value),
    )


async def is_on(building: Building, house: House) -> bool:
    """Return whether the relay is on, once orders have been carried out."""
    await building.reconciler.run()
    return building.device(house).relay_on


class TestPlace:
    """Rules of a place hold for every lease without one of its own."""

    async def test_a_higher_cut_off_cuts_those_who_follow_it_and_are_below(
        self, building: Building
    ) -> None:
        poor = await let(building, "301", balance_paise=15_000)
        rich = await let(building, "302", balance_paise=300_000)
        has_own = await let(building, "303", balance_paise=15_000, cut_off_paise=10_000)

        revision = await set_place(building, Rule.CUT_OFF, 20_000)

        assert (revision.leases, revision.own, revision.effects.cut) == (3, 1, ("301",))
        assert not await is_on(building, poor)
        assert await is_on(building, rich)
        assert await is_on(building, has_own)
        told = await building.notices(NoticeKind.POWER, to=poor.tenant)
        assert [each.facts["cut_off_paise"] for each in told][-1] == 20_000

    async def test_a_rule_counts_whom_it_concerns(self, building: Building) -> None:
        await let(building, "301")
        await let(building, "302", mode=BillingMode.POSTPAID)
        concerned: dict[Rule, tuple[Value, int]] = {
            Rule.CUT_OFF: (0, 1),
            Rule.GRACE: (timedelta(days=3), 1),
            Rule.PROTECTED_HOURS: ((NIGHT,), 2),
        }
        for rule, (value, leases) in concerned.items():
            assert (await set_place(building, rule, value)).leases == leases

    async def test_a_lower_cut_off_gives_light_back(self, building: Building) -> None:
        house = await let(building, balance_paise=8_000)
        assert not await is_on(building, house)

        revision = await set_place(building, Rule.CUT_OFF, 5_000)

        assert revision.effects.lit == ("Room 302",)
        assert await is_on(building, house)

    async def test_a_lease_of_another_place_is_left_alone(self, building: Building) -> None:
        house = await let(building, balance_paise=15_000)
        async with building.transactions.begin() as unit:
            other = await unit.places.add(replace(building.place, name="Hilltop", space_id=None))
        revision = await building.rules.set_place(
            cause=await building.cause(building.owner),
            place_id=other.id,
            edit=Setting(rule=Rule.CUT_OFF, value=20_000),
        )
        assert revision.leases == 0
        assert await is_on(building, house)

    async def test_protected_hours_spare_from_a_new_cut_and_their_end_makes_it(
        self, building: Building
    ) -> None:
        house = await let(building, balance_paise=15_000)
        building.clock.set(at(12, "20:00"))
        await set_place(building, Rule.PROTECTED_HOURS, (NIGHT,))
        revision = await set_place(building, Rule.CUT_OFF, 20_000)

        assert revision.effects.cut == ()
        assert await is_on(building, house)
        assert (await building.supply(house)).review_at == at(13, "08:00")
        building.clock.set(at(13, "07:59"))
        assert await is_on(building, house)
        building.clock.set(at(13, "08:00"))
        assert not await is_on(building, house)

    async def test_protected_hours_taken_away_in_the_midst_of_them_cut(
        self, building: Building
    ) -> None:
        house = await let(building, balance_paise=15_000)
        building.clock.set(at(12, "20:00"))
        await set_place(building, Rule.PROTECTED_HOURS, (NIGHT,))
        await set_place(building, Rule.CUT_OFF, 20_000)

        revision = await set_place(building, Rule.PROTECTED_HOURS, ())

        assert revision.effects.cut == ("Room 302",)
        assert not await is_on(building, house)
        assert (await building.supply(house)).review_at is None

    async def test_a_holiday_spares_until_the_midnight_of_the_place(
        self, building: Building
    ) -> None:
        house = await let(building, balance_paise=15_000)
        building.clock.set(at(12, "10:00"))
        today = HolidaySetting(days=frozenset({date(2025, 11, 12)}), are_holidays=True)
        await building.rules.set_place(
            cause=await building.cause(), place_id=building.place.id, edit=today
        )
        await set_place(building, Rule.CUT_OFF, 20_000)

        assert await is_on(building, house)
        assert (await building.supply(house)).reason is SupplyReason.HOLIDAY
        building.clock.set(at(13, "00:00"))
        assert not await is_on(building, house)

    async def test_emergency_credit_gives_light_to_those_within_it(
        self, building: Building
    ) -> None:
        little = await let(building, "301", balance_paise=6_000)
        much = await let(building, "302", balance_paise=-6_000)

        revision = await set_place(building, Rule.EMERGENCY_CREDIT, 5_000)

        assert revision.effects.lit == ("301",)
        assert await is_on(building, little)
        assert not await is_on(building, much)

    async def test_more_emergency_credit_than_was_used_up_is_available_at_once(
        self, building: Building
    ) -> None:
        house = await let(building, balance_paise=3_000, emergency_credit_paise=5_000)
        assert (await building.book(house)).emergency_exhausted
        assert not await is_on(building, house)

        await set_lease(building, house, Rule.CUT_OFF, 9_000)
        assert not await is_on(building, house)
        await set_lease(building, house, Rule.EMERGENCY_CREDIT, 7_000)

        assert await is_on(building, house)
        assert (await building.supply(house)).reason is SupplyReason.EMERGENCY_CREDIT

    async def test_a_higher_low_mark_warns_once(self, building: Building) -> None:
        house = await let(building, balance_paise=60_000)

        revision = await set_place(building, Rule.LOW_BALANCE, 80_000)
        again = await set_place(building, Rule.LOW_BALANCE, 90_000)

        assert (revision.effects.warned, again.effects.warned) == (1, 0)
        assert len(await building.notices(NoticeKind.LOW, to=house.tenant)) == 1

    async def test_a_lower_low_mark_arms_the_warning_again(self, building: Building) -> None:
        house = await let(building, balance_paise=40_000)
        assert len(await building.notices(NoticeKind.LOW)) == 1
        await set_place(building, Rule.LOW_BALANCE, 30_000)
        building.clock.set(at(12))
        building.device(house).use("20")
        await building.deductions.run()
        assert len(await building.notices(NoticeKind.LOW)) == 2

    async def test_a_cut_that_is_put_off_is_warned_of_again(self, building: Building) -> None:
        house = await let(building, balance_paise=20_000)
        for day in (12, 13):
            building.clock.set(at(day))
            building.device(house).use("6")
            await building.deductions.run()
        assert len(await building.notices(NoticeKind.LAST_WARNING)) == 1
        await set_place(building, Rule.CUT_OFF, 0)
        for day in (14, 15, 16, 17):
            building.clock.set(at(day))
            building.device(house).use("6")
            await building.deductions.run()
        assert len(await building.notices(NoticeKind.LAST_WARNING)) == 2
        assert (await building.supply(house)).desired_on is False

    async def test_a_change_is_written_down_with_what_it_was(self, building: Building) -> None:
        await let(building)
        await set_place(building, Rule.CUT_OFF, 20_000)
        await set_place(building, Rule.PROTECTED_HOURS, (NIGHT,))

        first, second = await building.trail()
        assert first == ("place.cut_off", {"from": 10_000, "to": 20_000, "leases": 1})
        hours = {"start": "18:00", "end": "08:00", "weekdays": [0, 1, 2, 3, 4, 5, 6]}
        assert second == ("place.protected_hours", {"from": [], "to": [hours], "leases": 1})

    async def test_a_preview_tells_what_would_happen_and_does_nothing(
        self, building: Building
    ) -> None:
        house = await let(building, balance_paise=15_000)
        before = await building.book(house)

        preview = await building.rules.preview_place(
            actor=(await building.cause()).actor,
            place_id=building.place.id,
            edit=Setting(rule=Rule.CUT_OFF, value=20_000),
        )

        assert (preview.before.cut_off_paise, preview.after.cut_off_paise) == (10_000, 20_000)
        assert preview.effects.cut == ("Room 302",)
        assert await building.book(house) == before
        assert await building.trail() == []

    async def test_the_card_counts_leases_and_leaves_out_what_is_over(
        self, building: Building
    ) -> None:
        await let(building)
        await let(building, "303", mode=BillingMode.POSTPAID)
        days = frozenset(date(2025, 11, day) for day in (1, 11, 30))
        async with building.transactions.begin() as unit:
            await unit.places.save(replace(building.place, holidays=days))

        rules = await building.rules.place(
            actor=(await building.cause()).actor, place_id=building.place.id
        )

        assert (rules.leases, rules.has_postpaid) == (2, True)
        assert rules.coming_holidays == (date(2025, 11, 11), date(2025, 11, 30))


class TestLease:
    """Terms of a lease's own, and back to those of its place. Rules 5.3, 6.3."""

    @pytest.mark.parametrize(
        ("rule", "own"),
        [(Rule.CUT_OFF, 20_000), (Rule.LOW_BALANCE, 70_000), (Rule.EMERGENCY_CREDIT, 100)],
    )
    async def test_an_amount_of_its_own_holds_until_it_follows_again(
        self, building: Building, rule: Rule, own: int
    ) -> None:
        house = await let(building)
        usual = getattr((await building.book(house)).terms, f"{rule.value}_paise", None)
        for value, holds in [(own, own), (None, usual)]:
            revision = await set_lease(building, house, rule, value)
            terms = (await building.book(house)).terms
            assert terms == revision.after.terms
            fields = (terms.cut_off_paise, terms.low_balance_paise, terms.emergency_credit_paise)
            assert holds is None or holds in fields

    async def test_a_cut_off_of_its_own_cuts_and_lights(self, building: Building) -> None:
        house = await let(building, balance_paise=15_000)
        revision = await set_lease(building, house, Rule.CUT_OFF, 20_000)
        assert revision.effects.cut == ("Room 302",)
        assert not await is_on(building, house)
        await set_lease(building, house, Rule.CUT_OFF, None)
        assert await is_on(building, house)

    async def test_a_protected_tenant_has_light_until_protected_no_more(
        self, building: Building
    ) -> None:
        house = await let(building, balance_paise=0)
        assert not await is_on(building, house)
        await set_lease(building, house, Rule.PROTECTED, value=True)
        assert await is_on(building, house)
        await set_lease(building, house, Rule.PROTECTED, value=False)
        assert not await is_on(building, house)

    async def test_hours_of_its_own_stand_before_those_of_the_place(
        self, building: Building
    ) -> None:
        none, own = await let(building, "301"), await let(building, "302")
        building.clock.set(at(12, "20:00"))
        await set_place(building, Rule.PROTECTED_HOURS, (NIGHT,))
        until_six = replace(NIGHT, end=time(6))
        await set_lease(building, none, Rule.PROTECTED_HOURS, ())
        await set_lease(building, own, Rule.PROTECTED_HOURS, (until_six,))
        for house in (none, own):
            await set_lease(building, house, Rule.CUT_OFF, 400_000)

        assert not await is_on(building, none)
        assert await is_on(building, own)
        building.clock.set(at(13, "06:00"))
        assert not await is_on(building, own)

    async def test_grace_lights_a_room_and_ends_with_its_day(self, building: Building) -> None:
        house = await let(building, balance_paise=0)
        await set_lease(building, house, Rule.GRACE, at(14, "00:00"))
        assert await is_on(building, house)
        building.clock.set(at(13))
        assert await is_on(building, house)
        building.clock.set(at(14, "00:00"))
        assert not await is_on(building, house)

    async def test_a_change_is_written_down_with_its_room(self, building: Building) -> None:
        house = await let(building)
        await set_lease(building, house, Rule.CHECK_INTERVAL, CheckInterval.WEEKLY)
        assert await building.trail() == [
            (
                "lease.check_interval",
                {"from": "daily", "to": "weekly", "lease_id": house.lease.id, "room": "Room 302"},
            )
        ]

    async def test_a_longer_interval_warns_of_a_cut_before_its_next_check(
        self, building: Building
    ) -> None:
        house = await let(building, balance_paise=30_000)
        building.clock.set(at(12))
        building.device(house).use("10")
        await building.deductions.run()
        assert await building.notices(NoticeKind.LAST_WARNING) == []
        revision = await set_lease(building, house, Rule.CHECK_INTERVAL, CheckInterval.WEEKLY)
        assert revision.effects.warned == 1
        assert len(await building.notices(NoticeKind.LAST_WARNING)) == 1


class TestChecks:
    """Another interval charges nothing twice and loses nothing. Rules 1.4, 5.1."""

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (CheckInterval.DAILY, CheckInterval.HOURLY),
            (CheckInterval.HOURLY, CheckInterval.WEEKLY),
            (CheckInterval.WEEKLY, CheckInterval.DAILY),
        ],
    )
    async def test_a_change_in_the_midst_comes_to_the_same_to_the_paisa(
        self, building: Building, before: CheckInterval, after: CheckInterval
    ) -> None:
        changed = await building.let("301", interval=before)
        steady = await building.let("302")
        for day in range(12, 20):
            for hour in range(24):
                building.clock.set(at(day, f"{hour:02}:00"))
                for house in (changed, steady):
                    building.device(house).use("0.333")
                await building.deductions.run(only_due=True)
            if day == 14:
                await set_lease(building, changed, Rule.CHECK_INTERVAL, after)
        building.clock.set(at(23))
        await building.deductions.run(only_due=True)

        assert await building.balance(changed) == await building.balance(steady)
        assert await building.flaws() == 0

    async def test_the_new_interval_counts_from_the_next_check_that_is_due(
        self, building: Building
    ) -> None:
        house = await let(building)
        building.clock.set(at(12, "10:30"))
        building.device(house).use("1")
        await building.deductions.run(only_due=True)
        assert await building.entries(house) == []
        await set_lease(building, house, Rule.CHECK_INTERVAL, CheckInterval.HOURLY)
        await building.deductions.run(only_due=True)
        assert len(await building.entries(house)) == 1
        await set_lease(building, house, Rule.CHECK_INTERVAL, CheckInterval.WEEKLY)
        building.device(house).use("1")
        for day in (12, 13, 14, 15):
            building.clock.set(at(day))
            await building.deductions.run(only_due=True)
        assert len(await building.entries(house)) == 1
        building.clock.set(at(16))
        await building.deductions.run(only_due=True)
        assert await building.balance(house) == 300_000 - 2 * 650


class TestRefusals:
    """What cannot be set, and who may not set it."""

    @pytest.mark.parametrize(
        ("rule", "value", "error"),
        [
            (Rule.CUT_OFF, -1, NegativeAmount),
            (Rule.CUT_OFF, 50_001, MarksCross),
            (Rule.LOW_BALANCE, 9_999, MarksCross),
            (Rule.CUT_OFF, 10_000, NothingChanges),
            (Rule.CUT_OFF, None, NotARule),
            (Rule.HOLIDAYS, frozenset({date(2025, 12, 25)}), NotARule),
            (Rule.PROTECTED, True, NotARule),
            (Rule.GRACE, timedelta(days=367), GraceOutOfRange),
            (Rule.GRACE, -timedelta(days=1), GraceOutOfRange),
        ],
    )
    async def test_a_place_refuses(
        self, building: Building, rule: Rule, value: Value, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            await set_place(building, rule, value)
        assert await building.trail() == []

    @pytest.mark.parametrize(
        ("rule", "value", "error"),
        [
            (Rule.EMERGENCY_CREDIT, -1, NegativeAmount),
            (Rule.LOW_BALANCE, 9_999, MarksCross),
            (Rule.CHECK_INTERVAL, CheckInterval.DAILY, NothingChanges),
            (Rule.HOLIDAYS, frozenset(), NotARule),
            (Rule.GRACE, at(11, "00:00"), DayIsPast),
            (Rule.GRACE, at(14, "00:00", month=11).replace(year=2026), DayIsFar),
        ],
    )
    async def test_a_lease_refuses(
        self, building: Building, rule: Rule, value: Value, error: type[Exception]
    ) -> None:
        house = await let(building)
        with pytest.raises(error):
            await set_lease(building, house, rule, value)
        assert await building.trail() == []

    @pytest.mark.parametrize(
        ("on", "added", "error"),
        [
            (date(2025, 11, 10), True, DayIsPast),
            (date(2028, 1, 1), True, DayIsFar),
            (date(2025, 11, 20), False, NothingChanges),
        ],
    )
    async def test_a_holiday_is_refused(
        self, building: Building, on: date, error: type[Exception], *, added: bool
    ) -> None:
        edit = HolidaySetting(days=frozenset({on}), are_holidays=added)
        with pytest.raises(error):
            await self._set(building, edit)

    async def test_a_place_keeps_so_many_holidays(self, building: Building) -> None:
        many = frozenset(date(2025, 12, 1) + timedelta(days=number) for number in range(101))
        with pytest.raises(TooManyHolidays):
            await self._set(building, HolidaySetting(days=many, are_holidays=True))

    async def test_an_own_low_mark_holds_up_a_cut_off_above_it(self, building: Building) -> None:
        house = await let(building, low_balance_paise=30_000)
        with pytest.raises(MarksCross) as crossed:
            await set_lease(building, house, Rule.CUT_OFF, 30_001)
        assert crossed.value.low_balance_paise == 30_000
        await set_lease(building, house, Rule.LOW_BALANCE, None)
        revision = await set_lease(building, house, Rule.CUT_OFF, 90_000)
        assert revision.after.terms.low_balance_paise == 90_000

    @pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.CARETAKER])
    async def test_only_owners_and_managers_set_rules(self, building: Building, role: Role) -> None:
        house = await let(building)
        cause = await self._of(building, role, building.place.id)
        for doing in (
            set_place(building, Rule.CUT_OFF, 1, cause=cause),
            set_lease(building, house, Rule.CUT_OFF, 1, cause=cause),
        ):
            with pytest.raises(NotAllowed):
                await doing

    async def test_who_manages_another_place_learns_nothing_of_this(
        self, building: Building
    ) -> None:
        house = await let(building)
        async with building.transactions.begin() as unit:
            other = await unit.places.add(replace(building.place, name="Hilltop", space_id=None))
        cause = await self._of(building, Role.MANAGER, other.id)
        with pytest.raises(PlaceUnknown):
            await set_place(building, Rule.CUT_OFF, 1, cause=cause)
        with pytest.raises(LeaseUnknown):
            await set_lease(building, house, Rule.CUT_OFF, 1, cause=cause)

    async def test_a_lease_that_is_over_has_no_terms_to_set(self, building: Building) -> None:
        house = await let(building)
        ended = replace(house.lease.occupancy, end_on=date(2025, 11, 11))
        async with building.transactions.begin() as unit:
            await unit.leases.save(replace(house.lease, occupancy=ended))
        with pytest.raises(LeaseUnknown):
            await set_lease(building, house, Rule.CUT_OFF, 1)
        assert (await set_place(building, Rule.CUT_OFF, 1)).leases == 0

    async def _set(self, building: Building, edit: PlaceEdit) -> PlaceRevision:
        return await building.rules.set_place(
            cause=await building.cause(), place_id=building.place.id, edit=edit
        )

    async def _of(self, building: Building, role: Role, place_id: int) -> Cause:
        async with building.transactions.begin() as unit:
            person = await unit.people.add(
                telegram_id=77, chat_id=77, name="Somebody", language="en", at=building.clock.now()
            )
            await unit.people.grant(person_id=person.id, place_id=place_id, role=role)
        return await building.cause(person)


class TestTogether:
    """Two at once, and again."""

    async def test_the_same_update_and_the_same_button_count_once(self, building: Building) -> None:
        await let(building)
        cause = await building.cause(update_id=7, nonce="n")
        await set_place(building, Rule.CUT_OFF, 20_000, cause=cause)
        with pytest.raises(AlreadyHandled):
            await set_place(building, Rule.CUT_OFF, 30_000, cause=cause)
        with pytest.raises(ButtonSpent):
            await set_place(building, Rule.CUT_OFF, 30_000, cause=replace(cause, update_id=8))
        assert len(await building.trail()) == 1

    async def test_two_managers_at_once_do_not_undo_each_other_unseen(
        self, building: Building
    ) -> None:
        house = await let(building)
        edits = [
            Setting(rule=Rule.CUT_OFF, value=value, seen=(10_000,)) for value in (20_000, 30_000)
        ]
        causes = [await building.cause(), await building.cause(building.owner)]
        done = await asyncio.gather(
            *(
                building.rules.set_place(cause=cause, place_id=building.place.id, edit=edit)
                for cause, edit in zip(causes, edits, strict=True)
            ),
            return_exceptions=True,
        )
        assert [type(each) for each in done].count(RuleChanged) == 1
        (kept,) = [each.after.cut_off_paise for each in done if isinstance(each, PlaceRevision)]
        assert (await building.book(house)).terms.cut_off_paise == kept

    async def test_a_lease_that_somebody_else_has_set_is_to_be_looked_at_again(
        self, building: Building
    ) -> None:
        house = await let(building)
        await set_lease(building, house, Rule.CUT_OFF, 20_000)
        with pytest.raises(RuleChanged):
            await building.rules.set_lease(
                cause=await building.cause(),
                lease_id=house.lease.id,
                edit=Setting(rule=Rule.CUT_OFF, value=30_000, seen=(None,)),
            )

    async def test_different_rules_at_once_are_both_set(self, building: Building) -> None:
        house = await let(building)
        edits: list[PlaceEdit] = [
            Setting(rule=Rule.CUT_OFF, value=20_000, seen=(10_000,)),
            Setting(rule=Rule.EMERGENCY_CREDIT, value=5_000, seen=(0,)),
            HolidaySetting(days=frozenset({date(2025, 12, 25)}), are_holidays=True),
            HolidaySetting(days=frozenset({date(2025, 12, 26)}), are_holidays=True),
        ]
        cause = await building.cause()
        await asyncio.gather(
            *(
                building.rules.set_place(cause=cause, place_id=building.place.id, edit=edit)
                for edit in edits
            )
        )
        book = await building.book(house)
        assert (book.terms.cut_off_paise, book.terms.emergency_credit_paise) == (20_000, 5_000)
        assert book.place.holidays == {date(2025, 12, 25), date(2025, 12, 26)}

    @pytest.mark.parametrize("sweeps", [1, 3])
    async def test_a_check_at_the_same_time_ends_by_the_new_rule(
        self, building: Building, sweeps: int
    ) -> None:
        houses = [await let(building, str(number), balance_paise=19_000) for number in range(6)]
        building.clock.set(at(12))
        for house in houses:
            building.device(house).use("1")
        await asyncio.gather(
            *(building.deductions.run() for _ in range(sweeps)),
            set_place(building, Rule.CUT_OFF, 20_000),
            *(building.deductions.run() for _ in range(sweeps)),
        )
        states = [await building.supply(house) for house in houses]
        assert {state.desired_on for state in states} == {False}
        assert await building.flaws() == 0

    async def test_a_crash_before_the_commit_changes_nothing(self, building: Building) -> None:
        house = await let(building, balance_paise=15_000)
        before, said = await building.book(house), len(await building.notices())
        crashing = Rules(Crashing(building.transactions), building.clock, building.doorbell)
        with pytest.raises(PowerCut):
            await crashing.set_place(
                cause=await building.cause(nonce="n"),
                place_id=building.place.id,
                edit=Setting(rule=Rule.CUT_OFF, value=20_000),
            )
        assert await building.book(house) == before
        assert len(await building.notices()) == said
        await set_place(building, Rule.CUT_OFF, 20_000, cause=await building.cause(nonce="n"))
