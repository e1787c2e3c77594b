"""For which leases a meter is to count, as far as it was said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CHOOSING = "meter.link"
SHARING = "meter.share"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDraft:
    """Leases that are to have a meter, in the order in which they were named; `shares_ppm` are
    theirs, once they were said."""

    id: str
    meter_id: int
    lease_ids: tuple[int, ...] = ()
    shares_ppm: tuple[int, ...] = ()
    number: int = 0

    @property
    def shares(self) -> Mapping[int, int | None]:
        """The share of each lease; None where nothing is to be shared."""
        if not self.shares_ppm:
            return dict.fromkeys(self.lease_ids)
        return dict(zip(self.lease_ids, self.shares_ppm, strict=True))

    def facts(self) -> dict[str, object]:
        """Return the draft as a dialog keeps it."""
        return {
            "draft": self.id,
            "meter_id": self.meter_id,
            "lease_ids": list(self.lease_ids),
            "shares_ppm": list(self.shares_ppm),
            "number": self.number,
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "LinkDraft":
        """Return the draft that a dialog keeps."""
        return cls(
            id=facts["draft"],
            meter_id=facts["meter_id"],
            lease_ids=tuple(facts["lease_ids"]),
            shares_ppm=tuple(facts["shares_ppm"]),
            number=facts["number"],
        )
