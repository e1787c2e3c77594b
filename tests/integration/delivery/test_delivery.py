"""What waits in the outbox reaches people: in order, in one message per thread, once."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.people import Role
from bot.sandbox.clock import SandboxClock
from bot.services.delivery import AT_ONCE, FIRST_RETRY, HOLD, LONGEST_RETRY, Delivery, backoff
from bot.services.messenger import (
    ChatMoved,
    ChatUnreachable,
    DeliveryUnknown,
    MessageGone,
    NoticeRefused,
    RetryLater,
)
from bot.services.pacing import Pacing
from bot.services.store import Notice, NoticeKind, NoticeStatus
from tests.integration.db.world import AT
from tests.integration.delivery.building import Building
from tests.integration.delivery.scripted import Crash, LeapingTicker, ScriptedMessenger
from tests.unit.qube.virtual_time import VirtualTicker

SENT, PENDING, UNKNOWN = NoticeStatus.SENT, NoticeStatus.PENDING, NoticeStatus.UNKNOWN
FAILED, SUPERSEDED = NoticeStatus.FAILED, NoticeStatus.SUPERSEDED


def notice_to(person_id: int) -> Notice:
    return Notice(
        key=f"to:{person_id}",
        person_id=person_id,
        kind=NoticeKind.KEY_REJECTED,
        facts={"code": "x"},
        created_at=AT,
        due_at=AT,
    )


async def test_nothing_is_done_when_nothing_waits(
    delivery: Delivery, messenger: ScriptedMessenger
) -> None:
    report = await delivery.run()

    assert (report.sent, messenger.calls) == (0, [])


async def test_each_person_reads_in_the_order_in_which_it_was_said(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    for number in range(3):
        await building.tell(building.asha, f"a{number}")
        await building.tell(building.bina, f"b{number}")

    report = await delivery.run()

    seen = [key for _, key in messenger.shown]
    assert [key for key in seen if key[0] == "a"] == ["a0", "a1", "a2"]
    assert [key for key in seen if key[0] == "b"] == ["b0", "b1", "b2"]
    assert report.sent == 6
    assert await building.counts() == {SENT: 6}


async def test_a_thread_is_one_message_that_is_edited(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    for key in ("sent", "on"):
        await building.tell(building.asha, key, thread="t")
        await delivery.run()

    assert messenger.shown == [("send to 1", "sent"), ("edit 100 of 1", "on")]


async def test_of_a_thread_only_the_newest_is_shown(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    for key in ("sent", "waiting", "on"):
        await building.tell(building.asha, key, thread="t")

    await delivery.run()

    assert messenger.shown == [("send to 1", "on")]
    assert await building.counts() == {SUPERSEDED: 2, SENT: 1}


async def test_a_message_that_shows_a_thread_already_is_edited(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    async with building.transactions.begin() as unit:
        await unit.outbox.bind_message("t", person_id=building.asha.tenant.id, message_id=7)
    await building.tell(building.asha, "sent", thread="t")

    await delivery.run()

    assert messenger.shown == [("edit 7 of 1", "sent")]


async def test_news_of_a_thread_whose_message_is_on_its_way_waits_for_its_number(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    messenger.may_answer.clear()
    await building.tell(building.asha, "sent", thread="t")
    running = asyncio.create_task(delivery.run())
    await messenger.was_asked.wait()
    await building.tell(building.asha, "on", thread="t")
    await building.tell(building.bina, "other")

    messenger.may_answer.set()
    await running

    assert [each for each in messenger.shown if each[1] != "other"] == [
        ("send to 1", "sent"),
        ("edit 100 of 1", "on"),
    ]


async def test_a_message_to_edit_that_is_gone_is_sent_anew(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    await building.tell(building.asha, "sent", thread="t")
    await delivery.run()
    messenger.errors.append(MessageGone())
    await building.tell(building.asha, "on", thread="t")

    await delivery.run()

    assert messenger.shown == [("send to 1", "sent"), ("send to 1", "on")]
    await building.tell(building.asha, "more", thread="t")
    await delivery.run()
    assert messenger.shown[-1] == ("edit 101 of 1", "more")


async def test_a_send_without_an_answer_is_never_repeated(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger, clock: SandboxClock
) -> None:
    messenger.errors.append(DeliveryUnknown())
    await building.tell(building.asha, "a")

    report = await delivery.run()
    clock.step(timedelta(days=1))
    await delivery.run()

    assert report.unknown == 1
    assert messenger.calls == ["send to 1"]
    assert await building.counts() == {UNKNOWN: 1}


async def test_an_edit_without_an_answer_is_repeated(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger, clock: SandboxClock
) -> None:
    await building.tell(building.asha, "sent", thread="t")
    await delivery.run()
    messenger.errors.append(DeliveryUnknown())
    await building.tell(building.asha, "on", thread="t")

    assert (await delivery.run()).waiting == 1
    clock.step(FIRST_RETRY)
    assert (await delivery.run()).sent == 1

    assert messenger.shown[-1] == ("edit 100 of 1", "on")


async def test_what_has_not_left_is_tried_again_after_ever_longer_pauses(
    delivery: Delivery,
    building: Building,
    messenger: ScriptedMessenger,
    clock: SandboxClock,
    ticker: LeapingTicker,
) -> None:
    messenger.errors.extend([RetryLater(), RetryLater()])
    await building.tell(building.asha, "a")
    await building.tell(building.asha, "b")
    await delivery.run()

    for wait in (FIRST_RETRY, 2 * FIRST_RETRY):
        ticker.seconds += wait.total_seconds()
        assert (await delivery.run()).sent == 0
        clock.step(wait)
        await delivery.run()

    assert messenger.shown == [("send to 1", "a"), ("send to 1", "b")]


def test_the_pauses_between_attempts_end_at_five_minutes() -> None:
    assert [backoff(n) / FIRST_RETRY for n in (0, 1, 2, 3)] == [1, 1, 2, 4]
    assert backoff(99) == LONGEST_RETRY


async def test_too_many_requests_pause_everybody(
    delivery: Delivery,
    building: Building,
    messenger: ScriptedMessenger,
    clock: SandboxClock,
    ticker: LeapingTicker,
) -> None:
    messenger.errors.append(RetryLater(seconds=7))
    await building.tell(building.asha, "a")
    await delivery.run()
    await building.tell(building.bina, "b")
    clock.step(timedelta(seconds=7))

    assert (await delivery.run()).sent == 0
    ticker.seconds += 7
    assert (await delivery.run()).sent == 2
    assert sorted(messenger.calls) == ["send to 1", "send to 1", "send to 2"]


async def test_those_who_wait_for_their_turn_when_a_pause_begins_wait_on(
    building: Building, clock: SandboxClock, messenger: ScriptedMessenger
) -> None:
    ticker = VirtualTicker()
    pacing = Pacing(in_all_per_s=1, ticker=ticker)
    delivery = Delivery(building.transactions, clock, messenger, pacing)
    messenger.errors.append(RetryLater(seconds=60))
    await building.tell(building.asha, "a")
    await building.tell(building.bina, "b")

    running = asyncio.create_task(delivery.run())
    while not running.done():
        await ticker.pass_until(10 if pacing.is_paused else 0)

    assert len(messenger.calls) == 1
    assert await building.counts() == {PENDING: 2}


async def test_one_chat_to_be_tried_later_holds_up_nobody_else(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    messenger.errors.append(RetryLater(seconds=7, whole=False))
    await building.tell(building.asha, "a")
    await building.tell(building.bina, "b")

    report = await delivery.run()

    assert (report.sent, report.waiting) == (1, 1)


async def test_a_chat_that_moved_is_written_to_where_it_is(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    messenger.errors.append(ChatMoved(new_chat_id=-77))
    await building.tell(building.asha, "a")

    await delivery.run()

    assert messenger.shown == [("send to -77", "a")]
    assert (await building.person(building.asha.tenant.id)).chat_id == -77


async def test_a_notice_that_cannot_be_shown_fails_alone(
    delivery: Delivery,
    building: Building,
    messenger: ScriptedMessenger,
    caplog: pytest.LogCaptureFixture,
) -> None:
    messenger.errors.append(NoticeRefused(detail="can't parse entities"))
    await building.tell(building.asha, "bad")
    await building.tell(building.asha, "good")

    report = await delivery.run()

    assert (report.failed, report.sent) == (1, 1)
    assert "can't parse entities" in caplog.text


async def test_more_than_fit_at_once_all_arrive(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    async with building.transactions.begin() as unit:
        crowd = [
            await unit.people.add(
                telegram_id=1000 + n, chat_id=1000 + n, name="x", language="en", at=AT
            )
            for n in range(AT_ONCE * 2)
        ]
        await unit.outbox.add([notice_to(person.id) for person in crowd])

    assert (await delivery.run()).sent == AT_ONCE * 2


# --- people who cannot be written to ------------------------------------------------------


async def test_somebody_who_blocked_the_bot_is_left_alone_and_their_manager_is_told_once(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    messenger.errors.append(ChatUnreachable(forever=False))
    for key in ("a", "b"):
        await building.tell(building.asha, key)

    await delivery.run()

    assert not (await building.person(building.asha.tenant.id)).is_reachable
    assert messenger.calls == ["send to 1", "send to 90"]
    assert await building.counts() == {FAILED: 2, SENT: 1}


async def test_somebody_who_comes_back_is_written_to_again(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    messenger.errors.append(ChatUnreachable(forever=False))
    await building.tell(building.asha, "a")
    await delivery.run()
    async with building.transactions.begin() as unit:
        await unit.people.save(building.asha.tenant)
    await building.tell(building.asha, "b")

    await delivery.run()

    assert messenger.shown[-1] == ("send to 1", "b")


async def test_the_owner_is_told_of_a_manager_who_cannot_be_written_to(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    async with building.transactions.begin() as unit:
        owner = await unit.people.add(
            telegram_id=91, chat_id=91, name="Owner", language="en", at=AT
        )
        await unit.people.grant(person_id=owner.id, place_id=None, role=Role.OWNER)
        await unit.outbox.add([notice_to(building.ravi.id)])
    messenger.errors.append(ChatUnreachable(forever=True))

    await delivery.run()

    assert messenger.calls == ["send to 90", "send to 91"]


# --- crashes, and others at the same outbox -----------------------------------------------


async def crash(delivery: Delivery, messenger: ScriptedMessenger) -> None:
    messenger.errors.append(Crash())
    with pytest.raises(Crash):
        await delivery.run()


async def test_a_crash_between_sending_and_noting_it_repeats_no_message(
    delivery: Delivery,
    building: Building,
    messenger: ScriptedMessenger,
    clock: SandboxClock,
    pacing: Pacing,
) -> None:
    await building.tell(building.asha, "a")
    await crash(delivery, messenger)
    await building.tell(building.asha, "b")
    restarted = Delivery(building.transactions, clock, messenger, pacing)

    assert (await restarted.run()).sent == 0
    clock.step(HOLD)
    assert (await restarted.run()).sent == 1

    assert messenger.shown == [("send to 1", "b")]
    assert await building.counts() == {UNKNOWN: 1, SENT: 1}


async def test_a_crash_in_the_middle_of_an_edit_repeats_the_edit(
    delivery: Delivery,
    building: Building,
    messenger: ScriptedMessenger,
    clock: SandboxClock,
    pacing: Pacing,
) -> None:
    await building.tell(building.asha, "sent", thread="t")
    await delivery.run()
    await building.tell(building.asha, "on", thread="t")
    await crash(delivery, messenger)
    clock.step(HOLD)

    await Delivery(building.transactions, clock, messenger, pacing).run()

    assert messenger.shown[-1] == ("edit 100 of 1", "on")
    assert await building.counts() == {SENT: 2}


async def test_a_crash_before_sending_loses_nothing(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger, clock: SandboxClock
) -> None:
    await building.tell(building.asha, "a")
    async with building.transactions.begin() as unit:
        now = clock.now()
        assert len(await unit.outbox.lease_due(now, until=now + HOLD, limit=9)) == 1

    assert (await delivery.run()).sent == 0
    clock.step(HOLD)
    assert (await delivery.run()).sent == 1


async def test_many_workers_send_each_notice_once_and_in_order(
    building: Building, messenger: ScriptedMessenger, clock: SandboxClock, pacing: Pacing
) -> None:
    for number in range(5):
        await building.tell(building.asha, f"a{number}")
        await building.tell(building.bina, f"b{number}")
    workers = [Delivery(building.transactions, clock, messenger, pacing) for _ in range(4)]

    async with asyncio.timeout(30):
        while (await building.counts()).get(PENDING) or NoticeStatus.SENDING in (
            await building.counts()
        ):
            await asyncio.gather(*(worker.run() for worker in workers))

    seen = [key for _, key in messenger.shown]
    assert [key for key in seen if key[0] == "a"] == [f"a{n}" for n in range(5)]
    assert [key for key in seen if key[0] == "b"] == [f"b{n}" for n in range(5)]


async def test_a_message_on_its_way_is_waited_for_when_the_worker_is_stopped(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger
) -> None:
    messenger.may_answer.clear()
    await building.tell(building.asha, "a")
    running = asyncio.create_task(delivery.run())
    await messenger.was_asked.wait()

    running.cancel()
    await asyncio.sleep(0)
    messenger.may_answer.set()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert await building.counts() == {SENT: 1}


async def test_a_clock_that_jumps_while_a_message_is_on_its_way_confuses_nobody(
    delivery: Delivery, building: Building, messenger: ScriptedMessenger, clock: SandboxClock
) -> None:
    messenger.may_answer.clear()
    await building.tell(building.asha, "sent", thread="t")
    running = asyncio.create_task(delivery.run())
    await messenger.was_asked.wait()
    clock.step(timedelta(days=1))
    await building.tell(building.asha, "on", thread="t", at=clock.now())
    other = asyncio.create_task(delivery.run())
    await other
    messenger.may_answer.set()
    await running

    assert messenger.shown == [("send to 1", "sent"), ("edit 100 of 1", "on")]
