"""Buttons: below a message (inline) and in place of the typing keyboard (reply)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.sandbox.telegram.entities import LINK_SCHEMES
from bot.sandbox.telegram.refusals import Refusal, bad_request

_T = TypeVar("_T")
_MAX_DATA_BYTES = 64
_MAX_COPY_CHARACTERS = 256
_MAX_INLINE_BUTTONS = 100
_STYLES = frozenset({"danger", "success", "primary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An inline button: what it says, and exactly one thing that it does."""

    text: str
    callback_data: str | None = None
    url: str | None = None
    copy_text: str | None = None
    web_app_url: str | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    style: str | None = None

    def payload(self) -> dict[str, Any]:
        """This function will return the button as the Bot API writes it."""
        fields = {
            "text": self.text,
            "callback_data": self.callback_data,
            "url": self.url,
            "copy_text": None if self.copy_text is None else {"text": self.copy_text},
            "web_app": None if self.web_app_url is None else {"url": self.web_app_url},
            "switch_inline_query": self.switch_inline_query,
            "switch_inline_query_current_chat": self.switch_inline_query_current_chat,
            "style": self.style,
        }
        return {name: value for name, value in fields.items() if value is not None}


InlineRows = tuple[tuple[Button, ...], ...]


class ReplyAction(StrEnum):
    SAY = "say"
    SHARE_CONTACT = "share_contact"
    SHARE_LOCATION = "share_location"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyButton:
    text: str
    action: ReplyAction = ReplyAction.SAY


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyKeyboard:
    """What the person sees instead of letters; no rows means that it was taken away."""

    rows: tuple[tuple[ReplyButton, ...], ...] = ()
    one_time: bool = False
    placeholder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """The reply_markup of a request."""

    inline: InlineRows = ()
    reply: ReplyKeyboard | None = None


def parse_markup(raw: Any) -> Markup:
    """This function will read a reply_markup; raises Refusal for what Telegram refuses."""
    if raw in (None, ""):
        return Markup()
    value = _decoded(raw)
    if "inline_keyboard" in value:
        return Markup(inline=_inline(value["inline_keyboard"]))
    if "keyboard" in value:
        return Markup(reply=_reply(value))
    if value.get("remove_keyboard") is True or value.get("force_reply") is True:
        return Markup(reply=ReplyKeyboard(placeholder=value.get("input_field_placeholder")))
    if not value:
        return Markup()
    raise bad_request("object expected as reply markup")


def inline_payload(rows: InlineRows) -> dict[str, Any]:
    """This function will return an InlineKeyboardMarkup."""
    return {"inline_keyboard": [[button.payload() for button in row] for row in rows]}


def _decoded(raw: Any) -> dict[str, Any]:
    try:
        value = json.loads(raw) if isinstance(raw, str) else raw
    except ValueError as error:
        raise bad_request("can't parse reply keyboard markup JSON object") from error
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    return value


def _inline(raw: Any) -> InlineRows:
    rows = _grid(raw, "inline_keyboard", _inline_button)
    if sum(len(row) for row in rows) > _MAX_INLINE_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _grid(raw: Any, field: str, build: Callable[[Any], _T]) -> tuple[tuple[_T, ...], ...]:
    if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
        raise bad_request(f'field "{field}" must be an Array of Arrays')
    rows = tuple(tuple(build(item) for item in row) for row in raw)
    return tuple(row for row in rows if row)


def _inline_button(raw: Any) -> Button:
    if not isinstance(raw, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    button = Button(
        text=_string(raw, "text") or "",
        callback_data=_string(raw, "callback_data"),
        url=_string(raw, "url"),
        copy_text=_nested(raw, "copy_text", "text"),
        web_app_url=_nested(raw, "web_app", "url"),
        switch_inline_query=_string(raw, "switch_inline_query"),
        switch_inline_query_current_chat=_string(raw, "switch_inline_query_current_chat"),
        style=_string(raw, "style"),
    )
    if not button.text:
        raise _unreadable('Field "text" must be of type String')
    _check_action(button)
    return button


def _check_action(button: Button) -> None:
    if len(button.payload()) - (button.style is not None) < 2:
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if button.style is not None and button.style not in _STYLES:
        raise _unreadable("Invalid button style specified")
    data = button.callback_data
    if data is not None and not 1 <= len(data.encode()) <= _MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    copied = button.copy_text
    if copied is not None and not 1 <= len(copied) <= _MAX_COPY_CHARACTERS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if button.url is not None:
        _check_url(button.url)
    if button.web_app_url is not None and not button.web_app_url.startswith("https://"):
        raise bad_request("BUTTON_URL_INVALID")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise bad_request("BUTTON_URL_INVALID") from error
    if parts.scheme and parts.scheme not in LINK_SCHEMES:
        problem = "is invalid: Unsupported URL protocol"
        raise bad_request(f"inline keyboard button URL '{url}' {problem}")
    addressed = parts.scheme in {"tg", "ton"} or "." in (parts.hostname or "")
    if not parts.scheme or not addressed or any(letter.isspace() for letter in url):
        raise bad_request("BUTTON_URL_INVALID")


def _reply(raw: dict[str, Any]) -> ReplyKeyboard:
    rows = _grid(raw["keyboard"], "keyboard", _reply_button)
    return ReplyKeyboard(
        rows=rows,
        one_time=raw.get("one_time_keyboard") is True,
        placeholder=_string(raw, "input_field_placeholder"),
    )


def _reply_button(raw: Any) -> ReplyButton:
    if isinstance(raw, str):
        return ReplyButton(text=raw)
    if not isinstance(raw, dict):
        raise bad_request(
            "can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    action = ReplyAction.SAY
    if raw.get("request_contact") is True:
        action = ReplyAction.SHARE_CONTACT
    elif raw.get("request_location") is True:
        action = ReplyAction.SHARE_LOCATION
    return ReplyButton(text=_string(raw, "text") or "", action=action)


def _string(raw: dict[str, Any], field: str) -> str | None:
    value = raw.get(field)
    if value is not None and not isinstance(value, str):
        raise _unreadable(f'Field "{field}" must be of type String')
    return value


def _nested(raw: dict[str, Any], field: str, inner: str) -> str | None:
    value = raw.get(field)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise _unreadable(f'Field "{field}" must be of type Object')
    return _string(value, inner) or ""


def _unreadable(reason: str) -> Refusal:
    return bad_request(f"can't parse inline keyboard button: {reason}")
