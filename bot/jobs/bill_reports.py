"""What runs of jobs are said to have done about bills that are not paid."""

from bot.domain.dispute import Nudge
from bot.domain.dues import LAST_STEP
from bot.i18n import Safe, Speaker
from bot.jobs.job import JobReport
from bot.services.bill_reminder import BillReminder, BillReminderReport
from bot.services.dispute_reminder import DisputeNudge, DisputeReport
from bot.services.promise import PromiseReport


def bill_reminders(report: BillReminderReport, speaker: Speaker) -> JobReport:
    """Return a line for each bill of which tenants are reminded, and how many there are."""
    summary = speaker.plural(
        "{n} bill brought to mind", "{n} bills brought to mind", len(report.lines)
    )
    if report.waiting:
        summary = speaker.text(
            "{what} ({waiting} told in the morning, not at night)",
            what=summary,
            waiting=speaker.count(report.waiting),
        )
    return JobReport(
        lines=tuple(_reminder(line, speaker) for line in report.lines), summary=summary
    )


def promises(report: PromiseReport, speaker: Speaker) -> JobReport:
    """Return how many promises to pay came to their end, and how."""
    return JobReport(
        summary=speaker.text(
            "promises to pay: {kept} kept, {broken} broken",
            kept=speaker.count(report.kept),
            broken=speaker.count(report.broken),
        )
    )


def disputes(report: DisputeReport, speaker: Speaker) -> JobReport:
    """Return a line for each question of which somebody is reminded, and how many are open."""
    return JobReport(
        lines=tuple(_dispute(line, speaker) for line in report.lines),
        summary=speaker.plural(
            "{n} question open, {reminded} brought to mind",
            "{n} questions open, {reminded} brought to mind",
            report.open,
            reminded=speaker.count(len(report.lines)),
        ),
    )


def _dispute(line: DisputeNudge, speaker: Speaker) -> str:
    said = {
        Nudge.ANSWER: speaker.text("{number}, no answer yet", number=line.dispute.number),
        Nudge.DECISION: speaker.text("{number}, to be decided soon", number=line.dispute.number),
        Nudge.OWNER: speaker.text("{number}, late, the owner is told", number=line.dispute.number),
    }
    return f"{line.place} · {line.room} · {line.tenant}: {said[line.nudge]}"


def _reminder(line: BillReminder, speaker: Speaker) -> str:
    rest = speaker.text(
        "{number}, {amount} open, {step}",
        number=line.due.number,
        amount=speaker.money(line.due.open_paise, line.place.currency),
        step=_step(line, speaker),
    )
    return f"{line.place.name} · {line.room} · {line.tenant}: {rest}"


def _step(line: BillReminder, speaker: Speaker) -> Safe:
    due_on = line.due.due_on.isoformat()
    if line.step == LAST_STEP:
        return _last(line, speaker)
    days = int(line.step)
    if not days:
        return speaker.text("due on {day}", day=due_on)
    if days < 0:
        return speaker.plural(
            "{n} day before it is due on {day}",
            "{n} days before it is due on {day}",
            -days,
            day=due_on,
        )
    return speaker.plural(
        "{n} day after it was due on {day}",
        "{n} days after it was due on {day}",
        days,
        day=due_on,
    )


def _last(line: BillReminder, speaker: Speaker) -> Safe:
    at = line.cut_at
    assert at is not None
    time = at.astimezone(line.place.zone).strftime("%Y-%m-%d %H:%M")
    return speaker.text("last warning, power goes {time}", time=time)
