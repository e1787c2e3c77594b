"""The tariffs of a building: the list, a card, another name, a price taken back."""

from dataclasses import replace

from bot.services.tariff_change import withdrawal
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.tariff import (
    places_screen,
    rename_screen,
    tariff_screen,
    tariffs_screen,
    withdraw_screen,
)

RENAMING = "tariff.rename"


async def tariffs(context: Context) -> Screen:
    """This function will list the tariffs of a building, or ask of which one."""
    await context.services.dialogs.end(person_id=context.person.id)
    tap = context.press
    if tap is not None and tap.arguments:
        number = tap.integer(1) if len(tap.arguments) > 1 else 0
        return await _listed(context, tap.integer(0), number)
    places = await context.services.tariffs.places(actor=context.actor)
    if len(places) == 1:
        return await _listed(context, places[0].id)
    return places_screen(places, context.speaker)


async def tariff(context: Context) -> Screen:
    """This function will show a tariff, and end the dialog that was under way."""
    await context.services.dialogs.end(person_id=context.person.id)
    return await card_screen(context, context.tap.integer(0))


async def withdraw(context: Context) -> Screen:
    """This function will take back a price that was to come, once that is confirmed."""
    tap, services = context.tap, context.services
    tariff_id, version_id = tap.integer(0), tap.integer(1)
    if tap.nonce is None:
        card = await services.tariffs.card(actor=context.actor, tariff_id=tariff_id)
        speaker = context.speaker_in(card.place.zone)
        return withdraw_screen(card, withdrawal(card, version_id), speaker, nonce=context.nonce)
    await services.tariff_changes.withdraw(
        cause=context.cause, tariff_id=tariff_id, version_id=version_id
    )
    said = context.speaker.plain.text("Withdrawn.")
    return replace(await card_screen(context, tariff_id), toast=said)


async def ask_name(context: Context) -> Screen:
    """This function will ask for another name."""
    tariff_id = context.tap.integer(0)
    card = await context.services.tariffs.card(actor=context.actor, tariff_id=tariff_id)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=RENAMING, facts={"tariff_id": tariff_id}
    )
    return rename_screen(card, context.speaker)


async def rename(context: Context) -> Screen:
    """This function will give a tariff the name that was typed."""
    facts = {} if context.dialog is None else context.dialog.facts
    card = await context.services.tariff_changes.rename(
        cause=context.cause, tariff_id=int(str(facts["tariff_id"])), name=context.request.text
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return tariff_screen(card, context.speaker_in(card.place.zone))


async def card_screen(context: Context, tariff_id: int) -> Screen:
    """This function will return a tariff's card as it is now."""
    card = await context.services.tariffs.card(actor=context.actor, tariff_id=tariff_id)
    return tariff_screen(card, context.speaker_in(card.place.zone))


async def _listed(context: Context, place_id: int, number: int = 0) -> Screen:
    found = await context.services.tariffs.of_place(actor=context.actor, place_id=place_id)
    return tariffs_screen(found, context.speaker_in(found.place.zone), number=number)
