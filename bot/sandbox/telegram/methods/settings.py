"""Methods that set up the bot: webhook, menus of commands, what it says of itself."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.telegram.changes import ChangeKind
from bot.sandbox.telegram.menus import DEFAULT_SCOPE, Command, Menu, Scope, ScopeKind
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.payloads import JsonObject
from bot.sandbox.telegram.profile import ProfileText
from bot.sandbox.telegram.refusals import Refusal, bad_request
from bot.sandbox.telegram.webhook import WebhookTarget
from bot.sandbox.telegram.world import TelegramWorld

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def set_webhook(world: TelegramWorld, params: Params) -> bool:
    """This function will push updates to an address; http is allowed, as on a local server."""
    url = params.text("url")
    if url is None:
        return delete_webhook(world, params)
    if not _is_web_address(url):
        raise bad_request("invalid webhook URL specified")
    secret = params.text("secret_token")
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _prepare_updates(world, params)
    world.updates.end_poll(Refusal(409, "Conflict: terminated by setWebhook request"))
    connections = params.integer("max_connections") or 40
    world.webhook.set(WebhookTarget(url=url, secret_token=secret, max_connections=connections))
    return True


def delete_webhook(world: TelegramWorld, params: Params) -> bool:
    """This function will stop pushing updates."""
    world.webhook.clear()
    _prepare_updates(world, params)
    return True


def get_webhook_info(world: TelegramWorld, params: Params) -> JsonObject:  # noqa: ARG001
    """This function will tell how pushing goes."""
    return world.webhook.payload()


def set_my_commands(world: TelegramWorld, params: Params) -> bool:
    """This function will set the menu of a scope and language."""
    world.menus.replace(_scope(world, params), _language(params), _menu(params))
    world.changes.note(ChangeKind.MENU)
    return True


def delete_my_commands(world: TelegramWorld, params: Params) -> bool:
    """This function will remove the menu of a scope and language."""
    world.menus.replace(_scope(world, params), _language(params), ())
    world.changes.note(ChangeKind.MENU)
    return True


def get_my_commands(world: TelegramWorld, params: Params) -> list[dict[str, str]]:
    """This function will return the menu of exactly this scope and language."""
    menu = world.menus.exactly(_scope(world, params), _language(params))
    return [command.payload() for command in menu]


def leave(world: TelegramWorld, params: Params) -> bool:  # noqa: ARG001
    """This function will agree that the bot moves to another server."""
    return True


def _profile_setter(field: ProfileText) -> Callable[[TelegramWorld, Params], bool]:
    def set_text(world: TelegramWorld, params: Params) -> bool:
        world.profile.set(field, _language(params), params.text(field.field) or "")
        return True

    return set_text


def _profile_getter(field: ProfileText) -> Callable[[TelegramWorld, Params], JsonObject]:
    def get_text(world: TelegramWorld, params: Params) -> JsonObject:
        return {field.field: world.profile.get(field, _language(params))}

    return get_text


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _prepare_updates(world: TelegramWorld, params: Params) -> None:
    world.updates.allow(params.names("allowed_updates"))
    if params.flag("drop_pending_updates"):
        world.updates.drop()


def _language(params: Params) -> str:
    language = params.text("language_code") or ""
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def _menu(params: Params) -> Menu:
    items = params.structure("commands")
    if not isinstance(items, list):
        raise bad_request("expected an Array of BotCommand")
    return tuple(_command(item) for item in items)


def _command(item: Any) -> Command:
    if not isinstance(item, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(item.get("command") or "").removeprefix("/")
    return Command(name=name, description=str(item.get("description") or ""))


def _scope(world: TelegramWorld, params: Params) -> Scope:
    raw = params.structure("scope")
    if raw is None:
        return DEFAULT_SCOPE
    if not isinstance(raw, dict) or raw.get("type") not in set(ScopeKind):
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    kind = ScopeKind(raw["type"])
    fields = Params(raw)
    narrow = {ScopeKind.CHAT, ScopeKind.CHAT_ADMINISTRATORS, ScopeKind.CHAT_MEMBER}
    chat_id = fields.integer("chat_id") if kind in narrow else None
    if kind in narrow and (chat_id is None or not world.conversation(chat_id).started):
        raise bad_request("chat not found")
    user_id = fields.integer("user_id") if kind is ScopeKind.CHAT_MEMBER else None
    return Scope(kind=kind, chat_id=chat_id, user_id=user_id)


SETTINGS: dict[str, Callable[[TelegramWorld, Params], Any]] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getMyCommands": get_my_commands,
    "setMyName": _profile_setter(ProfileText.NAME),
    "getMyName": _profile_getter(ProfileText.NAME),
    "setMyDescription": _profile_setter(ProfileText.DESCRIPTION),
    "getMyDescription": _profile_getter(ProfileText.DESCRIPTION),
    "setMyShortDescription": _profile_setter(ProfileText.SHORT_DESCRIPTION),
    "getMyShortDescription": _profile_getter(ProfileText.SHORT_DESCRIPTION),
    "logOut": leave,
    "close": leave,
}
