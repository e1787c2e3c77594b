"""Readings of meters: where to begin, which meter, the list of one, those that wait."""

from datetime import date, timedelta

from bot.domain.period import local_date
from bot.services.reading_list import PAGE_READINGS, MeterChoice, ReadingFilter, ReadingPage
from bot.telegram.callbacks import ButtonUnknown, Press
from bot.telegram.context import Context
from bot.telegram.reading_days import ANY_TIME, MOST_DAYS, NoSuchDays, days_of, span_number
from bot.telegram.screen import Screen
from bot.telegram.screens.readings import (
    ALL,
    BILLING,
    ENTER,
    FILTER_NAMES,
    KEPT,
    LIST,
    TYPES,
    meter_choice_screen,
    reading_filter_screen,
    reading_list_screen,
    readings_screen,
    review_screen,
)
from bot.telegram.screens.room import room_label
from bot.telegram.staff import reading_entry
from bot.telegram.staff.typed_days import parse_days

FINDING = "readings.find"
FILTERING = "readings.days"
LAST_YEAR = timedelta(days=365)


async def readings(context: Context) -> Screen:
    """This function will show where to begin, or the readings of a meter that was named."""
    if context.press is None and context.request.text:
        return await _found(context, LIST, context.request.text)
    held = await context.services.reading_lists.held(actor=context.actor)
    await _ask(context, LIST)
    return readings_screen(held, context.actor, context.speaker)


async def find(context: Context) -> Screen:
    """This function will take what was typed for the name of a meter or a room."""
    facts = {} if context.dialog is None else context.dialog.facts
    return await _found(context, str(facts.get("wanted", LIST)), context.request.text)


async def choose(context: Context) -> Screen:
    """This function will turn to a page of meters to choose from."""
    tap = context.tap
    wanted, text = tap.text(0), tap.text(2)
    if wanted not in {LIST, ENTER}:
        raise ButtonUnknown(context.request.data)
    if text == KEPT:
        text = await _kept(context)
    choice = await context.services.reading_lists.meters(
        actor=context.actor, text=text, number=tap.integer(1)
    )
    await _ask(context, wanted, text)
    return meter_choice_screen(choice, wanted, context.speaker)


async def of_meter(context: Context) -> Screen:
    """This function will show a page of a meter's readings."""
    tap = context.tap
    code, month = _code(tap, context), tap.integer(2)
    await context.services.dialogs.end(person_id=context.person.id)
    page = await _page(context, tap.integer(0), code, month, before_id=tap.integer(3) or None)
    return reading_list_screen(page, code, month, context.speaker_in(page.place.zone))


async def choose_filter(context: Context) -> Screen:
    """This function will show the ways to see fewer readings."""
    tap = context.tap
    code, month = _code(tap, context), tap.integer(2)
    page = await _page(context, tap.integer(0), code, month)
    await context.services.dialogs.go_to(
        person_id=context.person.id,
        step=FILTERING,
        facts={"meter_id": page.sheet.id, "code": code},
    )
    zone = page.place.zone
    today_on = local_date(page.now, zone)
    return reading_filter_screen(page, code, month, today_on, context.speaker_in(zone))


async def typed_days(context: Context) -> Screen:
    """This function will take the days that were typed, and show the readings of these days.

    Days to come are meant of the year before: nothing was read then yet.
    """
    facts = {} if context.dialog is None else context.dialog.facts
    meter_id, code = int(str(facts["meter_id"])), str(facts["code"])
    every = await _page(context, meter_id, code, ANY_TIME)
    today_on = local_date(every.now, every.place.zone)
    days = parse_days(context.request.text, today_on=today_on, most=MOST_DAYS)
    ago = LAST_YEAR if min(days) > today_on else timedelta(0)
    number = span_number(min(days) - ago, max(days) - ago)
    page = await _page(context, meter_id, code, number)
    await context.services.dialogs.end(person_id=context.person.id)
    return reading_list_screen(page, code, number, context.speaker_in(page.place.zone))


async def review(context: Context) -> Screen:
    """This function will list the readings that wait to be judged."""
    number = context.tap.integer(0) if context.tap.arguments else 0
    await context.services.dialogs.end(person_id=context.person.id)
    page = await context.services.reading_lists.review(actor=context.actor, number=number)
    return review_screen(page, context.speaker)


async def _found(context: Context, wanted: str, text: str) -> Screen:
    """One meter is opened, several are offered."""
    choice = await context.services.reading_lists.meters(actor=context.actor, text=text)
    only = _only(choice)
    if only is not None and wanted == ENTER:
        return await reading_entry.ask(context, only)
    if only is not None:
        await context.services.dialogs.end(person_id=context.person.id)
        page = await _page(context, only, ALL, 0)
        return reading_list_screen(page, ALL, 0, context.speaker_in(page.place.zone))
    await _ask(context, wanted, text)
    return meter_choice_screen(choice, wanted, context.speaker)


def _only(choice: MeterChoice) -> int | None:
    """Return the meter that is meant, if there is no doubt: 302 is not a part of 1302."""
    typed = choice.text.strip().casefold()
    exact = [
        each.sheet.id
        for each in choice.lines
        if typed in {room_label(each.room or "").casefold(), each.sheet.name.casefold()}
    ]
    every = exact or [each.sheet.id for each in choice.lines]
    return every[0] if len(every) == 1 and not choice.has_more else None


async def _ask(context: Context, wanted: str, text: str = "") -> None:
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=FINDING, facts={"wanted": wanted, "text": text}
    )


async def _kept(context: Context) -> str:
    dialog = await context.services.dialogs.current(person_id=context.person.id)
    if dialog is None or dialog.step != FINDING:
        raise ButtonUnknown(context.request.data)
    return str(dialog.facts["text"])


async def _page(
    context: Context, meter_id: int, code: str, month: int, *, before_id: int | None = None
) -> ReadingPage:
    from_on, through_on = _days(month, context)
    wanted = ReadingFilter(
        type=TYPES.get(code),
        is_billing=True if code == BILLING else None,
        from_on=from_on,
        through_on=through_on,
    )
    return await context.services.reading_lists.page(
        actor=context.actor,
        meter_id=meter_id,
        wanted=wanted,
        before_id=before_id,
        limit=PAGE_READINGS,
    )


def _days(number: int, context: Context) -> tuple[date | None, date | None]:
    """Return the days that a button carries."""
    try:
        return days_of(number) or (None, None)
    except NoSuchDays:
        raise ButtonUnknown(context.request.data) from None


def _code(tap: Press, context: Context) -> str:
    if tap.text(1) not in FILTER_NAMES:
        raise ButtonUnknown(context.request.data)
    return tap.text(1)
