"""For whom a meter counts: chosen room by room, with shares, and confirmed once."""

from dataclasses import replace

from bot.domain.meter import BillingType
from bot.domain.meter_share import equal_shares, parse_shares
from bot.domain.people import Permission
from bot.services.meter_link import LinkChoice
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.link_draft import CHOOSING, SHARING, LinkDraft
from bot.telegram.screen import Screen
from bot.telegram.screens.meter_links import (
    EQUALLY,
    NOBODY,
    PAGE,
    TO_ROOMS,
    TO_SHARES,
    choice_screen,
    confirm_screen,
    share_screen,
)
from bot.telegram.staff.meter import card_of
from bot.telegram.staff.meter_options import RoomNotFound
from bot.telegram.staff.tariff_dialog import kept_facts, new_draft_id

LINK = "k"


async def begin(context: Context) -> Screen:
    """This function will show for whom a meter counts, and whom it could count for."""
    meter_id = context.tap.integer(0)
    choice = await _choice(context, meter_id)
    shared = choice.sheet.billing_type is BillingType.SHARED
    lease_ids = tuple(each.lease_id for each in choice.shares) if shared else ()
    draft = LinkDraft(id=new_draft_id(LINK, context), meter_id=meter_id, lease_ids=lease_ids)
    return await _choose(context, choice, draft)


async def pick(context: Context) -> Screen:
    """This function will do what a button of the choice says."""
    tap = context.tap
    draft = LinkDraft.of(await kept_facts(context, tap.text(0), LINK))
    choice, said = await _choice(context, draft.meter_id), tap.text(1)
    if said.isdecimal():
        return await _picked(context, choice, draft, int(said))
    if said == NOBODY:
        return await _confirmation(context, replace(draft, lease_ids=(), shares_ppm=()))
    if said == EQUALLY and draft.lease_ids:
        equal = equal_shares(len(draft.lease_ids))
        return await _confirmation(context, replace(draft, shares_ppm=equal))
    if said == TO_SHARES and len(draft.lease_ids) > 1:
        return await _share(context, choice, draft)
    if said == TO_ROOMS:
        return await _choose(context, choice, replace(draft, shares_ppm=()))
    if said[:1] == PAGE and said[1:].isdecimal():
        return await _choose(context, choice, replace(draft, number=int(said[1:])))
    raise ButtonUnknown(context.request.data)


async def typed_room(context: Context) -> Screen:
    """This function will take the room that was typed. Raises RoomNotFound."""
    draft, text = _draft(context), context.request.text
    choice = await _choice(context, draft.meter_id)
    found = await context.services.rooms.find(
        actor=context.actor, text=text, permission=Permission.ONBOARD
    )
    known = {each.lease_id for each in choice.leases}
    lease_ids = [each.lease_id for each in found.matches if each.lease_id in known]
    if len(lease_ids) != 1 or lease_ids[0] is None:
        raise RoomNotFound(text)
    return await _picked(context, choice, draft, lease_ids[0])


async def typed_shares(context: Context) -> Screen:
    """This function will take the shares that were typed."""
    draft = _draft(context)
    shares = parse_shares(context.request.text, leases=len(draft.lease_ids))
    return await _confirmation(context, replace(draft, shares_ppm=shares))


async def confirm(context: Context) -> Screen:
    """This function will let the meter count for those who were confirmed."""
    tap = context.tap
    draft = LinkDraft.of(await kept_facts(context, tap.text(0), LINK))
    if tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    await context.services.meter_links.link(
        cause=context.cause, meter_id=draft.meter_id, shares=draft.shares
    )
    await context.services.dialogs.end(person_id=context.person.id)
    card = await card_of(context, draft.meter_id)
    return replace(card, toast=context.speaker.plain.text("Set."))


async def _picked(context: Context, choice: LinkChoice, draft: LinkDraft, lease_id: int) -> Screen:
    """Of a meter of one tenant the choice is made, of a shared one it goes on."""
    if choice.sheet.billing_type is not BillingType.SHARED:
        return await _confirmation(context, replace(draft, lease_ids=(lease_id,), shares_ppm=()))
    kept = tuple(each for each in draft.lease_ids if each != lease_id)
    if kept == draft.lease_ids:
        kept = (*kept, lease_id)
    return await _choose(context, choice, replace(draft, lease_ids=kept, shares_ppm=()))


async def _choose(context: Context, choice: LinkChoice, draft: LinkDraft) -> Screen:
    await _keep(context, draft, CHOOSING)
    return choice_screen(choice, draft, context.speaker)


async def _share(context: Context, choice: LinkChoice, draft: LinkDraft) -> Screen:
    await _keep(context, draft, SHARING)
    return share_screen(choice, draft, context.speaker)


async def _confirmation(context: Context, draft: LinkDraft) -> Screen:
    choice = await context.services.meter_links.preview(
        actor=context.actor, meter_id=draft.meter_id, shares=draft.shares
    )
    await _keep(context, draft, SHARING if draft.shares_ppm else CHOOSING)
    return confirm_screen(choice, draft, context.speaker, nonce=context.nonce)


async def _choice(context: Context, meter_id: int) -> LinkChoice:
    return await context.services.meter_links.choice(actor=context.actor, meter_id=meter_id)


async def _keep(context: Context, draft: LinkDraft, at: str) -> None:
    await context.services.dialogs.go_to(person_id=context.person.id, step=at, facts=draft.facts())


def _draft(context: Context) -> LinkDraft:
    assert context.dialog is not None
    return LinkDraft.of(context.dialog.facts)
