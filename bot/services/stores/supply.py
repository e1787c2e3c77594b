"""Relays and the orders to them, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.services.book import SupplyState
from bot.services.store import RelayOrder


class Supplies(Protocol):
    """Desired states and relay orders."""

    async def states(self, meter_ids: Collection[int]) -> Mapping[int, SupplyState]:
        """Return what is desired, by meter."""
        ...

    async def save(self, states: Sequence[SupplyState]) -> None:
        """Store desired states, new or changed."""
        ...

    async def to_decide_anew(self, at: datetime) -> Sequence[int]:
        """Return the leases whose power time alone may change: a hold that has run out, or a
        cut that protected hours, a holiday or grace put off."""
        ...

    async def drop_open(self, meter_id: int, *, error: str) -> None:
        """Make the open order of a meter obsolete. Rule 6.5."""
        ...

    async def order(self, new: RelayOrder) -> RelayOrder:
        """Store a new open order, whose id is ignored; the meter must have no open one."""
        ...

    async def open_order(self, meter_id: int) -> RelayOrder | None:
        """Return the open order of a meter."""
        ...

    async def standing(self, order_id: int) -> RelayOrder | None:
        """Return an order, or the last one of those that took it over."""
        ...

    async def threads_of(self, order: RelayOrder) -> Sequence[str]:
        """Return the threads that wait for an order: its own, and of those it took over."""
        ...

    async def get_order(self, order_id: int) -> RelayOrder | None:
        """Return one order."""
        ...

    async def lease_due(
        self, now: datetime, *, until: datetime, limit: int
    ) -> Sequence[RelayOrder]:
        """Take due open orders for this worker alone until an instant, restores first.

        Rule 6.4."""
        ...

    async def save_order(self, changed: RelayOrder) -> None:
        """Store how an open order fares; one that was closed meanwhile stays as it is."""
        ...

    async def still_dark(self, *, ordered_before: datetime) -> Sequence[RelayOrder]:
        """Return open orders to restore, given before an instant and not yet alerted of.

        Rule 6.5."""
        ...

    async def lock_waiting(self, device_ids: Collection[str]) -> None:
        """Let nobody else decide about the leases whose orders wait for devices before this unit
        is over."""
        ...

    async def wake(self, device_ids: Collection[str], *, at: datetime) -> None:
        """Make the waiting orders of devices that are back due at once. Rule 6.5."""
        ...
