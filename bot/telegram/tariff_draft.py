"""What has been said so far of a price to come, or of rooms that are to have a tariff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from bot.domain.service_kind import ELECTRIC, Medium, ServiceKind
from bot.domain.tariff import TariffVersion
from bot.services.tariff_terms import terms_facts, version_from


def _media(service: ServiceKind, **units: str) -> dict[str, Medium]:
    return {code: Medium(service=service, unit=unit) for code, unit in units.items()}


MEDIA: Mapping[str, Medium] = {
    "ek": ELECTRIC,
    **_media(ServiceKind.GENERATOR, nk="kWh"),
    **_media(ServiceKind.GAS, gm="m³", gk="kWh"),
    **_media(ServiceKind.WATER, wm="m³", wl="L"),
    **_media(ServiceKind.HOT_WATER, om="m³", ol="L"),
    **_media(ServiceKind.HEATING, hk="kWh", hc="kcal", hb="BTU"),
    **_media(ServiceKind.COOLING, ck="kWh", cc="kcal", cb="BTU"),
}
"""What a tariff can be for, by the codes that stand for it in buttons."""


class Step(Enum):
    """What is asked; the values are in buttons and never change meaning."""

    MEDIUM = "m"
    NAME = "n"
    DAY = "d"
    PRICE = "p"
    STANDING = "s"
    TAXES = "t"
    CONFIRM = "c"

    @property
    def dialog(self) -> str:
        """The step of the dialog in which it is asked."""
        return f"tariff.{self.name.lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDraft:
    """A price as far as it is known; a `tariff_id` of None is a tariff to be made.

    `seen` are the versions that the tariff had when it was begun. `asks_medium`: there are
    several media here that a new one could be for.
    """

    id: str
    place_id: int
    tariff_id: int | None = None
    name: str | None = None
    version: TariffVersion | None = None
    seen: tuple[int, ...] = ()
    medium: Medium = ELECTRIC
    asks_medium: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is asked, in order."""
        medium = (Step.MEDIUM,) if self.asks_medium else ()
        first = (*medium, Step.NAME) if self.tariff_id is None else (Step.DAY,)
        return *first, Step.PRICE, Step.STANDING, Step.TAXES, Step.CONFIRM

    def after(self, step: Step) -> Step:
        """Return what is asked next."""
        return self.steps[self.steps.index(step) + 1]

    def before(self, step: Step) -> Step | None:
        """Return what was asked before, None at the first step."""
        index = self.steps.index(step)
        return self.steps[index - 1] if index else None

    def facts(self) -> dict[str, object]:
        """Return the draft as a dialog keeps it."""
        version = self.version
        return {
            "draft": self.id,
            "place_id": self.place_id,
            "tariff_id": self.tariff_id,
            "name": self.name,
            "from_on": None if version is None else version.from_on.isoformat(),
            "terms": None if version is None else terms_facts(version),
            "seen": list(self.seen),
            "service": self.medium.service.value,
            "unit": self.medium.unit,
            "asks_medium": self.asks_medium,
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "PriceDraft":
        """Return the draft that a dialog keeps."""
        version = None
        if facts["terms"] is not None:
            from_on = date.fromisoformat(facts["from_on"])
            version = version_from(facts["terms"], version_id=0, from_on=from_on)
        return cls(
            id=facts["draft"],
            place_id=facts["place_id"],
            tariff_id=facts["tariff_id"],
            name=facts["name"],
            version=version,
            seen=tuple(facts["seen"]),
            medium=_medium(facts),
            asks_medium=bool(facts.get("asks_medium")),
        )


def _medium(facts: Mapping[str, Any]) -> Medium:
    """What was begun before there were media is electric."""
    if "service" not in facts:
        return ELECTRIC
    return Medium(service=ServiceKind(facts["service"]), unit=facts["unit"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsDraft:
    """Rooms that are to have a tariff; begun at one of them when `is_of_room`."""

    id: str
    tariff_id: int
    lease_ids: tuple[int, ...] = ()
    number: int = 0
    is_of_room: bool = False
    from_on: date | None = None

    def facts(self) -> dict[str, object]:
        """Return the draft as a dialog keeps it."""
        return {
            "draft": self.id,
            "tariff_id": self.tariff_id,
            "lease_ids": list(self.lease_ids),
            "number": self.number,
            "is_of_room": self.is_of_room,
            "from_on": None if self.from_on is None else self.from_on.isoformat(),
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "RoomsDraft":
        """Return the draft that a dialog keeps."""
        from_on = facts["from_on"]
        return cls(
            id=facts["draft"],
            tariff_id=facts["tariff_id"],
            lease_ids=tuple(facts["lease_ids"]),
            number=facts["number"],
            is_of_room=facts["is_of_room"],
            from_on=None if from_on is None else date.fromisoformat(from_on),
        )
