"""Every rule about meters has a sentence for who breaks it, in every language."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from bot.domain.meter import MeterField, MeterFlaw, MeterNotPossible, MeterSheet, ServiceKind
from bot.domain.meter_share import LeaseShare, NotShares, ShareIsNothing, SharesDoNotSum
from bot.domain.meter_tree import MeterAboveItself
from bot.domain.metering import MeterTerms, MeterType
from bot.services.meter_field import SheetField
from bot.services.meter_link import CountsForAll, CountsForOne, SharedByOne
from bot.services.meter_rule import (
    CountsOtherwise,
    FieldHasReadings,
    MeterCharges,
    MeterElsewhere,
    MeterInUse,
    MeterNameMissing,
    MeterNameTaken,
    NothingToChange,
    SerialNumberTaken,
    VendorNameTaken,
)
from bot.services.stores.meter_sheet import MeterTies
from bot.telegram.errors import sentence
from bot.telegram.staff.meter_options import MeterNotFound, RoomNotFound
from bot.telegram.staff.sheet_refusals import SHEET_SENTENCES
from bot.telegram.staff.typed_meter import NotAChoice
from tests.unit.telegram.facts import speaker

NAME = "Gas <B-2>"
GAS = MeterSheet(
    id=1,
    place_id=1,
    room_id=None,
    name=NAME,
    type=MeterType.GAS,
    unit="m³",
    service=ServiceKind.GAS,
    terms=MeterTerms(),
)
DAY = date(2026, 11, 12)
DATES = {MeterField.INSTALLED_ON, MeterField.LAST_INSPECTION_ON, MeterField.NEXT_INSPECTION_ON}
FLAWS = [MeterFlaw(field=field, limit=DAY if field in DATES else 3) for field in MeterField]
SHARE = LeaseShare(lease_id=1, room="Room #302", tenant="Asha")
BROKEN: Sequence[Exception] = [
    *(MeterNotPossible((flaw,)) for flaw in FLAWS),
    MeterAboveItself(meter_id=1, parent_id=2),
    MeterNameMissing(),
    MeterNameTaken(NAME),
    SerialNumberTaken("G-1"),
    SerialNumberTaken("G-1", meter=NAME, place="Lakeside"),
    VendorNameTaken("lakeside.302"),
    *(FieldHasReadings(field, meter=NAME) for field in (SheetField.TYPE, SheetField.UDF1)),
    CountsOtherwise(GAS),
    MeterElsewhere(),
    MeterCharges((SHARE, replace(SHARE, room="Shop"))),
    MeterInUse(NAME, MeterTies(readings=True)),
    MeterInUse(NAME, MeterTies(meters_below=True)),
    NothingToChange(),
    NotShares("half <each>", leases=3),
    SharesDoNotSum(Fraction(95, 100)),
    ShareIsNothing(),
    CountsForAll(),
    CountsForOne(),
    SharedByOne(),
    NotAChoice("gas"),
    RoomNotFound("<999>"),
    MeterNotFound("<none>"),
]


def test_every_rule_is_broken_here() -> None:
    assert {type(each) for each in BROKEN} == set(SHEET_SENTENCES)


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("error", BROKEN, ids=lambda each: f"{type(each).__name__}-{each.args}")
def test_a_broken_rule_is_said_with_what_to_do_instead(error: Exception, language: str) -> None:
    said = sentence(error, speaker(language))
    plain = sentence(error, speaker(language).plain)

    assert "<B-2>" not in said
    assert "<each>" not in said
    assert "{" not in said
    assert 20 < len(plain) <= 200
    if language == "hi":
        assert said != sentence(error, speaker("en"))
