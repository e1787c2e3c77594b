"""The bot's command menus: by scope and language, and which of them a person sees."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.telegram.refusals import bad_request

_NAME = re.compile(r"[a-z0-9_]{1,32}")
_MAX_DESCRIPTION_CHARACTERS = 256
_MAX_COMMANDS = 100


class ScopeKind(StrEnum):
    DEFAULT = "default"
    ALL_PRIVATE_CHATS = "all_private_chats"
    ALL_GROUP_CHATS = "all_group_chats"
    ALL_CHAT_ADMINISTRATORS = "all_chat_administrators"
    CHAT = "chat"
    CHAT_ADMINISTRATORS = "chat_administrators"
    CHAT_MEMBER = "chat_member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """For whom a menu is; the ids only where the kind asks for them."""

    kind: ScopeKind
    chat_id: int | None = None
    user_id: int | None = None


DEFAULT_SCOPE = Scope(kind=ScopeKind.DEFAULT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    name: str
    description: str

    def payload(self) -> dict[str, str]:
        """This function will return a BotCommand."""
        return {"command": self.name, "description": self.description}


Menu = tuple[Command, ...]


class CommandMenus:
    """Menus as they were set; an empty language stands for every language without its own."""

    def __init__(self) -> None:
        self._menus: dict[tuple[Scope, str], Menu] = {}

    def replace(self, scope: Scope, language: str, menu: Menu) -> None:
        """This function will set a menu, or remove it when it is empty; raises Refusal."""
        if len(menu) > _MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in menu:
            _check(command)
        if menu:
            self._menus[scope, language] = menu
        else:
            self._menus.pop((scope, language), None)

    def exactly(self, scope: Scope, language: str) -> Menu:
        """This function will return the menu of this very scope and language."""
        return self._menus.get((scope, language), ())

    def shown_in_private(self, chat_id: int, language: str) -> Menu:
        """This function will return what a person sees: the narrowest scope that has a menu."""
        scopes = (
            Scope(kind=ScopeKind.CHAT, chat_id=chat_id),
            Scope(kind=ScopeKind.ALL_PRIVATE_CHATS),
            DEFAULT_SCOPE,
        )
        candidates = ((scope, code) for scope in scopes for code in (language, ""))
        return next((found for key in candidates if (found := self._menus.get(key))), ())


def _check(command: Command) -> None:
    if not _NAME.fullmatch(command.name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command.description) <= _MAX_DESCRIPTION_CHARACTERS:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
