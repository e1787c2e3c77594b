"""Why a row, or a whole file, could not be taken, said so that it can be mended."""

from collections.abc import Mapping

from bot.i18n.markup import Safe
from bot.i18n.speaker import N_, Speaker
from bot.services.exchange.problem import ProblemKind, RowProblem
from bot.services.exchange.table import TableFlaw, UnreadableTable

PROBLEMS: Mapping[ProblemKind, str] = {
    ProblemKind.MISSING: N_("is empty, it is needed"),
    ProblemKind.TOO_LONG: N_("“{value}” is longer than {most} characters"),
    ProblemKind.UNPRINTABLE: N_("“{value}” holds characters that cannot be shown"),
    ProblemKind.NOT_A_NUMBER: N_("“{value}” is not a number; write it like 1250.50"),
    ProblemKind.NEGATIVE: N_("“{value}” is below zero"),
    ProblemKind.TOO_LARGE: N_("“{value}” is too large"),
    ProblemKind.TOO_MANY_DECIMALS: N_("“{value}” has more than {most} decimals"),
    ProblemKind.BAD_DATE: N_("“{value}” is not a date; write it like 2026-11-30"),
    ProblemKind.DATE_TOO_EARLY: N_("“{value}” is too long ago; {first} is the earliest"),
    ProblemKind.DATE_IN_FUTURE: N_("“{value}” is still to come; today is {today}"),
    ProblemKind.BAD_PHONE: N_("“{value}” is not a phone number; write it like +919812345678"),
    ProblemKind.UNKNOWN_WORD: N_("“{value}” is not one of {words}"),
    ProblemKind.BAD_DAY: N_("“{value}” is not a day from 1 to 28"),
    ProblemKind.LOW_BELOW_CUT_OFF: N_("the low balance is below the cut-off"),
    ProblemKind.TOO_MANY_CELLS: N_("there are more cells than columns; put “…” around commas"),
    ProblemKind.ROOM_TWICE: N_("“{value}” is in line {other} already"),
    ProblemKind.METER_TWICE: N_("“{value}” is in line {other} already"),
    ProblemKind.ROOM_LET: N_("“{value}” is let to {tenant}; move them out first"),
    ProblemKind.TERMS_DIFFER: N_(
        "this lease is here already, with another {columns}; an import changes no lease"
    ),
    ProblemKind.METER_TAKEN: N_("“{value}” measures another lease that runs"),
    ProblemKind.METER_ELSEWHERE: N_("“{value}” is in another place"),
    ProblemKind.METER_OTHER_TYPE: N_("this meter is here already, as {type}"),
    ProblemKind.READING_BELOW_LAST: N_("{value} is below the last reading of this meter, {last}"),
    ProblemKind.STARTS_BEFORE_LAST: N_(
        "“{value}” is before the last reading of this meter, of {day}"
    ),
    ProblemKind.NO_RATE: N_(
        "give a rate, for example 6.50: this place has {count} tariffs to choose from"
    ),
    ProblemKind.NO_TARIFF: N_(
        "give a rate, for example 6.50: this place has no tariff for this yet"
    ),
    ProblemKind.NOT_YOURS: N_("“{value}” is not a place that you may add to"),
    ProblemKind.NOT_POSITIVE: N_("“{value}” is not more than 0"),
    ProblemKind.PLACE_UNKNOWN: N_("there is no place “{value}”; import its rooms first"),
    ProblemKind.ROOM_UNKNOWN: N_("there is no room “{value}” in this place"),
    ProblemKind.PARENT_UNKNOWN: N_("there is no meter “{value}” in this place"),
    ProblemKind.NAME_TAKEN: N_("another meter of this place is called “{value}”"),
    ProblemKind.SERIAL_TAKEN: N_("“{value}” is on another meter already"),
    ProblemKind.VENDOR_NAME_TAKEN: N_("“{value}” is another meter at Qube"),
    ProblemKind.METER_READ: N_("this meter was read already, so this stays as it is"),
    ProblemKind.METER_CHARGES: N_("{rooms} was charged by this meter, so this stays as it is"),
    ProblemKind.COUNTS_OTHERWISE: N_(
        "“{value}” counts something else; a sub-meter counts the same, in the same unit"
    ),
    ProblemKind.CIRCLE: N_("“{value}” hangs below this meter already; that would be a circle"),
    ProblemKind.NOT_OF_TYPE: N_("“{value}” does not go with the type of this meter"),
    ProblemKind.NOT_SPLIT: N_("only what several tenants pay is split; empty this cell"),
    ProblemKind.DATES_DISAGREE: N_(
        "“{value}” does not go with {limit}: installed, inspected, inspected next, in this order, "
        "and nothing but the last after today"
    ),
    ProblemKind.MAIN_BELOW: N_("a main meter hangs below none; empty “main” or “parent”"),
    ProblemKind.METER_MOVED: N_("this meter is in another place, and stays there"),
}

FLAWS: Mapping[TableFlaw, str] = {
    TableFlaw.TOO_LARGE: N_("The file is too large. Split it into files of up to 2 MB."),
    TableFlaw.NOT_TEXT: N_("This is not a CSV file. Save the sheet as CSV in UTF-8 and try again."),
    TableFlaw.EMPTY: N_("The file is empty."),
    TableFlaw.COLUMNS_MISSING: N_("The first line lacks these columns: {columns}."),
    TableFlaw.COLUMNS_UNKNOWN: N_("The first line has columns that I do not know: {columns}."),
    TableFlaw.COLUMNS_TWICE: N_("The first line has columns twice: {columns}."),
    TableFlaw.BAD_QUOTES: N_("The quotes do not match from line {line} on."),
}


def problem_text(problem: RowProblem, speaker: Speaker) -> Safe:
    """Return one sentence that begins with the line and the column."""
    reason = speaker.text(PROBLEMS[problem.kind], **{"value": problem.value, **problem.facts})
    if problem.column is None:
        return speaker.text("Line {line}: {reason}", line=problem.line, reason=reason)
    return speaker.text(
        "Line {line}, {column}: {reason}",
        line=problem.line,
        column=problem.column,
        reason=reason,
    )


def unreadable_text(error: UnreadableTable, speaker: Speaker) -> Safe:
    """Return what is wrong with a file as a whole."""
    columns = ", ".join(error.columns)
    return speaker.text(FLAWS[error.flaw], columns=columns, line=error.line or 1)
