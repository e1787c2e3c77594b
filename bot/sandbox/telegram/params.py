"""Parameters of a request: query, JSON body, form or multipart, read as the Bot API reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.sandbox.telegram.files import MAX_UPLOAD_BYTES
from bot.sandbox.telegram.refusals import Refusal, bad_request

_OVERHEAD_BYTES = 1024 * 1024
_MAX_FIELD_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that travels inside a request."""

    file_name: str
    mime: str
    data: bytes


class Params:
    """The values of a request by name; those of a form are still strings."""

    def __init__(
        self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None
    ) -> None:
        self.values = values
        self.uploads = uploads or {}

    def text(self, name: str) -> str | None:
        """This function will return a string; None when it is absent or empty."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str) -> int | None:
        """This function will return a whole number, None when absent; raises Refusal."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise bad_request(f'parameter "{name}" must be of type Integer') from error

    def flag(self, name: str) -> bool:
        """This function will return whether a switch is on."""
        return str(self.values.get(name, "")).lower() in {"true", "1", "yes"}

    def structure(self, name: str) -> Any:
        """This function will return an object or array, None when absent; raises Refusal."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error

    def names(self, name: str) -> list[str] | None:
        """This function will return a list of strings, None when absent; raises Refusal."""
        value = self.structure(name)
        if value is not None and not (isinstance(value, list) and all_are(value, str)):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected an Array of String")
        return value

    def numbers(self, name: str) -> list[int]:
        """This function will return a list of whole numbers; raises Refusal."""
        value = self.structure(name)
        if not (isinstance(value, list) and all_are(value, int)):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected an Array of Integer")
        return value

    def for_validation(self) -> dict[str, Any]:
        """This function will return the values with uploads in their place."""
        return dict(self.values) | dict(self.uploads)

    def summary(self) -> dict[str, Any]:
        """This function will return the values with a note in place of each upload."""
        notes = {
            name: f"<{upload.file_name}, {upload.mime}, {len(upload.data)} bytes>"
            for name, upload in self.uploads.items()
        }
        return dict(self.values) | notes


def all_are(values: list[Any], kind: type) -> bool:
    """This function will tell whether every value is of a kind."""
    return all(isinstance(value, kind) for value in values)


async def read_params(request: Request) -> Params:
    """This function will read a request's parameters; raises Refusal (400, 413)."""
    if int(request.headers.get("content-length") or 0) > MAX_UPLOAD_BYTES + _OVERHEAD_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    values: dict[str, Any] = dict(request.query_params)
    if request.method == "GET":
        return Params(values)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Params(values | await _json_body(request))
    if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return await _form_body(request, values)
    return Params(values)


async def _json_body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise bad_request("can't parse request JSON object") from error
    if not isinstance(body, dict):
        raise bad_request("request must be a JSON object")
    return body


async def _form_body(request: Request, values: dict[str, Any]) -> Params:
    uploads: dict[str, Upload] = {}
    try:
        async with request.form(max_part_size=_MAX_FIELD_BYTES) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    uploads[name] = await received(value)
                else:
                    values[name] = value
    except HTTPException as error:
        raise bad_request("can't parse the form") from error
    return Params(values, uploads)


async def received(upload: UploadFile) -> Upload:
    """This function will read an uploaded file; raises Refusal when it is above 50 MB."""
    data = await upload.read()
    if len(data) > MAX_UPLOAD_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    return Upload(
        file_name=upload.filename or "file",
        mime=upload.content_type or "application/octet-stream",
        data=data,
    )
