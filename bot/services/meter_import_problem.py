"""What is wrong with a row of meters, from the rule that it breaks."""

from collections.abc import Mapping

from bot.domain.meter import MeterField, MeterNotPossible
from bot.domain.meter_tree import MeterAboveItself
from bot.services.exchange.meter_rows import FIELD_COLUMNS, MeterRow
from bot.services.exchange.problem import ProblemKind, RowProblem, shown
from bot.services.meter_field import SheetField
from bot.services.meter_rule import (
    CountsOtherwise,
    FieldHasReadings,
    MeterCharges,
    MeterElsewhere,
    MeterNameMissing,
    MeterNameTaken,
    SerialNumberTaken,
    VendorNameTaken,
)

REFUSALS = (
    MeterNameMissing,
    MeterNameTaken,
    SerialNumberTaken,
    VendorNameTaken,
    FieldHasReadings,
    CountsOtherwise,
    MeterElsewhere,
    MeterCharges,
)
_KINDS: Mapping[type[Exception], tuple[ProblemKind, str]] = {
    MeterNameMissing: (ProblemKind.UNPRINTABLE, "name"),
    MeterNameTaken: (ProblemKind.NAME_TAKEN, "name"),
    SerialNumberTaken: (ProblemKind.SERIAL_TAKEN, "serial_number"),
    VendorNameTaken: (ProblemKind.VENDOR_NAME_TAKEN, "meter"),
    CountsOtherwise: (ProblemKind.COUNTS_OTHERWISE, "parent"),
    MeterElsewhere: (ProblemKind.PARENT_UNKNOWN, "parent"),
    MeterCharges: (ProblemKind.METER_CHARGES, "billing_type"),
    MeterAboveItself: (ProblemKind.CIRCLE, "parent"),
}
_FLAWS: Mapping[MeterField, tuple[ProblemKind, str]] = {
    MeterField.UNIT: (ProblemKind.NOT_OF_TYPE, "unit"),
    MeterField.SERVICE: (ProblemKind.NOT_OF_TYPE, "service"),
    MeterField.INSTALLED_ON: (ProblemKind.DATES_DISAGREE, "installed_on"),
    MeterField.LAST_INSPECTION_ON: (ProblemKind.DATES_DISAGREE, "last_inspection_on"),
    MeterField.NEXT_INSPECTION_ON: (ProblemKind.DATES_DISAGREE, "next_inspection_on"),
    MeterField.DECIMALS: (ProblemKind.TOO_LARGE, "decimals"),
    MeterField.SPLIT_KEY: (ProblemKind.NOT_SPLIT, "split_key"),
    MeterField.PARENT: (ProblemKind.CIRCLE, "parent"),
    MeterField.MAIN: (ProblemKind.MAIN_BELOW, "main"),
    MeterField.SERIAL_NUMBER: (ProblemKind.TOO_LONG, "serial_number"),
    MeterField.TEXT: (ProblemKind.TOO_LONG, "name"),
}
_COLUMN_OF = {field: column for column, field in FIELD_COLUMNS.items()}


def problem_of(error: Exception, row: MeterRow) -> RowProblem:
    """Return what is wrong with a row whose meter cannot be so."""
    limit, facts = None, {}
    if isinstance(error, MeterNotPossible):
        flaw = error.flaws[0]
        kind, column = _FLAWS[flaw.field]
        limit = flaw.limit
    elif isinstance(error, FieldHasReadings):
        kind, column = ProblemKind.METER_READ, _column(error.field)
    else:
        kind, column = _KINDS[type(error)]
    if isinstance(error, MeterCharges):
        facts["rooms"] = ", ".join(share.room for share in error.shares)
    if limit is not None:
        facts |= {"limit": str(limit), "most": str(limit)}
    value = row.cells.get(column, "")
    return RowProblem(line=row.line, kind=kind, column=column, value=shown(value), facts=facts)


def _column(field: SheetField) -> str:
    return _COLUMN_OF[field]
