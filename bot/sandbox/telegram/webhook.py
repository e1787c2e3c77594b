"""Pushing updates to the address that the bot gave with setWebhook."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from bot.sandbox.telegram.updates import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_TIMEOUT_S = 30
_LONGEST_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTarget:
    url: str
    secret_token: str | None = None
    max_connections: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookFailure:
    at: datetime
    reason: str


class Webhook:
    """Pushes one update after the other, each until it is accepted, with growing pauses."""

    def __init__(
        self, updates: UpdateQueue, clock: Callable[[], datetime], *, first_pause_s: float = 0.05
    ) -> None:
        self.target: WebhookTarget | None = None
        self.failure: WebhookFailure | None = None
        self._updates = updates
        self._clock = clock
        self._first_pause_s = first_pause_s
        self._task: asyncio.Task[None] | None = None

    def set(self, target: WebhookTarget) -> None:
        """This function will push to a new address from now on; needs a running loop."""
        self.clear()
        self.target = target
        self._task = asyncio.create_task(self._push_all(target), name="sandbox webhook")

    def clear(self) -> None:
        """This function will stop pushing."""
        self.target = None
        self.failure = None
        if self._task is not None:
            self._task.cancel()

    async def aclose(self) -> None:
        """This function will stop pushing and wait until it has stopped."""
        self.clear()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task

    def payload(self) -> dict[str, Any]:
        """This function will return a WebhookInfo."""
        info: dict[str, Any] = {
            "url": self.target.url if self.target else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self.target:
            info["max_connections"] = self.target.max_connections
        if self.failure:
            info["last_error_date"] = int(self.failure.at.timestamp())
            info["last_error_message"] = self.failure.reason
        if self._updates.allowed is not None:
            info["allowed_updates"] = sorted(self._updates.allowed)
        return info

    async def _push_all(self, target: WebhookTarget) -> None:
        headers = {SECRET_HEADER: target.secret_token} if target.secret_token else {}
        pause_s = self._first_pause_s
        async with httpx.AsyncClient(headers=headers, timeout=_TIMEOUT_S, trust_env=False) as http:
            while True:
                update = await self._updates.first()
                reason = await _push(http, target.url, update.payload())
                if reason is None:
                    self._updates.pushed(update)
                    pause_s = self._first_pause_s
                else:
                    self.failure = WebhookFailure(at=self._clock(), reason=reason)
                    await asyncio.sleep(pause_s)
                    pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


async def _push(http: httpx.AsyncClient, url: str, payload: dict[str, Any]) -> str | None:
    """The reason why the update was not accepted, if it was not."""
    try:
        response = await http.post(url, json=payload)
    except httpx.HTTPError as error:
        return f"Connection failed: {type(error).__name__}"
    if response.is_success:
        return None
    return f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
