"""Why a row of an import cannot be taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

SHOWN_LENGTH = 40


class ProblemKind(Enum):
    """A reason, of which people are told in their language."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    UNPRINTABLE = "unprintable"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    TOO_MANY_DECIMALS = "too_many_decimals"
    BAD_DATE = "bad_date"
    DATE_TOO_EARLY = "date_too_early"
    DATE_IN_FUTURE = "date_in_future"
    BAD_PHONE = "bad_phone"
    UNKNOWN_WORD = "unknown_word"
    BAD_DAY = "bad_day"
    LOW_BELOW_CUT_OFF = "low_below_cut_off"
    TOO_MANY_CELLS = "too_many_cells"
    ROOM_TWICE = "room_twice"
    METER_TWICE = "meter_twice"
    ROOM_LET = "room_let"
    TERMS_DIFFER = "terms_differ"
    METER_TAKEN = "meter_taken"
    METER_ELSEWHERE = "meter_elsewhere"
    METER_OTHER_TYPE = "meter_other_type"
    READING_BELOW_LAST = "reading_below_last"
    STARTS_BEFORE_LAST = "starts_before_last"
    NO_RATE = "no_rate"
    NO_TARIFF = "no_tariff"
    NOT_YOURS = "not_yours"
    NOT_POSITIVE = "not_positive"
    PLACE_UNKNOWN = "place_unknown"
    ROOM_UNKNOWN = "room_unknown"
    PARENT_UNKNOWN = "parent_unknown"
    NAME_TAKEN = "name_taken"
    SERIAL_TAKEN = "serial_taken"
    VENDOR_NAME_TAKEN = "vendor_name_taken"
    METER_READ = "meter_read"
    METER_CHARGES = "meter_charges"
    COUNTS_OTHERWISE = "counts_otherwise"
    CIRCLE = "circle"
    NOT_OF_TYPE = "not_of_type"
    NOT_SPLIT = "not_split"
    DATES_DISAGREE = "dates_disagree"
    MAIN_BELOW = "main_below"
    METER_MOVED = "meter_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """What is wrong in a line; `facts` are texts for the sentence about it."""

    line: int
    kind: ProblemKind
    column: str | None = None
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def shown(text: str) -> str:
    """Return a cell as it is quoted back: one line, not too long."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain if len(plain) <= SHOWN_LENGTH else f"{plain[: SHOWN_LENGTH - 1]}…"
