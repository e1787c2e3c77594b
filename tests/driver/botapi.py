"""The Bot API as a machine reads it: aiogram's models, applied without mercy."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.sandbox.telegram.params import Upload

_ATTACHED = "attach://"


def refusal_of(method: str, params: dict[str, Any]) -> str | None:
    """This function will say why a request does not fit the Bot API; None when it does.

    It is the `validate` hook of `TelegramWorld`.
    """
    model = _model(method)
    fields = model.model_fields
    values = {name: value for name, value in params.items() if name in fields}
    attached = set(_attachments(list(params.values())))
    strangers = [name for name in params if name not in fields and name not in attached]
    missing_files = [name for name in attached if name not in params]
    if strangers or missing_files:
        return f"{method}: unknown parameters {strangers}, missing files {missing_files}"
    document = {name: _typed(model, name, value) for name, value in values.items()}
    try:
        parsed = model.model_validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        return f"{method}: {error}"
    extra = list(_unknown_fields(parsed, method))
    return f"{method}: unknown fields {extra}" if extra else None


def unlike_the_api(method: str, result: Any) -> str | None:
    """This function will say how a result differs from what the method has to return."""
    adapter: TypeAdapter[Any] = TypeAdapter(_model(method).__returning__)
    try:
        parsed = adapter.validate_python(result)
    except ValidationError as error:
        return f"{method}: {error}"
    extra = list(_unknown_fields(parsed, method))
    if extra:
        return f"{method}: unknown fields {extra}"
    back = adapter.dump_python(parsed, mode="json", by_alias=True, exclude_unset=True)
    return None if back == result else f"{method}: {result} is understood as {back}"


def _model(method: str) -> type[TelegramMethod[Any]]:
    found: type[TelegramMethod[Any]] = getattr(aiogram.methods, method[0].upper() + method[1:])
    return found


def _typed(model: type[TelegramMethod[Any]], name: str, value: Any) -> Any:
    """A form has only strings: where the API wants anything else, they are JSON."""
    accepted = _alternatives(model.model_fields[name].annotation)
    if isinstance(value, Upload):
        return f"{_ATTACHED}{name}" if InputFile in accepted else {"upload": value.file_name}
    if not isinstance(value, str) or str in accepted:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _alternatives(annotation: Any) -> set[Any]:
    return {annotation, *get_args(annotation)}


def _attachments(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(_ATTACHED):
            yield value.removeprefix(_ATTACHED)
        elif _ATTACHED in value:
            yield from _attachments(json.loads(value))
    elif isinstance(value, list):
        for item in value:
            yield from _attachments(item)
    elif isinstance(value, dict):
        yield from _attachments(list(value.values()))


def _unknown_fields(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{path}.{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from _unknown_fields(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _unknown_fields(item, f"{path}[{index}]")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _unknown_fields(item, f"{path}.{name}")
