"""The one table of jobs: its name, when it is due, and the use case that does it."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TypeVar

from bot.i18n import Speaker
from bot.jobs import bill_reports, loss_reports, reports
from bot.jobs.job import Job, JobReport, Run, one_by_one
from bot.jobs.slots import checks, daily, daily_everywhere, every
from bot.services.backup import Backups
from bot.services.bill_reminder import BillReminders
from bot.services.deduction import Deductions
from bot.services.delivery import Delivery
from bot.services.dispute_reminder import DisputeReminders
from bot.services.estimate import Estimates
from bot.services.held import Reminders
from bot.services.inspection import Inspections
from bot.services.invoicing import Invoicing
from bot.services.loss import Losses
from bot.services.photo import PhotoCleaning
from bot.services.promise import Promises
from bot.services.reading_reminder import ReadingReminders
from bot.services.reconcile import Reconciler
from bot.services.sync import Sync
from bot.services.unusual import UnusualUses

SYNC_EVERY = timedelta(minutes=30)
INVOICE_EVERY = timedelta(hours=1)
BACKUP_AT = time(3)
CLEAN_PHOTOS_AT = time(4)
REMIND_AT = time(9)
ESTIMATE_AT = time(0, 30)

Report = TypeVar("Report")
UseCaseT = TypeVar("UseCaseT")


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """What the jobs call. Without a way to people there is no `delivery`, and so on."""

    sync: Sync | None = None
    deductions: Deductions | None = None
    invoicing: Invoicing | None = None
    losses: Losses | None = None
    reconciler: Reconciler | None = None
    reminders: Reminders | None = None
    reading_reminders: ReadingReminders | None = None
    bill_reminders: BillReminders | None = None
    promises: Promises | None = None
    dispute_reminders: DisputeReminders | None = None
    estimates: Estimates | None = None
    inspections: Inspections | None = None
    unusual_uses: UnusualUses | None = None
    delivery: Delivery | None = None
    backups: Backups | None = None
    photos: PhotoCleaning | None = None


def table(uses: UseCases, speaker: Speaker, *, check_time: time) -> tuple[Job, ...]:
    """Return the jobs for which there are use cases; they report in the speaker's words."""

    def says(
        do: Callable[[], Awaitable[Report]], tell: Callable[[Report, Speaker], JobReport]
    ) -> Run:
        async def run() -> JobReport:
            return tell(await do(), speaker.plain)

        return run

    jobs: list[Job] = []
    if sync := uses.sync:
        run = says(sync.run, reports.sync)
        jobs.append(Job(name="sync", slots=every(SYNC_EVERY), run=run))
    if deductions := uses.deductions:
        jobs.append(
            Job(
                name="deduct",
                slots=checks(check_time, speaker.zone),
                run=says(lambda: deductions.run(only_due=True), reports.deductions),
                run_now=says(deductions.run, reports.deductions),
            )
        )
    if invoicing := uses.invoicing:
        run = says(invoicing.run, reports.invoices)
        jobs.append(Job(name="invoice", slots=every(INVOICE_EVERY), run=run))
    if reconciler := uses.reconciler:
        jobs.append(Job(name="reconcile", run=says(reconciler.run, reports.reconciliation)))
    if reminders := uses.reminders:
        runs = [
            says(reminders.run, reports.reminders),
            *(says(one.run, reports.readings_due) for one in _there(uses.reading_reminders)),
            *(says(one.run, bill_reports.bill_reminders) for one in _there(uses.bill_reminders)),
            *(says(one.run, bill_reports.promises) for one in _there(uses.promises)),
            *(says(one.run, bill_reports.disputes) for one in _there(uses.dispute_reminders)),
        ]
        slots = daily_everywhere(REMIND_AT, speaker.zone)
        jobs.append(Job(name="remind", slots=slots, run=one_by_one(*runs)))
    if estimates := uses.estimates:
        run = says(estimates.run, reports.estimates)
        slots = daily_everywhere(ESTIMATE_AT, speaker.zone)
        jobs.append(Job(name="estimate", slots=slots, run=run))
    if inspections := uses.inspections:
        run = says(inspections.run, reports.inspections)
        slots = daily_everywhere(REMIND_AT, speaker.zone)
        jobs.append(Job(name="inspect", slots=slots, run=run))
    if unusual_uses := uses.unusual_uses:
        run = says(unusual_uses.run, reports.unusual_uses)
        slots = daily_everywhere(REMIND_AT, speaker.zone)
        jobs.append(Job(name="unusual", slots=slots, run=run))
    if losses := uses.losses:
        run = says(losses.run, loss_reports.losses)
        slots = daily_everywhere(REMIND_AT, speaker.zone)
        jobs.append(Job(name="losses", slots=slots, run=run))
    if delivery := uses.delivery:
        jobs.append(Job(name="deliver", run=says(delivery.run, reports.delivery)))
    if backups := uses.backups:
        run = says(backups.run, reports.backup)
        jobs.append(Job(name="backup", slots=daily(BACKUP_AT, speaker.zone), run=run))
    if photos := uses.photos:
        run = says(photos.run, reports.photos)
        jobs.append(Job(name="photos", slots=daily(CLEAN_PHOTOS_AT, speaker.zone), run=run))
    return tuple(jobs)


def _there(use_case: UseCaseT | None) -> Iterator[UseCaseT]:
    """Yield a use case that was opened."""
    if use_case is not None:
        yield use_case
