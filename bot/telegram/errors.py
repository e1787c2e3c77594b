"""What is said when something is refused: what, why, and what to do instead."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, NetworkError, TelegramError

from bot.domain.people import NotAllowed
from bot.i18n import Safe, Speaker
from bot.services.cause import ButtonSpent
from bot.services.invitation import InvitationExpired, InvitationUnknown, InvitationUsed
from bot.telegram.access import Doorkeeper
from bot.telegram.request import request_of
from bot.telegram.screen import Screen, Window
from bot.telegram.staff.refusals import STAFF_SENTENCES
from bot.telegram.tenant.claim_refusals import CLAIM_SENTENCES
from bot.telegram.tenant.dispute_refusals import DISPUTE_SENTENCES
from bot.telegram.tenant.photo_refusals import PHOTO_SENTENCES

_LOG = logging.getLogger(__name__)

Sentence = Callable[[Any, Speaker], Safe]


def _not_allowed(_error: NotAllowed, speaker: Speaker) -> Safe:
    return speaker.text(
        "Your role does not cover this. Ask the owner of the building if you need it."
    )


def _button_spent(_error: ButtonSpent, speaker: Speaker) -> Safe:
    return speaker.text("This was done already, by you or by somebody else. Nothing is done twice.")


def _invitation_unknown(_error: InvitationUnknown, speaker: Speaker) -> Safe:
    return speaker.text(
        "This invitation link does not work. Ask your manager to send it again, "
        "and open it just as it is."
    )


def _invitation_expired(_error: InvitationExpired, speaker: Speaker) -> Safe:
    return speaker.text("This invitation link is too old. Ask your manager for a new one.")


def _invitation_used(_error: InvitationUsed, speaker: Speaker) -> Safe:
    return speaker.text(
        "Somebody else has used this invitation link. Ask your manager for one of your own."
    )


SENTENCES: Mapping[type[Exception], Sentence] = {
    NotAllowed: _not_allowed,
    ButtonSpent: _button_spent,
    InvitationUnknown: _invitation_unknown,
    InvitationExpired: _invitation_expired,
    InvitationUsed: _invitation_used,
    **STAFF_SENTENCES,
    **PHOTO_SENTENCES,
    **CLAIM_SENTENCES,
    **DISPUTE_SENTENCES,
}
"""Every error that a person can bring about; anything else is a fault of the program."""

ANTICIPATED = tuple(SENTENCES)


def sentence(error: Exception, speaker: Speaker) -> Safe:
    """Return what is said of an anticipated error; the nearest class has the word."""
    say = next(SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES)
    return say(error, speaker)


class Apologies:
    """The edge at which faults of the program, and of the network, end."""

    def __init__(self, bot: Bot, doorkeeper: Doorkeeper) -> None:
        self._bot = bot
        self._doorkeeper = doorkeeper

    async def handle(self, update: Update, error: Exception, known: Speaker | None) -> None:
        """This function will log a fault under the update's number and tell the person it.

        `known` speaks the person's language, if that was known by then; else it is the phone's.
        """
        number = update.update_id
        if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            _LOG.warning("the answer to update %s did not get through: %s", number, error.message)
            return
        _LOG.error("update %s failed", number, exc_info=error)
        request = request_of(update)
        if request is None:
            return
        window = Window(self._bot, request.chat.id)
        speaker = known or self._doorkeeper.phone_speaker(request.user)
        try:
            await window.show(Screen(html=_apology(number, speaker)))
        except TelegramError as second:
            _LOG.warning("no apology for update %s: %s", number, second.message)


def log_trouble(error: TelegramError) -> None:
    """This function will log trouble in fetching updates; fetching goes on by itself."""
    if isinstance(error, Conflict):
        _LOG.error("another process fetches the updates of this bot: stop one of them")
    else:
        _LOG.warning("Telegram cannot be reached: %s", error.message)


def _apology(update_id: int, speaker: Speaker) -> Safe:
    return speaker.text(
        "Something went wrong here, and it is not your fault. Please try again in a minute.\n"
        "If it stays so, tell your manager this number: <code>{reference}</code>",
        reference=str(update_id),
    )
