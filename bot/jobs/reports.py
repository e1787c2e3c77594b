"""What runs of jobs are said to have done: one line for each thing, and a summary."""

from collections.abc import Mapping
from decimal import Decimal

from bot.i18n import N_, Speaker
from bot.jobs.job import JobReport
from bot.services.backup import BackupReport
from bot.services.check import CheckOutcome
from bot.services.deduction import DeductionLine, DeductionReport
from bot.services.delivery import DeliveryReport
from bot.services.estimate import EstimateReport
from bot.services.held import ReminderReport
from bot.services.inspection import InspectionReport
from bot.services.invoicing import InvoiceLine, InvoiceReport
from bot.services.photo import CleaningReport
from bot.services.reading_reminder import DueReport
from bot.services.reconcile import ReconcileReport
from bot.services.store import OrderStatus
from bot.services.sync import SyncReport
from bot.services.unusual import UnusualReport

_OUTCOMES: Mapping[CheckOutcome, str] = {
    CheckOutcome.CHARGED: N_("{used} used, {amount} charged"),
    CheckOutcome.NOTHING_USED: N_("nothing used"),
    CheckOutcome.OPENED: N_("first reading taken, nothing charged up to it"),
    CheckOutcome.OFFLINE: N_("offline, the next check charges what was used"),
    CheckOutcome.HELD: N_("reading held, a manager has to accept or reject it"),
    CheckOutcome.FELL: N_("the counter fell, nothing charged, a manager has to look"),
    CheckOutcome.MISSING: N_("no device has this meter's name"),
    CheckOutcome.REPLACED: N_("the device was replaced meanwhile, the next check goes on with it"),
    CheckOutcome.OUTDATED: N_("the tariff was changed meanwhile, the next check charges by it"),
    CheckOutcome.SEEN: N_("read, billed later"),
    CheckOutcome.FAILED: N_("could not be read ({problem})"),
}
_CHARGED = (CheckOutcome.CHARGED,)
_IDLE = (CheckOutcome.NOTHING_USED, CheckOutcome.OPENED, CheckOutcome.SEEN)


def deductions(report: DeductionReport, speaker: Speaker) -> JobReport:
    """Return a line for each lease, and how many were charged how much."""
    amounts: dict[str, int] = {}
    for line in report.lines:
        amounts[line.currency] = amounts.get(line.currency, 0) + line.amount_paise
    charged, idle = report.count(*_CHARGED), report.count(*_IDLE)
    summary = speaker.plural(
        "{n} lease: {charged} charged ({amount}), {idle} without use, {open} not charged",
        "{n} leases: {charged} charged ({amount}), {idle} without use, {open} not charged",
        len(report.lines),
        charged=charged,
        amount=" + ".join(speaker.money(paise, code) for code, paise in amounts.items())
        or speaker.count(0),
        idle=idle,
        open=len(report.lines) - charged - idle,
    )
    return JobReport(
        lines=tuple(_deduction(line, speaker) for line in report.lines), summary=summary
    )


def _deduction(line: DeductionLine, speaker: Speaker) -> str:
    said = speaker.text(
        _OUTCOMES[line.outcome],
        used=speaker.quantity(line.quantity, line.unit),
        amount=speaker.money(line.amount_paise, line.currency),
        problem=line.problem or "?",
    )
    balance = speaker.money(line.balance_paise, line.currency)
    values = {"what": said, "balance": balance}
    rest = (
        speaker.text("{what}, balance {balance}", **values)
        if line.power_on
        else speaker.text("{what}, balance {balance}, power is to be off", **values)
    )
    return f"{line.place} · {line.room} · {line.tenant}: {rest}"


def invoices(report: InvoiceReport, speaker: Speaker) -> JobReport:
    """Return a line for each bill, and how many there are."""
    amounts: dict[str, int] = {}
    for line in report.lines:
        paise = 0 if line.invoice is None else line.invoice.total_paise
        amounts[line.currency] = amounts.get(line.currency, 0) + paise
    summary = speaker.plural(
        "{n} invoice issued ({amount}), {waiting} waiting",
        "{n} invoices issued ({amount}), {waiting} waiting",
        len(report.issued),
        amount=" + ".join(speaker.money(paise, code) for code, paise in amounts.items())
        or speaker.count(0),
        waiting=speaker.count(report.waiting),
    )
    return JobReport(lines=tuple(_invoice(line, speaker) for line in report.lines), summary=summary)


def _invoice(line: InvoiceLine, speaker: Speaker) -> str:
    head = f"{line.place} · {line.room} · {line.tenant}"
    days = f"{line.period.from_on} – {line.period.to_on}"
    invoice = line.invoice
    if invoice is None:
        rest = speaker.text("{days}: waits ({problem})", days=days, problem=line.problem or "?")
        return f"{head}: {rest}"
    unit = invoice.facts.get("unit")
    used = Decimal(str(invoice.facts.get("consumption") or 0))
    rest = speaker.text(
        "{number}, {days}, {used}, {amount}, due {due_on}",
        number=invoice.number,
        days=days,
        used=speaker.count(0) if unit is None else speaker.quantity(used, str(unit)),
        amount=speaker.money(invoice.total_paise, line.currency),
        due_on=invoice.due_on.isoformat(),
    )
    return f"{head}: {rest}"


def reconciliation(report: ReconcileReport, speaker: Speaker) -> JobReport:
    """Return how many orders went how."""
    by_status = [attempt.status for _, attempt in report.orders]
    return JobReport(
        summary=speaker.plural(
            "{n} order: {confirmed} confirmed by the meter, {waiting} waiting, {failed} failed",
            "{n} orders: {confirmed} confirmed by the meter, {waiting} waiting, {failed} failed",
            len(by_status),
            confirmed=by_status.count(OrderStatus.CONFIRMED),
            waiting=sum(by_status.count(s) for s in (OrderStatus.PENDING, OrderStatus.WAITING)),
            failed=by_status.count(OrderStatus.FAILED),
        )
    )


def reminders(report: ReminderReport, speaker: Speaker) -> JobReport:
    """Return how many held readings wait for a word, and of how many staff are reminded today."""
    return JobReport(
        summary=speaker.plural(
            "{n} held reading waits for a manager; {reminded} brought to mind today",
            "{n} held readings wait for a manager; {reminded} brought to mind today",
            report.held,
            reminded=speaker.count(report.reminded),
        )
    )


def readings_due(report: DueReport, speaker: Speaker) -> JobReport:
    """Return how many meters tenants are reminded of, once when it begins and on the last day."""
    return JobReport(
        summary=speaker.plural(
            "{n} meter is due to be read by its tenant",
            "{n} meters are due to be read by their tenants",
            report.meters,
        )
    )


def estimates(report: EstimateReport, speaker: Speaker) -> JobReport:
    """Return how many readings were estimated."""
    return JobReport(
        summary=speaker.plural(
            "{n} reading estimated, {unknown} without a use to go by",
            "{n} readings estimated, {unknown} without a use to go by",
            report.estimated,
            unknown=speaker.count(report.unknown),
        )
    )


def inspections(report: InspectionReport, speaker: Speaker) -> JobReport:
    """Return how many meters are to be inspected, of which the staff are told once a week."""
    return JobReport(
        summary=speaker.plural(
            "{n} meter is to be inspected within a month",
            "{n} meters are to be inspected within a month",
            report.meters,
        )
    )


def unusual_uses(report: UnusualReport, speaker: Speaker) -> JobReport:
    """Return how many uses of the day before were unusual, of which the staff are told once."""
    return JobReport(
        summary=speaker.plural(
            "{n} unusual use yesterday, of {meters} meters that a device reads",
            "{n} unusual uses yesterday, of {meters} meters that a device reads",
            report.unusual,
            meters=speaker.count(report.meters),
        )
    )


def photos(report: CleaningReport, speaker: Speaker) -> JobReport:
    """Return how many photos of meters were deleted."""
    return JobReport(
        summary=speaker.plural(
            "{n} photo of a meter deleted", "{n} photos of meters deleted", report.deleted
        )
    )


def delivery(report: DeliveryReport, speaker: Speaker) -> JobReport:
    """Return how many messages went how."""
    return JobReport(
        summary=speaker.text(
            "{sent} sent, {waiting} to be tried again, {unknown} perhaps sent, {failed} failed",
            sent=speaker.count(report.sent),
            waiting=speaker.count(report.waiting),
            unknown=speaker.count(report.unknown),
            failed=speaker.count(report.failed),
        )
    )


def sync(report: SyncReport, speaker: Speaker) -> JobReport:
    """Return what is new, what is not as it should be, and how much was looked at."""
    lines = [
        *(speaker.text("new place: {name}", name=name) for name in report.new_places),
        *(
            speaker.text("{meter}: its device was found", meter=meter)
            for meter in report.identified
        ),
        *(
            speaker.text(
                "{meter}: device {old} was replaced by {new}",
                meter=each.meter.udf1,
                old=each.old_device_id,
                new=each.new_device_id,
            )
            for each in report.replaced
        ),
        *(
            speaker.text("{meter}: several devices have this name", meter=m)
            for m in report.duplicated
        ),
        *(speaker.text("{meter}: no device has this name", meter=m) for m in report.without_device),
        *(
            speaker.text("{device}: belongs to no meter ({name})", device=each.id, name=each.name)
            for each in report.unknown
        ),
        *(speaker.text("{device}: is gone", device=device) for device in report.gone),
        *(
            speaker.text(
                "{device}: bills by itself ({mode}), it should only measure",
                device=each.id,
                mode=each.mode.value,
            )
            for each in report.wrong_mode
        ),
        *(
            speaker.text(
                "{device}: could not be asked ({problem})", device=device, problem=error.code
            )
            for device, error in report.failed
        ),
    ]
    summary = speaker.text(
        "spaces: {spaces}, devices: {devices}",
        devices=speaker.count(report.devices),
        spaces=speaker.count(report.spaces),
    )
    return JobReport(lines=tuple(lines), summary=summary)


def backup(report: BackupReport, speaker: Speaker) -> JobReport:
    """Return where the copy is."""
    removed = [speaker.text("removed {path}", path=path) for path in report.removed]
    return JobReport(
        lines=tuple(removed),
        summary=speaker.text(
            "written {path}, {kilobytes} kB",
            path=report.written,
            kilobytes=speaker.count(-(-report.size_bytes // 1000)),
        ),
    )
