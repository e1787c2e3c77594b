"""What the use cases need of photos: numbers that a meter may show, and a copy fit to be kept."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Protocol


class PhotoFlaw(Enum):
    """What a person should do better when no number could be read."""

    TOO_DARK = "too_dark"
    CUT_OFF = "cut_off"
    TURNED = "turned"
    BLURRED = "blurred"
    NO_NUMBER = "no_number"


class ReaderTrouble(Enum):
    """Why a photo was not even looked at; the person types the number instead."""

    NOT_INSTALLED = "not_installed"
    BUSY = "busy"
    TOO_SLOW = "too_slow"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A value in the meter's unit that the photo may show, and how sure that is."""

    value: Decimal
    score_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoProposal:
    """What came of a photo: at most three candidates, best first, or why there are none.

    The best one deserves to be proposed. It may be more than is plausible, where that is what was
    read clearly; the others then are what else it could be. None at all comes with either a flaw
    of the photo or a trouble of the reader.
    """

    candidates: tuple[Candidate, ...] = ()
    flaw: PhotoFlaw | None = None
    trouble: ReaderTrouble | None = None


class PhotoRefused(Exception):
    """These bytes are not a photo that can be handled."""


class PhotoTooLarge(PhotoRefused):
    """The file or the picture in it is larger than we are ready to open."""

    def __init__(self, *, size: int, limit: int, unit: str) -> None:
        super().__init__(size, limit, unit)
        self.size = size
        self.limit = limit
        self.unit = unit


class NotAPhoto(PhotoRefused):
    """The bytes are no JPEG, PNG, WebP or HEIC, or are broken."""


class PhotoToolsMissing(PhotoRefused):
    """This installation cannot open photos now: its tools are missing, busy or broke down."""

    def __init__(self, *, trouble: ReaderTrouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class MeterReader(Protocol):
    """Somebody who looks at photos of meters."""

    async def propose(
        self,
        photo: bytes,
        *,
        previous: Decimal | None,
        plausible: Decimal | None,
        decimals: int,
    ) -> PhotoProposal:
        """Return what the counter in the photo may show, in the meter's unit.

        `previous` is the last value known and `plausible` how much may have been added since;
        without both any number goes, and far fewer are right. `decimals` is how many the counter
        has. Raises NotAPhoto or PhotoTooLarge; every trouble of our own is told in the proposal.
        """
        ...

    async def reencoded(self, photo: bytes) -> bytes:
        """Return the photo as a JPEG to keep: upright, of modest size, nothing told beside it.

        Raises PhotoRefused: NotAPhoto, PhotoTooLarge, or PhotoToolsMissing.
        """
        ...
