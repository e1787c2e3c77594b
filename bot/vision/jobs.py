"""What goes to the worker process and comes back: plain values, light to load."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Read the counter in a photo."""

    photo: bytes
    previous: Decimal | None
    plausible: Decimal | None
    decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Make the copy of a photo that is kept."""

    photo: bytes


PhotoJob = Read | Keep


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLarge:
    """The answer to a photo beyond a limit, in bytes or pixels."""

    size: int
    limit: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The answer to bytes that are no photo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The answer of an installation without the tools, or where they cannot be loaded."""

    name: str
