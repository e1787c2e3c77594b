"""The bills of a building: which, and in which state."""

from bot.services.bills import BillFilter
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.invoices import bill_places_screen, place_bills_screen


async def invoices(context: Context) -> Screen:
    """This function will show a page of a building's documents, or ask of which building."""
    known = () if context.press is None else context.press.arguments
    if not known:
        places = await context.services.bills.places(actor=context.actor)
        if len(places) != 1:
            return bill_places_screen(places, context.speaker)
        return await _listed(context, places[0].id)
    only = _only(context) if len(known) > 1 else BillFilter.ALL
    before_id = context.tap.integer(2) or None if len(known) > 2 else None
    return await _listed(context, context.tap.integer(0), only, before_id)


async def _listed(
    context: Context,
    place_id: int,
    only: BillFilter = BillFilter.ALL,
    before_id: int | None = None,
) -> Screen:
    page = await context.services.bills.of_place(
        actor=context.actor, place_id=place_id, only=only, before_id=before_id
    )
    return place_bills_screen(page, context.speaker_in(page.place.zone))


def _only(context: Context) -> BillFilter:
    try:
        return BillFilter(context.tap.text(1))
    except ValueError:
        raise ButtonUnknown(context.request.data) from None
