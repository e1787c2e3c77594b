"""The picture of use, and the line under it."""

from bot.i18n import Speaker
from bot.services.report import UsageReport
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import bold, line, lines
from bot.telegram.screens.room import room_title

SPANS_DAYS = (7, 30)


def usage_screen(report: UsageReport, picture: bytes, speaker: Speaker) -> Screen:
    """Return the picture with the totals, and the other spans to choose."""
    chart = report.chart
    room = line(bold(room_title(chart.room, speaker)), chart.place)
    energy = speaker.about(chart.total_kwh, "kWh")
    total = speaker.plural(
        "<b>{energy} · {cost}</b> in {n} day",
        "<b>{energy} · {cost}</b> in {n} days",
        len(chart.days),
        energy=energy,
        cost=speaker.money(chart.total_paise, chart.currency),
    )
    warning = speaker.text(
        "⚠️ The meter's history cannot be had just now. This shows what was charged."
    )
    return Screen(
        html=lines(room, total, None if report.has_history else warning),
        photo=picture,
        buttons=(
            *rows_of(*(_span_button(report, days, speaker) for days in SPANS_DAYS)),
            (
                Button(
                    label=speaker.plain.text("Statement"),
                    press=press(Action.STATEMENT, report.lease_id),
                ),
                home_button(speaker, report.lease_id),
            ),
        ),
    )


def _span_button(report: UsageReport, days: int, speaker: Speaker) -> Button:
    said = speaker.plain.days(days)
    is_shown = days == len(report.chart.days)
    return Button(
        label=f"✓ {said}" if is_shown else said,
        press=press(Action.USAGE, report.lease_id, days),
    )
