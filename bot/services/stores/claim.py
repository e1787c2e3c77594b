"""What tenants say of payments, as the use cases see it. Rule 9.2."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.domain.claim import PaymentClaim, PaymentPromise
from bot.domain.ledger import PaymentMethod


class Claims(Protocol):
    """Payments that tenants say they have made."""

    async def add(self, new: PaymentClaim) -> PaymentClaim | None:
        """Store a claim, whose id is ignored; None when another one waits with its reference."""
        ...

    async def get(self, claim_id: int) -> PaymentClaim | None:
        """Return one claim."""
        ...

    async def by_reference(self, method: PaymentMethod, reference: str) -> PaymentClaim | None:
        """Return the claim that waits with a reference."""
        ...

    async def waiting(
        self, place_ids: frozenset[int] | None, *, limit: int
    ) -> Sequence[PaymentClaim]:
        """Return the claims at these places (None: everywhere) that wait, oldest first."""
        ...

    async def waiting_of(self, lease_id: int) -> Sequence[PaymentClaim]:
        """Return the claims of a lease that wait, oldest first."""
        ...

    async def decide(self, decided: PaymentClaim) -> bool:
        """Store what was decided of a claim that waits; return False when it waits no longer."""
        ...


class Promises(Protocol):
    """Days on which tenants say that they will pay."""

    async def add(self, new: PaymentPromise) -> PaymentPromise:
        """Store a promise, whose id is ignored; one of the lease that waits gives way to it."""
        ...

    async def get(self, promise_id: int) -> PaymentPromise | None:
        """Return one promise."""
        ...

    async def waiting(
        self, place_ids: frozenset[int] | None, *, limit: int
    ) -> Sequence[PaymentPromise]:
        """Return the promises at these places (None: everywhere) that wait, oldest first."""
        ...

    async def standing(self, lease_id: int) -> PaymentPromise | None:
        """Return the promise of a lease that waits or was accepted and is not over."""
        ...

    async def accepted_until(self, before_on: date) -> Sequence[PaymentPromise]:
        """Return the accepted promises to pay before a day, oldest first."""
        ...

    async def decide(self, decided: PaymentPromise, *, was: PaymentPromise) -> bool:
        """Store what became of a promise; return False when it is not as it was."""
        ...

    async def outlive(self, promise: PaymentPromise) -> None:
        """Let earlier promises of a lease that were accepted give way to one."""
        ...
