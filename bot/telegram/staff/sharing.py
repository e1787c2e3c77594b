"""Splitting the use of common areas, step by step, charged once."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.allocation import MeasureUnknown, Span
from bot.domain.people import Permission
from bot.i18n import Safe
from bot.services.allocation import DaysNotOver, PlanChanged
from bot.services.allocation_look import MeterChoice
from bot.services.allocation_plan import AlreadySplit
from bot.services.allocation_use import UseUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.sharing import (
    common_days_screen,
    common_key_screen,
    common_missing_screen,
    common_places_screen,
    common_screen,
    common_tariff_screen,
    common_unsized_screen,
    common_what_screen,
)
from bot.telegram.screens.sharing_split import common_plan_screen, common_split_screen
from bot.telegram.sharing_draft import CommonDraft, draft_of, with_only_choices
from bot.telegram.staff.typed_days import parse_days

DAYS = "common.days"
LONG_AGO = timedelta(days=300)
"""Who names a day without its year means one of the last ten months, or so."""
MOST_DAYS = 366


async def common(context: Context) -> Screen:
    """This function will show what of a place is shared, or ask for the place."""
    await context.services.dialogs.end(person_id=context.person.id)
    if context.press is not None and context.press.arguments:
        return await _of_place(context, context.press.integer(0))
    places = await context.services.rooms.places(
        actor=context.actor, permission=Permission.TAKE_PAYMENT
    )
    if len(places) == 1:
        return await _of_place(context, places[0].id)
    return common_places_screen(places, context.speaker)


async def step(context: Context) -> Screen:
    """This function will ask what is not known yet, or show what would be charged."""
    draft = draft_of(context.tap)
    page = context.tap.integer(5) if len(context.tap.arguments) > 5 else 0
    return await _next(context, draft, page=max(page, 0))


async def days(context: Context) -> Screen:
    """This function will take the days that were typed."""
    facts = {} if context.dialog is None else context.dialog.facts
    draft = CommonDraft(meter_id=int(str(facts["meter_id"])), scope=str(facts["scope"]))
    choice = await _choice(context, draft)
    typed = parse_days(context.request.text, today_on=choice.today_on - LONG_AGO, most=MOST_DAYS)
    return await _next(context, replace(draft, span=Span(from_on=min(typed), to_on=max(typed))))


async def confirm(context: Context) -> Screen:
    """This function will charge what was confirmed, and show it."""
    draft = draft_of(context.tap)
    try:
        done = await context.services.allocations.carry_out(
            cause=context.cause, wish=draft.wish, seal=context.tap.text(5)
        )
    except PlanChanged:
        return await _plan(context, draft, await _choice(context, draft), is_new=True)
    except AlreadySplit as error:
        return await _split_before(context, error)
    except (UseUnknown, MeasureUnknown) as error:
        return await _not_possible(context, draft, await _choice(context, draft), error)
    await context.services.dialogs.end(person_id=context.person.id)
    news = context.speaker.text("✅ Charged. The tenants are told.")
    return await _shown(context, done.id, news=news)


async def _of_place(context: Context, place_id: int) -> Screen:
    found = await context.services.allocation_lists.meters(actor=context.actor, place_id=place_id)
    return common_screen(found, context.speaker_in(found.place.zone))


async def _choice(context: Context, draft: CommonDraft) -> MeterChoice:
    return await context.services.allocation_lists.meter(
        actor=context.actor, meter_id=draft.meter_id
    )


async def _next(context: Context, known: CommonDraft, *, page: int = 0) -> Screen:
    choice = await _choice(context, known)
    draft = with_only_choices(known, choice)
    speaker = context.speaker_in(choice.place.zone)
    if draft.span is not None and draft.span.to_on >= choice.today_on:
        raise DaysNotOver(last_on=choice.today_on - timedelta(days=1))
    if draft.scope is not None and draft.span is None:
        return await _ask_days(context, draft, choice)
    await context.services.dialogs.end(person_id=context.person.id)
    if draft.scope is None:
        return common_what_screen(draft, choice, speaker)
    if draft.key is None:
        return common_key_screen(draft, choice, speaker)
    if draft.tariff_id is None:
        return common_tariff_screen(draft, choice, speaker)
    try:
        return await _plan(context, draft, choice, page=page)
    except AlreadySplit as error:
        return await _split_before(context, error)
    except (UseUnknown, MeasureUnknown) as error:
        return await _not_possible(context, draft, choice, error)


async def _ask_days(context: Context, draft: CommonDraft, choice: MeterChoice) -> Screen:
    facts: dict[str, object] = {"meter_id": draft.meter_id, "scope": draft.scope}
    await context.services.dialogs.go_to(person_id=context.person.id, step=DAYS, facts=facts)
    return common_days_screen(draft, choice, context.speaker_in(choice.place.zone))


async def _plan(
    context: Context,
    draft: CommonDraft,
    choice: MeterChoice,
    *,
    page: int = 0,
    is_new: bool = False,
) -> Screen:
    plan = await context.services.allocations.preview(actor=context.actor, wish=draft.wish)
    return common_plan_screen(
        draft,
        choice,
        plan,
        context.speaker_in(choice.place.zone),
        nonce=context.nonce,
        page=page,
        is_new=is_new,
    )


async def _not_possible(
    context: Context,
    draft: CommonDraft,
    choice: MeterChoice,
    error: UseUnknown | MeasureUnknown,
) -> Screen:
    speaker = context.speaker_in(choice.place.zone)
    if isinstance(error, UseUnknown):
        return common_missing_screen(draft, choice, error, speaker)
    return common_unsized_screen(draft, choice, error, speaker)


async def _split_before(context: Context, error: AlreadySplit) -> Screen:
    news = context.speaker.text(
        "These days were split already, by you or by somebody else. Nothing is charged twice."
    )
    return await _shown(context, error.allocation.id, news=news)


async def _shown(context: Context, allocation_id: int, *, news: Safe) -> Screen:
    shown = await context.services.allocation_lists.split(
        actor=context.actor, allocation_id=allocation_id
    )
    return common_split_screen(shown, context.speaker_in(shown.place.zone), news=news)
