"""Bringing rooms and tenants in from a file: what it would do, and what it did."""

from collections.abc import Mapping, Sequence

from bot.i18n import Safe, Speaker
from bot.i18n.import_problems import problem_text
from bot.i18n.import_warnings import warning_texts
from bot.services.exchange.lease_rows import LEASE_COLUMNS, REQUIRED_COLUMNS
from bot.services.exchange.meter_rows import REQUIRED_COLUMNS as METERS_REQUIRED
from bot.services.exchange.problem import RowProblem
from bot.services.lease_plan import ImportPlan, LeasePlan
from bot.services.onboarding import Imported
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label

MOST_NEW = 5
MOST_PROBLEMS = 8


def import_screen(speaker: Speaker) -> Screen:
    """Return what kind of file is wanted."""
    return Screen(
        html=blocks(
            [bold(speaker.text("Bring rooms and tenants in"))],
            [
                speaker.text(
                    "Send a CSV file, up to 2 MB, whose first line names its columns. "
                    "You see what it does before anything is written."
                )
            ],
            [
                speaker.text("Needed: {columns}", columns=_code(REQUIRED_COLUMNS)),
                speaker.text(
                    "{column}, for example 6.50, unless the place has just one tariff",
                    column=_code(["rate"]),
                ),
            ],
            [
                speaker.text(
                    "If you like: {columns}",
                    columns=_code(
                        [x for x in LEASE_COLUMNS if x not in {*REQUIRED_COLUMNS, "rate"}]
                    ),
                )
            ],
            [
                speaker.text(
                    "Or a file of meters, with {columns} and what else is known of them.",
                    columns=_code(METERS_REQUIRED),
                )
            ],
        ),
        buttons=((home_button(speaker),),),
    )


def preview_screen(plan: ImportPlan, name: str, speaker: Speaker, *, nonce: str) -> Screen:
    """Return what the file would do, row by bad row, and the confirmation."""
    rows = len(plan.new) + len(plan.new_meters)
    confirm = Button(
        label=speaker.plain.plural("Import {n} row", "Import {n} rows", rows),
        press=press(Action.IMPORT_CONFIRM, nonce=nonce),
    )
    cancel = Button(label=speaker.plain.text("Cancel"), press=press(Action.CANCEL))
    return Screen(
        html=blocks(
            [line(bold(name)), *_counts(plan, speaker)],
            _new_lines(plan.new, speaker),
            _few(list(warning_texts(plan, speaker)), speaker),
            problem_lines(plan.problems, speaker),
            [] if rows else [speaker.text("There is nothing to import.")],
        ),
        buttons=((confirm, cancel),) if rows else ((home_button(speaker),),),
    )


def imported_screen(done: Imported, links: Mapping[int, str], speaker: Speaker) -> Screen:
    """Return what was done, with the invitation links of a few; of many they are in a file."""
    created = done.created
    few = created if len(created) <= MOST_NEW else ()
    head = speaker.plural("✅ {n} lease imported", "✅ {n} leases imported", len(created))
    invitations = [
        line(bold(room_label(each.plan.row.room)), each.plan.row.tenant, links[each.lease_id])
        for each in few
    ]
    hint = speaker.text("Each link opens once, for one tenant. All links are in the file below.")
    return Screen(
        html=blocks(
            [head, *_counts(done.plan, speaker)[1:]],
            problem_lines(done.plan.problems, speaker),
            invitations,
            [hint] if created else [],
        ),
        buttons=(
            (
                Button(label=speaker.plain.text("Rooms"), press=press(Action.ROOMS)),
                home_button(speaker),
            ),
        ),
    )


def problem_lines(problems: Sequence[RowProblem], speaker: Speaker) -> list[Safe]:
    """Return why rows cannot be taken, the first of them in words."""
    return _few([problem_text(each, speaker) for each in problems], speaker)


def _few(said: list[Safe], speaker: Speaker) -> list[Safe]:
    more = len(said) - MOST_PROBLEMS
    if more <= 0:
        return said
    return [*said[:MOST_PROBLEMS], speaker.plural("and {n} more", "and {n} more", more)]


def _counts(plan: ImportPlan, speaker: Speaker) -> list[Safe]:
    bad = len({each.line for each in plan.problems})
    said = [speaker.plural("{n} new lease", "{n} new leases", len(plan.new))]
    if plan.new_meters:
        said.append(speaker.plural("{n} further meter", "{n} further meters", len(plan.new_meters)))
    if plan.unchanged:
        said.append(
            speaker.plural(
                "{n} is here already, unchanged",
                "{n} are here already, unchanged",
                len(plan.unchanged),
            )
        )
    if bad:
        said.append(
            speaker.plural("⚠️ {n} line cannot be taken", "⚠️ {n} lines cannot be taken", bad)
        )
    return said


def _new_lines(new: Sequence[LeasePlan], speaker: Speaker) -> list[Safe]:
    shown = [
        line(bold(room_label(each.row.room)), each.row.tenant, each.row.place)
        for each in new[:MOST_NEW]
    ]
    more = len(new) - len(shown)
    if more:
        shown.append(speaker.plural("and {n} more", "and {n} more", more))
    return shown


def _code(columns: Sequence[str]) -> Safe:
    return Safe(f"<code>{', '.join(columns)}</code>")
