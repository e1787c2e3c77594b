"""What runs of jobs are said to have found of losses."""

from bot.i18n import Speaker
from bot.jobs.job import JobReport
from bot.services.loss import LossReport, MonthLeft


def losses(report: LossReport, speaker: Speaker) -> JobReport:
    """Return a line for each main meter, and how many are above their limit."""
    unknown = sum(line.left is None for line in report.lines)
    return JobReport(
        lines=tuple(_left(line, speaker) for line in report.lines),
        summary=speaker.plural(
            "{n} main meter: {lost} above the limit, {unknown} with readings missing",
            "{n} main meters: {lost} above the limit, {unknown} with readings missing",
            len(report.lines),
            lost=speaker.count(sum(line.is_loss for line in report.lines)),
            unknown=speaker.count(unknown),
        ),
    )


def _left(line: MonthLeft, speaker: Speaker) -> str:
    sheet, left = line.sheet, line.left
    month = f"{line.span.from_on:%Y-%m}"
    said = speaker.text("readings are missing")
    if left is not None:
        said = speaker.text(
            "{left} of {main} counted by no sub-meter",
            left=speaker.quantity(left.left, sheet.unit),
            main=speaker.quantity(left.main, sheet.unit),
        )
    if line.is_loss:
        said = speaker.text("{what}, staff told", what=said)
    return f"{line.place.name} · {sheet.name} · {month}: {said}"
