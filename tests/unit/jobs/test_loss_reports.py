"""What runs of the job that looks for losses are said to have found."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.allocation import Span
from bot.domain.meter import MeterSheet
from bot.domain.meter_tree import residual
from bot.domain.metering import MeterTerms, MeterType
from bot.domain.place import Place
from bot.domain.service_kind import ServiceKind
from bot.i18n import Catalogues
from bot.jobs import loss_reports
from bot.services.loss import LossReport, MonthLeft

KOLKATA = ZoneInfo("Asia/Kolkata")
SPEAKER = Catalogues().speaker("en", KOLKATA).plain
LAKESIDE = Place(id=1, name="Lakeside & Co", zone=KOLKATA, currency="INR", loss_percent=15)


def month(name: str, subs: str | None) -> MonthLeft:
    return MonthLeft(
        place=LAKESIDE,
        sheet=MeterSheet(
            id=1,
            place_id=1,
            room_id=None,
            name=name,
            type=MeterType.ELECTRICITY,
            unit="kWh",
            service=ServiceKind.ELECTRICITY,
            terms=MeterTerms(limit_per_hour=Decimal(15)),
        ),
        span=Span(from_on=date(2026, 10, 1), to_on=date(2026, 10, 31)),
        left=None if subs is None else residual(Decimal(1_200), [Decimal(subs)]),
    )


def test_every_main_meter_has_a_line_and_the_summary_counts_losses() -> None:
    lines = (month("Main", "1000"), month("Pumps", "1100"), month("Water", None))
    report = loss_reports.losses(LossReport(lines=lines), SPEAKER)
    above, within, unknown = report.lines
    counted = "200.0 kWh of 1,200.0 kWh counted by no sub-meter"
    assert above == f"Lakeside & Co · Main · 2026-10: {counted}, staff told"
    assert within.endswith("2026-10: 100.0 kWh of 1,200.0 kWh counted by no sub-meter")
    assert unknown == "Lakeside & Co · Water · 2026-10: readings are missing"
    assert report.summary == "3 main meters: 1 above the limit, 1 with readings missing"
