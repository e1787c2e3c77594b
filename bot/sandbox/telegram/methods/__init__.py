"""The methods of the Bot API, by their names."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from bot.sandbox.telegram.methods.editing import EDITING
from bot.sandbox.telegram.methods.reading import READING
from bot.sandbox.telegram.methods.sending import SENDING
from bot.sandbox.telegram.methods.settings import SETTINGS
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.world import TelegramWorld

Method: TypeAlias = Callable[[TelegramWorld, Params], Any]

GET_UPDATES = "getUpdates"
METHODS: Mapping[str, Method] = {**SENDING, **EDITING, **READING, **SETTINGS}
METHOD_NAMES: Mapping[str, str] = {name.lower(): name for name in (*METHODS, GET_UPDATES)}
"""The proper name of a method by its name in small letters: the API takes any case."""
