"""The list of commands beside the input line: per role, per chat, in the person's language."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot.domain.people import Actor, Role
from bot.i18n import Catalogues, Speaker
from bot.telegram.audience import Audience

_LOG = logging.getLogger(__name__)
_ANY_ZONE = ZoneInfo("UTC")
_NOBODY = Actor(person_id=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuLine:
    """A command, what it does, and for whom it is listed."""

    command: str
    says: str
    audience: Audience


_Seen = tuple[frozenset[tuple[int | None, Role]], bool, str]


def _seen_by(actor: Actor, speaker: Speaker) -> _Seen:
    """Return all that a menu depends on."""
    return frozenset(actor.roles), bool(actor.lease_ids), speaker.language


def menu_of(lines: Sequence[MenuLine], actor: Actor, speaker: Speaker) -> tuple[BotCommand, ...]:
    """Return what a person is offered, each command once."""
    found: dict[str, BotCommand] = {}
    for line in lines:
        if line.audience.admits(actor) and line.command not in found:
            said = speaker.plain.text(line.says)
            found[line.command] = BotCommand(line.command, said)
    return tuple(found.values())


class Menus:
    """Sets menus, and remembers which chat has which so as not to set it again."""

    def __init__(self, lines: Sequence[MenuLine]) -> None:
        self._lines = lines
        self._shown: dict[int, _Seen] = {}

    def of(self, actor: Actor, speaker: Speaker) -> tuple[BotCommand, ...]:
        """Return what a person is offered."""
        return menu_of(self._lines, actor, speaker)

    async def keep(self, bot: Bot, chat_id: int, actor: Actor, speaker: Speaker) -> None:
        """This function will set the menu of a chat if it is not known to be right."""
        if actor.is_stranger and chat_id not in self._shown:
            return
        if self._shown.get(chat_id) != _seen_by(actor, speaker):
            await self.show(bot, chat_id, actor, speaker)

    async def show(self, bot: Bot, chat_id: int, actor: Actor, speaker: Speaker) -> None:
        """This function will set the menu of a chat; a failure is logged, as it harms nobody."""
        menu = menu_of(self._lines, actor, speaker)
        try:
            await bot.set_my_commands(menu, BotCommandScopeChat(chat_id))
        except TelegramError as error:
            _LOG.warning("the menu of a chat was not set: %s", error.message)
            return
        self._shown[chat_id] = _seen_by(actor, speaker)

    async def show_strangers(
        self, bot: Bot, catalogues: Catalogues, *, default_language: str
    ) -> None:
        """This function will set what people see who have no place here, in every language."""
        for language in catalogues.languages():
            speaker = catalogues.speaker(language.code, _ANY_ZONE)
            menu = menu_of(self._lines, _NOBODY, speaker)
            if language.code == default_language:
                await bot.set_my_commands(menu)
            await bot.set_my_commands(menu, language_code=language.code)
