"""What a place used in a month, whose it was, and what got lost below its main meters."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.account import month_before
from bot.domain.period import next_month
from bot.i18n import Safe, Speaker
from bot.i18n.service_names import service_name
from bot.services.use_record import MediumUse, MeterUse, UseReport
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.report import month_code
from bot.telegram.screens.room import room_label

MOST_SHOWN = 4
SHOWN_FROM = Decimal("0.05")
"""Less than that is rounding, not use."""


def use_screen(report: UseReport, speaker: Speaker) -> Screen:
    """Return what a place used of each service, against the month before."""
    none: list[Safe | None] = [speaker.text("No meter has counted anything in these days.")]
    media = [list(_medium(each, report, speaker)) for each in report.media[:MOST_SHOWN]]
    losses = Button(
        label=speaker.plain.text("Losses"),
        press=press(Action.REPORT_LOSSES, report.place.id, month_code(report.month_on)),
    )
    return Screen(
        html=blocks(
            [line(bold(report.place.name), speaker.text("Consumption")), _days(report, speaker)],
            *(media or [none]),
            list(filter(None, [_unknown(report, speaker)])),
        ),
        buttons=(
            *rows_of(*_turns(report, Action.REPORT_USE, speaker)),
            *rows_of(losses, _file(report, speaker), _back(report, speaker)),
        ),
    )


def losses_screen(report: UseReport, speaker: Speaker) -> Screen:
    """Return what main meters counted beyond their sub-meters."""
    mains = [_main(each, report, speaker) for each in report.mains[:MOST_SHOWN]]
    has_mains = bool(mains) or any(each.is_main for each in report.unknown)
    none = [
        speaker.text(
            "No meter has sub-meters here. Under /meters, tell of a meter which one it hangs below."
        )
    ]
    use = Button(
        label=speaker.plain.text("Consumption"),
        press=press(Action.REPORT_USE, report.place.id, month_code(report.month_on)),
    )
    return Screen(
        html=blocks(
            [line(bold(report.place.name), speaker.text("Losses")), _days(report, speaker)],
            *(list(each) for each in mains),
            *([] if has_mains else [none]),
            list(
                filter(
                    None, (_limit(report, speaker) if mains else None, _unknown(report, speaker))
                )
            ),
        ),
        buttons=(
            *rows_of(*_turns(report, Action.REPORT_LOSSES, speaker)),
            *rows_of(use, _file(report, speaker), _back(report, speaker)),
        ),
    )


def _days(report: UseReport, speaker: Speaker) -> Safe | str:
    if report.is_over:
        return speaker.month_of_year(report.month_on)
    if report.to_on < report.month_on:
        return speaker.text("{month} begins today.", month=speaker.month_of_year(report.month_on))
    first, last = speaker.date(report.month_on), speaker.date(report.to_on)
    return speaker.text("{first} to {last}, so far", first=first, last=last)


def _medium(use: MediumUse, report: UseReport, speaker: Speaker) -> Iterator[Safe | None]:
    unit = use.medium.unit
    yield line(
        bold(
            line(
                service_name(use.medium.service, speaker),
                speaker.about(use.counted, unit),
                between=" ",
            )
        ),
    )
    yield _change(use, report, speaker)
    parts = (
        (
            speaker.text("charged {quantity}", quantity=speaker.about(use.charged, unit)),
            use.charged,
        ),
        (
            speaker.text("empty rooms {quantity}", quantity=speaker.about(use.empty, unit)),
            use.empty,
        ),
        (
            speaker.text("in the rent {quantity}", quantity=speaker.about(use.included, unit)),
            use.included,
        ),
        (
            speaker.text(
                "charged to nobody yet {quantity}", quantity=speaker.about(use.open, unit)
            ),
            use.open,
        ),
    )
    shown = [said for said, quantity in parts if quantity >= SHOWN_FROM]
    for at in range(0, len(shown), 2):
        yield line(*shown[at : at + 2])


def _change(use: MediumUse, report: UseReport, speaker: Speaker) -> Safe | None:
    """Return how that is against as many days of the month before."""
    change = use.change_percent
    if change is None:
        return None
    percent = int(change.to_integral_value(ROUND_HALF_UP))
    before = speaker.about(use.before, use.medium.unit)
    month = speaker.month(month_before(report.month_on))
    values = {"percent": speaker.percent(abs(percent)), "month": month, "before": before}
    if percent > 0:
        return speaker.text("{percent} more than in {month}: {before}", **values)
    if percent < 0:
        return speaker.text("{percent} less than in {month}: {before}", **values)
    return speaker.text("as much as in {month}: {before}", month=month, before=before)


def _main(use: MeterUse, report: UseReport, speaker: Speaker) -> Iterator[Safe | None]:
    left, unit = use.residual, use.sheet.unit
    if left is None:
        yield bold(use.sheet.name)
        yield speaker.text("⚠️ A sub-meter is not known.")
        return
    percent = use.lost_percent() or Decimal(0)
    said = speaker.text(
        "{percent} lost", percent=speaker.percent(percent.quantize(Decimal("0.1"), ROUND_HALF_UP))
    )
    sign = "⚠️" if use.is_above(report.place.loss_percent) else None
    yield line(bold(use.sheet.name), line(sign, said, between=" "))
    difference = left.left - left.missing
    main, subs = speaker.number(left.main), speaker.number(left.subs)
    yield line(f"{main} − {subs} = {speaker.quantity(difference, unit)}")
    if left.missing:
        yield speaker.text("⚠️ The sub-meters counted more than it did.")


def _limit(report: UseReport, speaker: Speaker) -> Safe:
    if report.place.loss_percent is None:
        return speaker.text("You are not told of losses.")
    return speaker.text(
        "⚠️ means more than {percent}, the limit of /common.",
        percent=speaker.percent(report.place.loss_percent),
    )


def _unknown(report: UseReport, speaker: Speaker) -> Safe | None:
    if not report.unknown:
        return None
    names = ", ".join(room_label(each.name) for each in report.unknown[:MOST_SHOWN])
    more = len(report.unknown) - MOST_SHOWN
    listed = f"{names} +{more}" if more > 0 else names
    if report.is_over:
        return speaker.text("⚠️ Readings are missing, not counted: {meters}", meters=listed)
    last = speaker.date(report.to_on)
    return speaker.text("⚠️ Not read up to {day}, not counted: {meters}", day=last, meters=listed)


def _turns(report: UseReport, action: Action, speaker: Speaker) -> Iterator[Button]:
    before_on, after_on = month_before(report.month_on), next_month(report.month_on)
    go = press(action, report.place.id, month_code(before_on))
    yield Button(label=f"‹ {speaker.month(before_on)}", press=go)
    if report.is_over:
        go = press(action, report.place.id, month_code(after_on))
        yield Button(label=f"{speaker.month(after_on)} ›", press=go)


def _file(report: UseReport, speaker: Speaker) -> Button:
    code = month_code(report.month_on)
    return Button(
        label=speaker.plain.text("File …"),
        press=press(Action.EXPORT_TABLE, report.place.id, "consumption", code),
    )


def _back(report: UseReport, speaker: Speaker) -> Button:
    return Button(
        label=speaker.plain.text("‹ Back"),
        press=press(Action.REPORT, report.place.id, month_code(report.month_on)),
    )
