"""Somebody who sees in photos what a test tells them."""

from dataclasses import dataclass, field
from decimal import Decimal

from bot.services.meter_photo import (
    Candidate,
    NotAPhoto,
    PhotoFlaw,
    PhotoProposal,
    PhotoRefused,
    ReaderTrouble,
)

A_PHOTO = b"\xff\xd8 a photo"
KEPT = b"\xff\xd8 kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the reader was asked."""

    photo: bytes
    previous: Decimal | None
    plausible: Decimal | None
    decimals: int


@dataclass(slots=True, kw_only=True)
class FakeReader:
    """A MeterReader that proposes what was put into `sees`, and writes down what it was asked."""

    sees: PhotoProposal = field(default_factory=PhotoProposal)
    refuses: PhotoRefused | None = None
    looks: list[Look] = field(default_factory=list)

    def show(self, *values: str) -> None:
        """Let photos show these numbers from now on, the likeliest first."""
        scores = (80, 12, 5)
        candidates = tuple(
            Candidate(value=Decimal(value), score_percent=score)
            for value, score in zip(values, scores, strict=False)
        )
        self.sees = PhotoProposal(candidates=candidates)

    def blind(self, why: PhotoFlaw | ReaderTrouble) -> None:
        """Let photos show no number from now on."""
        if isinstance(why, PhotoFlaw):
            self.sees = PhotoProposal(flaw=why)
        else:
            self.sees = PhotoProposal(trouble=why)

    async def propose(
        self,
        photo: bytes,
        *,
        previous: Decimal | None,
        plausible: Decimal | None,
        decimals: int,
    ) -> PhotoProposal:
        """Return what was put into `sees`."""
        look = Look(photo=photo, previous=previous, plausible=plausible, decimals=decimals)
        self.looks.append(look)
        return self.sees

    async def reencoded(self, photo: bytes) -> bytes:
        """Return what is kept of any picture that begins like one."""
        if self.refuses is not None:
            raise self.refuses
        if not photo.startswith((b"\xff\xd8", b"\x89PNG")):
            raise NotAPhoto
        return KEPT
