"""Whether all is well, on one short card."""

from bot.i18n import N_, Safe, Speaker
from bot.services.status import Status, VendorState
from bot.services.store import JobRun, NoticeStatus
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line

VENDOR = {
    VendorState.ANSWERS: N_("🟢 Qube answers"),
    VendorState.KEY_REJECTED: N_("🔴 Qube rejects the key: ask the operator for a new one"),
    VendorState.SILENT: N_("🔴 Qube does not answer just now"),
    VendorState.UNTRIED: N_("⚪ No meter is known yet: nobody to ask at Qube"),
}


def status_screen(status: Status, speaker: Speaker) -> Screen:
    """Return the card, what is wrong marked by its sign."""
    return Screen(
        html=blocks(
            [bold(speaker.text("Status"))],
            [
                speaker.text(VENDOR[status.vendor]),
                _meters(status, speaker),
                _orders(status, speaker),
                _readings(status, speaker),
                _notices(status, speaker),
            ],
            [_job(run, status, speaker) for run in status.jobs]
            or [speaker.text("No job has run yet.")],
        ),
        buttons=(
            (
                Button(label=speaker.plain.text("⟳ Refresh"), press=press(Action.STATUS)),
                home_button(speaker),
            ),
        ),
    )


def _meters(status: Status, speaker: Speaker) -> Safe:
    if not status.tally.offline:
        return speaker.text("🟢 No meter is offline")
    return speaker.plural(
        "⚠️ {n} meter is offline", "⚠️ {n} meters are offline", status.tally.offline
    )


def _orders(status: Status, speaker: Speaker) -> Safe:
    if not status.waiting_orders:
        return speaker.text("🟢 No order to a meter waits")
    return speaker.plural(
        "⏳ {n} order to a meter waits", "⏳ {n} orders to meters wait", status.waiting_orders
    )


def _readings(status: Status, speaker: Speaker) -> Safe | None:
    """Return how many questions of rule 3.5 nobody has answered; mostly there are none."""
    held = status.held_readings
    if not held:
        return None
    return speaker.plural("⚠️ {n} reading is to be judged", "⚠️ {n} readings are to be judged", held)


def _notices(status: Status, speaker: Speaker) -> Safe:
    waiting = status.notices.get(NoticeStatus.PENDING, 0)
    lost = sum(status.notices.get(each, 0) for each in (NoticeStatus.FAILED, NoticeStatus.UNKNOWN))
    said = speaker.plural("{n} message waits", "{n} messages wait", waiting)
    failed = speaker.plural("{n} did not arrive", "{n} did not arrive", lost) if lost else None
    return line("⚠️" if lost else "🟢", line(said, failed), between=" ")


def _job(run: JobRun, status: Status, speaker: Speaker) -> Safe:
    if run.finished_at is None:
        return line("⏳", line(run.job, speaker.text("is running")), between=" ")
    ago = speaker.text("{span} ago", span=speaker.duration(status.now - run.finished_at))
    return line("🔴" if run.failed else "🟢", line(run.job, ago), between=" ")
