"""A shared part on a bill says the whole, the key, and how much of it is the tenant's."""

from zoneinfo import ZoneInfo

from bot.i18n import Catalogues
from bot.i18n.bill_lines import arithmetic, line_name, line_note
from tests.integration.render.papers import energy

SPEAKER = Catalogues().speaker("en", ZoneInfo("Asia/Kolkata")).plain
HINDI = Catalogues().speaker("hi", ZoneInfo("Asia/Kolkata"))
SHARE = {
    "meter": "Stairs",
    "residual": False,
    "key": "equal",
    "from_on": "2026-10-01",
    "to_on": "2026-10-31",
    "days": 31,
    "unit": "kWh",
    "whole_quantity": "100",
    "whole_paise": 65_000,
    "measure": "1",
    "weight": "31",
    "weights": "62",
}


def test_a_shared_line_tells_the_whole_and_the_key() -> None:
    line = energy("50", 32_500, share=SHARE, meter="Stairs")
    assert line_name(line, SPEAKER) == "Shared: Electricity"
    assert line_note(line, "INR", SPEAKER) == (
        "Stairs, October · Whole: 100.0 kWh, ₹650.00"
        " · Split equally by days: 31 of all rooms’ 62 days · Tariff “Lakeside 2026”"
    )
    assert arithmetic(line, "INR", SPEAKER) == "50.0 kWh"


def test_a_line_of_the_rooms_own_meter_is_a_product() -> None:
    line = energy("339.5", 220_675)
    assert arithmetic(line, "INR", SPEAKER) == "339.5 kWh × ₹6.50"
    assert line_note(line, "INR", SPEAKER, names_meter=False) == "Tariff “Lakeside 2026”"


def test_a_reason_of_a_button_reads_in_the_language_of_the_bill() -> None:
    line = {"kind": "adjustment", "reason": "Misread"}
    assert line_name(line, HINDI) == "गलत पढ़ा गया"
    assert line_name(line, SPEAKER) == "Misread"


def test_a_reason_that_was_typed_stays_as_it_is() -> None:
    for typed in ("Wrong by {n} & more", ""):
        assert HINDI.reason(typed) == typed
