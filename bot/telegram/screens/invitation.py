"""An invitation to hand over: the link, and the same as a picture."""

from bot.domain.people import Role
from bot.i18n import N_, Safe, Speaker
from bot.services.invitation import Ticket
from bot.services.room_card import RoomCard
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label

ROLES = {
    Role.MANAGER: N_("Manager"),
    Role.ACCOUNTANT: N_("Accountant"),
    Role.CARETAKER: N_("Caretaker"),
    Role.OWNER: N_("Owner"),
}
DUTIES = {
    Role.MANAGER: N_("sees all, takes money, switches power"),
    Role.ACCOUNTANT: N_("sees the money and takes payments, no power"),
    Role.CARETAKER: N_("sees rooms and meters, no money"),
}


def lease_invitation_screen(
    card: RoomCard, ticket: Ticket, link: str, picture: bytes, speaker: Speaker
) -> Screen:
    """Return the invitation of one tenant."""
    head = speaker.text("Invitation for {who}", who=line(bold(room_label(card.room)), card.tenant))
    return _invitation(head, ticket, link, picture, speaker)


def role_invitation_screen(
    place: str, role: Role, ticket: Ticket, link: str, picture: bytes, speaker: Speaker
) -> Screen:
    """Return the invitation of one of the staff."""
    who = line(bold(speaker.text(ROLES[role])), place)
    return _invitation(
        speaker.text("Invitation for {who}", who=who), ticket, link, picture, speaker
    )


def team_screen(place: str, place_id: int, speaker: Speaker) -> Screen:
    """Return whom one can invite."""
    duties = [
        line(bold(speaker.text(ROLES[role])), speaker.text(said), between=": ")
        for role, said in DUTIES.items()
    ]
    buttons = [
        Button(
            label=speaker.plain.text(ROLES[role]), press=press(Action.TEAM, place_id, role.value)
        )
        for role in DUTIES
    ]
    return Screen(
        html=blocks(
            [speaker.text("Invite somebody to {place}. As what?", place=bold(place))], duties
        ),
        buttons=(*rows_of(*buttons), (home_button(speaker),)),
    )


def _invitation(head: Safe, ticket: Ticket, link: str, picture: bytes, speaker: Speaker) -> Screen:
    until = speaker.full_date(ticket.expires_at.astimezone(speaker.zone).date())
    return Screen(
        html=blocks(
            [head],
            [link],
            [
                speaker.text(
                    "It opens once, for one person, until {day}. "
                    "Send it on, or let them scan the picture.",
                    day=until,
                )
            ],
        ),
        photo=picture,
        buttons=_copy(link, speaker),
    )


def _copy(link: str, speaker: Speaker) -> Rows:
    return ((Button(label=speaker.plain.text("Copy the link"), copies=link),),)
