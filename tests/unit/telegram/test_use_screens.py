"""What a place used, and what got lost, on a card."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.meter import MeterSheet
from bot.domain.meter_tree import residual
from bot.domain.metering import MeterTerms, MeterType
from bot.domain.place import Place
from bot.domain.service_kind import Medium, ServiceKind
from bot.i18n import Catalogues
from bot.services.use_record import MediumUse, MeterUse, UnknownMeter, UseReport
from bot.telegram.screens.uses import losses_screen, use_screen

D = Decimal
ZONE = ZoneInfo("Asia/Kolkata")
PLACE = Place(id=1, name="Lakeside", zone=ZONE, currency="INR", space_id=7)
SHEET = MeterSheet(
    id=1,
    place_id=1,
    room_id=None,
    name="Main meter",
    type=MeterType.ELECTRICITY,
    unit="kWh",
    service=ServiceKind.ELECTRICITY,
    terms=MeterTerms(),
)
SPEAKER = Catalogues().speaker("en", ZONE)
NOVEMBER = UseReport(
    place=PLACE,
    month_on=date(2026, 11, 1),
    to_on=date(2026, 11, 30),
    is_over=True,
    meters=(),
    media=(),
    unknown=(),
)


def main_meter(main: str, subs: str) -> MeterUse:
    left = residual(D(main), [D(subs)])
    return MeterUse(
        sheet=SHEET, room=None, counted=D(main), before=D(0), is_main=True, residual=left
    )


def test_a_loss_above_the_limit_has_a_sign_and_its_arithmetic() -> None:
    mains = (main_meter("4300", "3400.25"), main_meter("100", "99"), main_meter("100", "110"))
    said = losses_screen(replace(NOVEMBER, meters=mains), SPEAKER).html
    assert "<b>Main meter</b> · ⚠️ 20.9% lost\n4,300.0 − 3,400.25 = 899.75 kWh" in said
    assert "<b>Main meter</b> · 1% lost\n100.0 − 99.0 = 1.0 kWh" in said
    assert "100.0 − 110.0 = −10.0 kWh\n⚠️ The sub-meters counted more than it did." in said
    assert "more than 15%" in said


def test_a_loss_that_is_not_known_is_no_figure() -> None:
    unknown = replace(main_meter("4300", "0"), residual=None)
    said = losses_screen(replace(NOVEMBER, meters=(unknown,)), SPEAKER).html
    assert "A sub-meter is not known." in said
    assert "% lost" not in said


def test_a_main_meter_without_readings_is_named_instead_of_how_meters_are_hung() -> None:
    missing = (UnknownMeter(name="Main meter", is_main=True),)
    said = losses_screen(replace(NOVEMBER, unknown=missing), SPEAKER).html
    assert said.endswith("\n\n⚠️ Readings are missing, not counted: Main meter")
    assert "hangs below" not in said
    assert "hangs below" in losses_screen(NOVEMBER, SPEAKER).html


def test_use_is_told_with_whose_it_was_and_against_the_month_before() -> None:
    use = MediumUse(
        medium=Medium(service=ServiceKind.ELECTRICITY, unit="kWh"),
        counted=D("2837.1"),
        before=D(2094),
        charged=D("2377.3"),
        empty=D("293.7"),
        included=D(0),
    )
    said = use_screen(replace(NOVEMBER, media=(use,)), SPEAKER).html
    assert said.splitlines()[3:] == [
        "<b>Electricity 2,837.1 kWh</b>",
        "35% more than in October: 2,094.0 kWh",
        "charged 2,377.3 kWh · empty rooms 293.7 kWh",
        "charged to nobody yet 166.1 kWh",
    ]


def test_a_month_that_begins_says_so() -> None:
    begins = replace(NOVEMBER, to_on=date(2026, 10, 31), is_over=False)
    assert "November 2026 begins today." in use_screen(begins, SPEAKER).html
