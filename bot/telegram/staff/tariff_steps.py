"""A price from a day on, or a new tariff: asked step by step, and confirmed once."""

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.place import Place
from bot.domain.tariff import TariffVersion
from bot.i18n import Speaker
from bot.services.tariff import TariffCard, require_uncharged, version_in_force
from bot.services.tariff_terms import BEGINNING_ON
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.tariff import tariff_screen
from bot.telegram.screens.tariff_steps import (
    KEEP,
    NONE,
    change_confirm_screen,
    day_screen,
    draft_head,
    medium_screen,
    name_screen,
    new_confirm_screen,
    price_screen,
    standing_screen,
    taxes_screen,
)
from bot.telegram.staff.tariff import card_screen
from bot.telegram.staff.tariff_dialog import PRICE, kept_facts, new_draft_id
from bot.telegram.staff.typed_day import parse_day
from bot.telegram.staff.typed_price import parse_price, parse_standing, parse_taxes
from bot.telegram.tariff_draft import MEDIA, PriceDraft, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What a draft is about, as it is now; without a card the tariff is to be made."""

    place: Place
    today_on: date
    card: TariffCard | None


async def change(context: Context) -> Screen:
    """This function will begin to change a tariff from a day on."""
    card = await context.services.tariffs.card(
        actor=context.actor, tariff_id=context.tap.integer(0)
    )
    draft = PriceDraft(
        id=new_draft_id(PRICE, context),
        place_id=card.place.id,
        tariff_id=card.tariff.id,
        seen=card.version_ids,
        medium=card.tariff.medium,
    )
    return await _ask(context, draft, Step.DAY)


async def new(context: Context) -> Screen:
    """This function will begin to make a tariff; where several media are used it asks for which."""
    place_id = context.tap.integer(0)
    found = await context.services.tariffs.media(actor=context.actor, place_id=place_id)
    draft = PriceDraft(
        id=new_draft_id(PRICE, context), place_id=place_id, asks_medium=len(found.media) > 1
    )
    return await _ask(context, draft, draft.steps[0])


async def step(context: Context) -> Screen:
    """This function will go back to a step, or on from one by what its button says."""
    tap = context.tap
    draft = PriceDraft.of(await kept_facts(context, tap.text(0), PRICE))
    at = _step(tap.text(1), draft, context)
    if len(tap.arguments) == 2:
        return await _ask(context, draft, at)
    return await _ask(context, await _answered(context, draft, at, tap.text(2)), draft.after(at))


async def typed(context: Context) -> Screen:
    """This function will take what was typed at a step, and ask for what comes next."""
    dialog = context.dialog
    assert dialog is not None
    draft = PriceDraft.of(dialog.facts)
    at = next(each for each in Step if each.dialog == dialog.step)
    text = context.request.text
    if at is Step.MEDIUM:
        return await _ask(context, draft, at)
    if at is Step.NAME:
        name = await context.services.tariffs.free_name(
            actor=context.actor, place_id=draft.place_id, name=text
        )
        return await _ask(context, replace(draft, name=name), draft.after(at))
    if at is Step.DAY:
        frame = await _frame(context, draft)
        on = parse_day(text, today_on=frame.today_on)
        return await _ask(context, _from_day(draft, frame, on), draft.after(at))
    version = _with_typed(draft.version, at, text)
    return await _ask(context, replace(draft, version=version), draft.after(at))


async def confirm(context: Context) -> Screen:
    """This function will set what was confirmed, and show the tariff as it is then."""
    tap, services = context.tap, context.services
    draft = PriceDraft.of(await kept_facts(context, tap.text(0), PRICE))
    if tap.nonce is None or draft.version is None:
        raise ButtonUnknown(context.request.data)
    if draft.tariff_id is None:
        card = await services.tariff_changes.create(
            cause=context.cause,
            place_id=draft.place_id,
            name=draft.name or "",
            version=draft.version,
            medium=draft.medium,
        )
        screen = tariff_screen(card, context.speaker_in(card.place.zone))
    else:
        await services.tariff_changes.change(
            cause=context.cause,
            tariff_id=draft.tariff_id,
            version=draft.version,
            seen=draft.seen,
        )
        screen = await card_screen(context, draft.tariff_id)
    await services.dialogs.end(person_id=context.person.id)
    return replace(screen, toast=context.speaker.plain.text("Set."))


async def _ask(context: Context, draft: PriceDraft, at: Step) -> Screen:
    """Keep the draft, and ask what the step asks."""
    frame = await _frame(context, draft)
    speaker = context.speaker_in(frame.place.zone)
    if at is Step.CONFIRM:
        screen = await _confirmation(context, draft, frame)
    elif at is Step.MEDIUM:
        found = await context.services.tariffs.media(actor=context.actor, place_id=draft.place_id)
        screen = medium_screen(draft, found, speaker)
    else:
        screen = _question(draft, at, frame, speaker)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=at.dialog, facts=draft.facts()
    )
    return screen


def _question(draft: PriceDraft, at: Step, frame: _Frame, speaker: Speaker) -> Screen:
    if at is Step.DAY and frame.card is not None:
        return day_screen(draft, frame.card, speaker)
    if at in {Step.NAME, Step.DAY}:
        return name_screen(draft, frame.place, speaker)
    name = draft.name or "" if frame.card is None else frame.card.tariff.name
    head = draft_head(draft, name, speaker, today_on=frame.today_on)
    if at is Step.PRICE:
        return price_screen(draft, frame.place, head, speaker)
    if at is Step.STANDING:
        return standing_screen(draft, frame.place, head, speaker)
    return taxes_screen(draft, head, speaker)


async def _confirmation(context: Context, draft: PriceDraft, frame: _Frame) -> Screen:
    version, speaker = draft.version, context.speaker_in(frame.place.zone)
    assert version is not None
    if draft.tariff_id is None:
        return new_confirm_screen(
            draft, version, frame.place, speaker, today_on=frame.today_on, nonce=context.nonce
        )
    preview = await context.services.tariffs.change(
        actor=context.actor, tariff_id=draft.tariff_id, version=version
    )
    return change_confirm_screen(draft, preview, speaker, nonce=context.nonce)


async def _frame(context: Context, draft: PriceDraft) -> _Frame:
    lists, actor = context.services.tariffs, context.actor
    if draft.tariff_id is None:
        found = await lists.of_place(actor=actor, place_id=draft.place_id)
        return _Frame(place=found.place, today_on=found.today_on, card=None)
    card = await lists.card(actor=actor, tariff_id=draft.tariff_id)
    return _Frame(place=card.place, today_on=card.today_on, card=card)


async def _answered(context: Context, draft: PriceDraft, at: Step, answer: str) -> PriceDraft:
    """Return the draft with what a button says in it. Raises ButtonUnknown."""
    if at is Step.DAY:
        return _from_day(draft, await _frame(context, draft), _day(answer, context))
    if at is Step.MEDIUM and answer in MEDIA:
        return replace(draft, medium=MEDIA[answer])
    if answer == KEEP and (draft.version is not None or (at is Step.NAME and draft.name)):
        return draft
    if answer == NONE and draft.version is not None and at is Step.STANDING:
        return replace(draft, version=replace(draft.version, standing=None))
    if answer == NONE and draft.version is not None and at is Step.TAXES:
        return replace(draft, version=replace(draft.version, taxes=()))
    raise ButtonUnknown(context.request.data)


def _from_day(draft: PriceDraft, frame: _Frame, on: date) -> PriceDraft:
    """Return the draft of a day, which begins as what is in force then. Raises ChargedAlready."""
    card = frame.card
    assert card is not None
    require_uncharged(card, on)
    base = draft.version or version_in_force(card.tariff, on) or card.tariff.versions[0]
    return replace(draft, version=replace(base, id=0, from_on=on))


def _with_typed(version: TariffVersion | None, at: Step, text: str) -> TariffVersion:
    if at is Step.PRICE:
        slabs = parse_price(text)
        if version is None:
            return TariffVersion(id=0, from_on=BEGINNING_ON, slabs=slabs)
        return replace(version, slabs=slabs)
    assert version is not None
    if at is Step.STANDING:
        return replace(version, standing=parse_standing(text))
    return replace(version, taxes=parse_taxes(text))


def _step(value: str, draft: PriceDraft, context: Context) -> Step:
    found = next((each for each in draft.steps if each.value == value), None)
    is_early = found in {Step.MEDIUM, Step.NAME, Step.DAY, Step.PRICE}
    if found is None or (draft.version is None and not is_early):
        raise ButtonUnknown(context.request.data)
    return found


def _day(value: str, context: Context) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ButtonUnknown(context.request.data) from None
