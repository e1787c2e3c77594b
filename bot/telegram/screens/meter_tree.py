"""What hangs below what, what is left of a main meter, and what is to be inspected."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.domain.meter import MeterSheet
from bot.i18n import Safe, Speaker
from bot.services.meter_tree import MeterBranch, MeterTops, TreeNode
from bot.services.meters import InspectionsDue, MeterFilters
from bot.services.stores.meter_sheet import MeterLine
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.meter_words import SIGNS, called, labelled
from bot.telegram.screens.meters import list_press, meter_button
from bot.telegram.screens.room import room_label

MOST_BELOW = 8


def tops_screen(found: MeterTops, speaker: Speaker) -> Screen:
    """Return the main meters of a place."""
    said = [line(SIGNS[each.type], each.name, between=" ") for each in found.tops]
    none = speaker.text(
        "No meter of this building hangs below another one yet. Open a meter, “Change …”, “Below”."
    )
    return Screen(
        html=blocks([line(bold(speaker.text("Main meters")), found.place.name)], said or [none]),
        buttons=(
            *rows_of(*(_branch_button(each) for each in found.tops)),
            (_meters_button(found.place.id, speaker), home_button(speaker)),
        ),
    )


def branch_screen(branch: MeterBranch, speaker: Speaker, *, number: int = 0) -> Screen:
    """Return a meter with a page of its sub-meters, and what none of them counted."""
    shown = _page(branch, number)
    return Screen(
        html=blocks(
            _top(branch, speaker),
            [
                *(_below(each, speaker) for each in shown),
                _rest(branch, number, speaker),
            ]
            if shown
            else [speaker.text("Nothing hangs below it.")],
            list(_residual(branch, speaker)),
        ),
        buttons=_branch_buttons(branch, number, speaker),
    )


def _page(branch: MeterBranch, number: int) -> Sequence[TreeNode]:
    return branch.below[number * MOST_BELOW : (number + 1) * MOST_BELOW]


def _rest(branch: MeterBranch, number: int, speaker: Speaker) -> Safe | None:
    more = len(branch.below) - (number + 1) * MOST_BELOW
    return speaker.plural("and {n} more", "and {n} more", more) if more > 0 else None


def inspections_screen(due: InspectionsDue, speaker: Speaker) -> Screen:
    """Return the meters that are to be inspected, the most urgent first."""
    return Screen(
        html=blocks(
            [bold(speaker.text("Inspections"))],
            [
                *(_due(each, due.today_on, speaker) for each in due.lines),
                speaker.text("There are more.") if due.has_more else None,
            ]
            if due.lines
            else [speaker.text("No meter is to be inspected within a month.")],
        ),
        buttons=(
            *rows_of(*(meter_button(each) for each in due.lines)),
            (
                Button(label=speaker.plain.text("All meters"), press=press(Action.METERS)),
                home_button(speaker),
            ),
        ),
    )


def due_text(due_on: date, today_on: date, speaker: Speaker) -> Safe:
    """Return when an inspection is due, or that it should have been."""
    day = speaker.full_date(due_on)
    if due_on < today_on:
        return speaker.text("⚠️ inspection was due {day}", day=day)
    return speaker.text("🔍 inspection due {day}", day=day)


def due_sign(due_on: date, today_on: date, speaker: Speaker) -> str:
    """Return the day on which an inspection is due, with a sign that tells whether it was."""
    return f"{'⚠️' if due_on < today_on else '🔍'} {speaker.full_date(due_on)}"


def _due(each: MeterLine, today_on: date, speaker: Speaker) -> Safe:
    due_on = each.sheet.next_inspection_on or today_on
    name = called(each.sheet, each.room)
    return line(
        due_sign(due_on, today_on, speaker),
        line(SIGNS[each.sheet.type], name, between=" "),
        None if each.room is None or name != each.sheet.name else room_label(each.room),
    )


def _top(branch: MeterBranch, speaker: Speaker) -> Iterator[Safe]:
    top, sheet = branch.top, branch.top.sheet
    yield line(SIGNS[sheet.type], bold(sheet.name), between=" ")
    yield line(branch.place.name, _above(branch.parent, speaker))
    if branch.from_at is None or branch.to_at is None:
        yield speaker.text("It has not been read yet.")
        return
    if top.used is None:
        yield speaker.text("Read once so far, {time}", time=speaker.day_and_time(branch.to_at))
        return
    period = line(
        speaker.date(branch.from_at.astimezone(speaker.zone).date()),
        speaker.day_and_time(branch.to_at),
        between=" – ",
    )
    yield line(period, bold(_used(top, speaker)), between="   ")


def _above(parent: MeterSheet | None, speaker: Speaker) -> Safe | None:
    return None if parent is None else speaker.text("below “{meter}”", meter=parent.name)


def _below(each: TreeNode, speaker: Speaker) -> Safe:
    branch = "├ " if not each.has_below else "├┬ "
    return line(f"{branch}{called(each.sheet, each.room)}", _used(each, speaker), between="   ")


def _used(each: TreeNode, speaker: Speaker) -> str:
    return "–" if each.used is None else speaker.quantity(each.used, each.sheet.unit)


def _residual(branch: MeterBranch, speaker: Speaker) -> Iterator[Safe]:
    left, unit = branch.residual, branch.top.sheet.unit
    if left is None:
        return
    yield speaker.text(
        "{main} − {subs} = <b>{left}</b> that no sub-meter counted",
        main=speaker.number(left.main),
        subs=speaker.number(left.subs),
        left=speaker.quantity(left.left, unit),
    )
    if left.missing:
        yield speaker.text(
            "⚠️ The sub-meters counted {missing} more than this meter. Look at when each was read.",
            missing=speaker.quantity(left.missing, unit),
        )


def _branch_buttons(branch: MeterBranch, number: int, speaker: Speaker) -> Rows:
    say, sheet = speaker.plain.text, branch.top.sheet
    subs = [
        _branch_button(each.sheet)
        if each.has_below
        else Button(label=labelled(each.sheet, each.room), press=press(Action.METER, each.sheet.id))
        for each in _page(branch, number)
    ]
    up = press(Action.METERS_TREE, branch.place.id)
    if branch.parent is not None:
        up = press(Action.METER_BRANCH, branch.parent.id)
    back = Button(label=say("‹ Previous"), press=press(Action.METER_BRANCH, sheet.id, number - 1))
    on = Button(label=say("Next ›"), press=press(Action.METER_BRANCH, sheet.id, number + 1))
    has_more = _rest(branch, number, speaker) is not None
    return (
        *rows_of(*subs),
        *rows_of(back if number else None, on if has_more else None),
        (
            Button(label=say("Meter …"), press=press(Action.METER, sheet.id)),
            Button(label=say("▲ Up"), press=up),
        ),
        (_meters_button(branch.place.id, speaker), home_button(speaker)),
    )


def _branch_button(sheet: MeterSheet) -> Button:
    return Button(label=f"{labelled(sheet)} ▸", press=press(Action.METER_BRANCH, sheet.id))


def _meters_button(place_id: int, speaker: Speaker) -> Button:
    filters = MeterFilters(place_id=place_id)
    return Button(label=speaker.plain.text("All meters"), press=list_press(filters))
