"""What runs of jobs are said to have done."""

from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.metering import Meter, MeterTerms, MeterType
from bot.i18n import Catalogues
from bot.jobs import reports
from bot.services.backup import BackupReport
from bot.services.check import CheckOutcome
from bot.services.deduction import DeductionLine, DeductionReport
from bot.services.delivery import DeliveryReport
from bot.services.held import ReminderReport
from bot.services.ports import GatewayUnavailable
from bot.services.swap import Replacement
from bot.services.sync import SyncReport

SPEAKER = Catalogues().speaker("en", ZoneInfo("Asia/Kolkata")).plain


def a_line(outcome: CheckOutcome, **changed: object) -> DeductionLine:
    values: dict[str, object] = {
        "place": "Lakeside & Co",
        "room": "Room #302",
        "tenant": "Asha Rao",
        "outcome": outcome,
        "amount_paise": 0,
        "quantity": Decimal(0),
        "unit": "kWh",
        "balance_paise": 292_330,
        "currency": "INR",
        "power_on": True,
        "problem": None,
    }
    return DeductionLine(**(values | changed))  # type: ignore[arg-type]


CHARGED = a_line(CheckOutcome.CHARGED, amount_paise=7_670, quantity=Decimal("11.8"))


def test_a_lease_that_was_charged_says_for_what() -> None:
    report = reports.deductions(DeductionReport(lines=(CHARGED,)), SPEAKER)

    assert report.lines == (
        "Lakeside & Co · Room #302 · Asha Rao: 11.8 kWh used, ₹76.70 charged, balance ₹2,923.30",
    )
    assert report.summary == "1 lease: 1 charged (₹76.70), 0 without use, 0 not charged"


def test_the_summary_counts_what_was_not_charged() -> None:
    lines = (
        CHARGED,
        CHARGED,
        a_line(CheckOutcome.NOTHING_USED),
        a_line(CheckOutcome.OFFLINE),
        a_line(CheckOutcome.FAILED, problem="no_answer"),
    )

    report = reports.deductions(DeductionReport(lines=lines), SPEAKER)

    assert report.summary == "5 leases: 2 charged (₹153.40), 1 without use, 2 not charged"
    assert "could not be read (no_answer)" in report.lines[-1]


def test_two_currencies_are_not_added() -> None:
    other = a_line(CheckOutcome.CHARGED, amount_paise=100, currency="EUR")

    report = reports.deductions(DeductionReport(lines=(CHARGED, other)), SPEAKER)

    assert "(₹76.70 + €1.00)" in report.summary


@pytest.mark.parametrize("outcome", CheckOutcome)
def test_every_outcome_has_words(outcome: CheckOutcome) -> None:
    cut = a_line(outcome, power_on=False)

    (line,) = reports.deductions(DeductionReport(lines=(cut,)), SPEAKER).lines

    assert line.endswith("balance ₹2,923.30, power is to be off")


def test_no_leases_are_no_trouble() -> None:
    report = reports.deductions(DeductionReport(lines=()), SPEAKER)

    assert report.summary == "0 leases: 0 charged (0), 0 without use, 0 not charged"


def test_deliveries_are_counted_by_how_they_went() -> None:
    report = reports.delivery(DeliveryReport(sent=3, waiting=1, unknown=2), SPEAKER)

    assert report.summary == "3 sent, 1 to be tried again, 2 perhaps sent, 0 failed"


def test_reminders_are_counted_beside_what_they_are_about() -> None:
    report = reports.reminders(ReminderReport(held=2, reminded=1), SPEAKER)

    assert report.summary == "2 held readings wait for a manager; 1 brought to mind today"


def test_a_look_at_the_vendor_says_what_is_not_as_it_should_be() -> None:
    meter = Meter(
        id=1,
        place_id=1,
        room_id=1,
        udf1="LKS-302",
        type=MeterType.ELECTRICITY,
        unit="kWh",
        terms=MeterTerms(),
    )
    swap = Replacement(
        meter=meter,
        old_device_id="old",
        new_device_id="new",
        closing_value=None,
        opening_value=None,
    )
    gone = GatewayUnavailable(code="no_answer", detail="")
    found = SyncReport(
        spaces=1, devices=3, replaced=[swap], gone=["dev-7"], failed=[("dev-8", gone)]
    )

    report = reports.sync(found, SPEAKER)

    assert report.lines == (
        "LKS-302: device old was replaced by new",
        "dev-7: is gone",
        "dev-8: could not be asked (no_answer)",
    )
    assert report.summary == "spaces: 1, devices: 3"


def test_a_backup_says_where_it_is() -> None:
    written = BackupReport(written=Path("/b/new.db"), size_bytes=4_097, removed=(Path("/b/old"),))

    report = reports.backup(written, SPEAKER)

    assert (report.summary, report.lines) == ("written /b/new.db, 5 kB", ("removed /b/old",))
