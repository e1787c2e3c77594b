"""What a list of meters is narrowed to, as buttons carry it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from bot.domain.meter import BillingType, MeterStatus, ServiceKind
from bot.domain.metering import MeterType
from bot.services.meters import MeterFilters

NOTHING = "-"
"""Stands in a button for all places, or for no filter."""

_WORD = re.compile(r"((?:[tvsbm][A-Za-z01])*)(?:r([0-9]{1,18}))?")
_YES_NO = {"1": True, "0": False}


class Facet(Enum):
    """By what a list is narrowed; the values are in buttons and never change meaning."""

    TYPE = "t"
    SERVICE = "v"
    STATUS = "s"
    BILLING = "b"
    MAIN = "m"
    ROOM = "r"


CODES: Mapping[Facet, Mapping[str, object]] = {
    Facet.TYPE: {
        "E": MeterType.ELECTRICITY,
        "G": MeterType.GAS,
        "C": MeterType.WATER_COLD,
        "H": MeterType.WATER_HOT,
        "T": MeterType.HEATING,
        "K": MeterType.COOLING,
    },
    Facet.SERVICE: {
        "e": ServiceKind.ELECTRICITY,
        "n": ServiceKind.GENERATOR,
        "g": ServiceKind.GAS,
        "w": ServiceKind.WATER,
        "o": ServiceKind.HOT_WATER,
        "h": ServiceKind.HEATING,
        "c": ServiceKind.COOLING,
    },
    Facet.STATUS: {
        "A": MeterStatus.ACTIVE,
        "I": MeterStatus.INACTIVE,
        "F": MeterStatus.FAULTY,
        "R": MeterStatus.RETIRED,
    },
    Facet.BILLING: {
        "I": BillingType.INDIVIDUAL,
        "C": BillingType.COLLECTIVE,
        "S": BillingType.SHARED,
        "N": BillingType.INCLUDED,
    },
    Facet.MAIN: _YES_NO,
}
_ATTRIBUTES = {
    Facet.TYPE: "type",
    Facet.SERVICE: "service",
    Facet.STATUS: "status",
    Facet.BILLING: "billing_type",
    Facet.MAIN: "is_main",
    Facet.ROOM: "room_id",
}


class NotAFilter(ValueError):
    """A button carries something that narrows no list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The meter after which, or before which, a page of the list is."""

    after_id: int | None = None
    before_id: int | None = None


def chosen(filters: MeterFilters, facet: Facet) -> object:
    """Return what a list is narrowed to, None when that is open."""
    return getattr(filters, _ATTRIBUTES[facet])


def narrowed(filters: MeterFilters, facet: Facet, value: object) -> MeterFilters:
    """Return the filters with another choice; None opens it again."""
    return replace(filters, **{_ATTRIBUTES[facet]: value})  # type: ignore[arg-type]


def words_of(filters: MeterFilters) -> tuple[str, str]:
    """Return the place and the filters as two arguments of a button."""
    said = "".join(
        f"{facet.value}{code}"
        for facet, codes in CODES.items()
        for code, value in codes.items()
        if value == chosen(filters, facet)
    )
    if filters.room_id is not None:
        said += f"r{filters.room_id}"
    place = NOTHING if filters.place_id is None else str(filters.place_id)
    return place, said or NOTHING


def filters_from(place: str, said: str) -> MeterFilters:
    """Return the filters that two arguments of a button carry. Raises NotAFilter."""
    found = _WORD.fullmatch("" if said == NOTHING else said)
    if found is None or not (place == NOTHING or place.isdecimal()):
        raise NotAFilter(place, said)
    filters = MeterFilters(
        place_id=None if place == NOTHING else int(place),
        room_id=None if found[2] is None else int(found[2]),
    )
    pairs = found[1]
    for letter, code in zip(pairs[::2], pairs[1::2], strict=True):
        facet = Facet(letter)
        if code not in CODES[facet]:
            raise NotAFilter(place, said)
        filters = narrowed(filters, facet, CODES[facet][code])
    return filters
