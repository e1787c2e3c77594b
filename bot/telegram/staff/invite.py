"""Invitations: a link that opens once, also as a picture to scan."""

from bot.domain.people import NotAllowed, Permission, Role
from bot.telegram.callbacks import Action, ButtonUnknown, press
from bot.telegram.context import Context
from bot.telegram.identity import Identity
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.invitation import (
    DUTIES,
    lease_invitation_screen,
    role_invitation_screen,
    team_screen,
)


async def to_lease(context: Context) -> None:
    """This function will give a new invitation into a lease, as a message of its own."""
    lease_id = context.tap.integer(0)
    card = await context.services.rooms.card_of_lease(actor=context.actor, lease_id=lease_id)
    ticket = await context.services.invitations.to_lease(cause=context.cause, lease_id=lease_id)
    link = _link(context, ticket.token)
    picture = await context.services.pictures.qr(link)
    speaker = context.speaker_in(card.zone)
    screen = lease_invitation_screen(card, ticket, link, picture, speaker)
    await context.window.show(screen, fresh=True)


async def team(context: Context) -> Screen | None:
    """This function will ask for the building and the role, and give the invitation."""
    given = () if context.press is None else context.press.arguments
    if len(given) > 1:
        await _to_role(context, context.tap.integer(0), _role(given[1], context))
        return None
    places = await context.services.rooms.places(
        actor=context.actor, permission=Permission.MANAGE_STAFF
    )
    if given:
        places = [place for place in places if place.id == context.tap.integer(0)]
    if not places:
        raise NotAllowed(permission=Permission.MANAGE_STAFF)
    if len(places) == 1:
        return team_screen(places[0].name, places[0].id, context.speaker)
    buttons = [Button(label=each.name, press=press(Action.TEAM, each.id)) for each in places]
    return Screen(
        html=context.speaker.text("Which building?"),
        buttons=(*rows_of(*buttons), (home_button(context.speaker),)),
    )


async def _to_role(context: Context, place_id: int, role: Role) -> None:
    places = await context.services.rooms.places(
        actor=context.actor, permission=Permission.MANAGE_STAFF
    )
    place = next((each for each in places if each.id == place_id), None)
    if place is None:
        raise NotAllowed(permission=Permission.MANAGE_STAFF, place_id=place_id)
    ticket = await context.services.invitations.to_role(
        cause=context.cause, place_id=place_id, role=role
    )
    link = _link(context, ticket.token)
    picture = await context.services.pictures.qr(link)
    speaker = context.speaker_in(place.zone)
    screen = role_invitation_screen(place.name, role, ticket, link, picture, speaker)
    await context.window.show(screen, fresh=True)


def _link(context: Context, token: str) -> str:
    bot = Identity(username=context.bot.username, name=context.bot.first_name)
    return bot.invitation_link(token)


def _role(value: str, context: Context) -> Role:
    """Return a role that one may give; owners are named by the operator alone."""
    found = next((role for role in DUTIES if role.value == value), None)
    if found is None:
        raise ButtonUnknown(context.request.data)
    return found
