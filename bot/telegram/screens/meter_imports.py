"""Bringing meters in from a file: what it would do, and what it did."""

from collections.abc import Sequence

from bot.domain.meter import MeterSheet
from bot.i18n import Safe, Speaker
from bot.services.meter_import import MeterPlan
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.imports import MOST_NEW, problem_lines
from bot.telegram.screens.meter_words import labelled


def meters_preview_screen(plan: MeterPlan, name: str, speaker: Speaker, *, nonce: str) -> Screen:
    """Return what the file would do, row by bad row, and the confirmation."""
    say = speaker.plain
    confirm = Button(
        label=say.plural(
            "Import {n} meter", "Import {n} meters", len(plan.made) + len(plan.changed)
        ),
        press=press(Action.IMPORT_CONFIRM, nonce=nonce),
    )
    cancel = Button(label=say.text("Cancel"), press=press(Action.CANCEL))
    return Screen(
        html=blocks(
            [line(bold(name)), *_counts(plan, speaker)],
            _named((*plan.made, *plan.changed), speaker),
            problem_lines(plan.problems, speaker),
            [] if plan.does_something else [speaker.text("There is nothing to import.")],
        ),
        buttons=((confirm, cancel),) if plan.does_something else ((home_button(speaker),),),
    )


def meters_imported_screen(plan: MeterPlan, speaker: Speaker) -> Screen:
    """Return what was done."""
    meters = Button(label=speaker.plain.text("Meters"), press=press(Action.METERS))
    return Screen(
        html=blocks(
            [speaker.text("✅ Imported."), *_counts(plan, speaker)],
            problem_lines(plan.problems, speaker),
        ),
        buttons=((meters, home_button(speaker)),),
    )


def _counts(plan: MeterPlan, speaker: Speaker) -> list[Safe]:
    bad = len({each.line for each in plan.problems})
    said = [speaker.plural("{n} new meter", "{n} new meters", len(plan.made))]
    if plan.changed:
        said.append(speaker.plural("{n} is changed", "{n} are changed", len(plan.changed)))
    if plan.unchanged:
        said.append(
            speaker.plural(
                "{n} is here already, unchanged", "{n} are here already, unchanged", plan.unchanged
            )
        )
    if bad:
        said.append(
            speaker.plural("⚠️ {n} line cannot be taken", "⚠️ {n} lines cannot be taken", bad)
        )
    return said


def _named(sheets: Sequence[MeterSheet], speaker: Speaker) -> list[Safe]:
    shown = [line(labelled(each)) for each in sheets[:MOST_NEW]]
    more = len(sheets) - len(shown)
    if more > 0:
        shown.append(speaker.plural("and {n} more", "and {n} more", more))
    return shown
