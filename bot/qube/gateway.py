"""The vendor's meters as the use cases want them (spec: qube-contract)."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import date
from urllib.parse import quote

from bot.qube import payloads
from bot.qube.answers import Json, speaks_of_missing_support
from bot.qube.client import QubeClient, open_http
from bot.qube.limiter import BudgetedState, Limiter, MemoryBudgets, Rate
from bot.qube.ticker import SystemTicker
from bot.services.ports import (
    DayClose,
    DeviceDetails,
    DeviceMode,
    DeviceUnreachable,
    Lane,
    LiveMetrics,
    Refused,
    SpaceListing,
)
from bot.services.request_budget import RequestBudgets


@contextlib.asynccontextmanager
async def connect(
    *,
    api_key: str,
    base_url: str,
    requests_per_minute: int,
    budgets: RequestBudgets | None = None,
) -> AsyncIterator["QubeGateway"]:
    """This function will yield a gateway to the vendor and close its connections at the end.

    Whoever uses the same budgets shares the limit; without any it is this gateway's alone.
    Raises ApiKeyUnusable, and ValueError when no request a minute is allowed.
    """
    ticker = SystemTicker()
    rate = Rate.within(requests_per_minute)
    state = BudgetedState(rate, budgets or MemoryBudgets(ticker))
    limiter = Limiter(state=state, ticker=ticker, batch=rate.batch)
    async with open_http(api_key=api_key, base_url=base_url) as http:
        try:
            yield QubeGateway(QubeClient(http, limiter=limiter, ticker=ticker))
        finally:
            await limiter.aclose()


class QubeGateway:
    """Implements MeterGateway."""

    def __init__(self, client: QubeClient) -> None:
        self._client = client
        self._without_metrics: set[str] = set()

    async def spaces(self, *, lane: Lane) -> Sequence[SpaceListing]:
        """This function will list every space of the key in one request."""
        return payloads.spaces(await self._client.get("spaces/", lane=lane))

    async def device(self, device_id: str, *, lane: Lane) -> DeviceDetails:
        """This function will read one device in one request."""
        return payloads.device(await self._device_data(device_id, lane))

    async def metrics(self, device_id: str, *, lane: Lane) -> LiveMetrics:
        """This function will read what the device shows, in one request when all is well.

        A device that has no metrics (three-phase) is read off its own readings instead. Raises
        DeviceUnreachable when an undocumented refusal turns out to be a device that is offline.
        """
        if device_id in self._without_metrics:
            return await self._metrics_of_device(device_id, lane, _no_metrics())
        try:
            data = await self._client.get(_device_path(device_id, "metrics"), lane=lane)
        except Refused as refusal:
            return await self._metrics_of_device(device_id, lane, refusal)
        return payloads.live_metrics(data)

    async def day_closes(
        self, device_id: str, *, from_on: date, to_on: date, lane: Lane
    ) -> Sequence[DayClose]:
        """This function will read the closes of days; none for a three-phase device."""
        query = {
            "property_id": payloads.ENERGY,
            "from_date": from_on.isoformat(),
            "to_date": to_on.isoformat(),
            "interval": "1d",
        }
        path = _device_path(device_id, "metrics/history")
        try:
            data = await self._client.get(path, lane=lane, query=query)
        except Refused as refusal:
            if speaks_of_missing_support(refusal):
                return []
            raise
        return payloads.day_closes(data, from_on=from_on, to_on=to_on)

    async def switch(self, device_id: str, *, on: bool, lane: Lane) -> bool:
        """This function will command the relay once, after asking whether that makes sense.

        Raises DeviceUnreachable, Refused (`no_relay`), OutcomeUnknown.
        """
        device = await self._reachable(device_id, lane)
        if not device.has_relay:
            raise Refused(code="no_relay", detail=device_id)
        path = _device_path(device_id, "relay")
        return await self._client.put(path, {"state": on}, lane=lane) is True

    async def set_mode(self, device_id: str, mode: DeviceMode, *, lane: Lane) -> bool:
        """This function will set the mode once. Raises DeviceUnreachable, OutcomeUnknown."""
        if mode is DeviceMode.UNKNOWN:
            raise ValueError(mode)
        await self._reachable(device_id, lane)
        path = _device_path(device_id, "mode")
        return await self._client.put(path, {"mode": mode.value}, lane=lane) is True

    async def label_device(
        self, device_id: str, *, name: str, udfs: Sequence[str | None], lane: Lane
    ) -> None:
        """This function will write name and UDFs, the rest as it was read just before.

        UDFs beyond the given ones stay. Raises OutcomeUnknown, Refused (`not_changed`).
        """
        await self._label(_device_path(device_id), name, udfs, lane)

    async def label_space(
        self, space_id: int, *, name: str, udfs: Sequence[str | None], lane: Lane
    ) -> None:
        """This function will write name and UDFs, the rest as it was read just before.

        UDFs beyond the given ones stay. Raises OutcomeUnknown, Refused (`not_changed`).
        """
        await self._label(f"spaces/{space_id}/", name, udfs, lane)

    async def _device_data(self, device_id: str, lane: Lane) -> Json:
        return await self._client.get(_device_path(device_id), lane=lane)

    async def _reachable(self, device_id: str, lane: Lane) -> DeviceDetails:
        device = await self.device(device_id, lane=lane)
        if not device.is_online:
            raise DeviceUnreachable(code="not_online", detail=device_id)
        return device

    async def _metrics_of_device(self, device_id: str, lane: Lane, refusal: Refused) -> LiveMetrics:
        data = await self._device_data(device_id, lane)
        if not payloads.device(data).is_online:
            raise DeviceUnreachable(code=refusal.code, detail=refusal.detail) from refusal
        metrics = payloads.metrics_of_device(data)
        if metrics is None or not speaks_of_missing_support(refusal):
            raise refusal
        self._without_metrics.add(device_id)
        return metrics

    async def _label(self, path: str, name: str, udfs: Sequence[str | None], lane: Lane) -> None:
        if len(udfs) > len(payloads.UDFS):
            raise ValueError(udfs)
        body: dict[str, Json] = {**payloads.labels(await self._client.get(path, lane=lane))}
        body |= {"name": name, **dict(zip(payloads.UDFS, udfs, strict=False))}
        if await self._client.put(path, body, lane=lane) is False:
            raise Refused(code="not_changed", detail=path)


def _no_metrics() -> Refused:
    return Refused(code="not_supported", detail="neither metrics nor an energy reading")


def _device_path(device_id: str, action: str = "") -> str:
    """This function will return the exact path: a device ends in a slash, its actions do not."""
    return f"devices/{quote(device_id, safe='')}/{action}"
