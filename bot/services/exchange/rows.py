"""Cells as they are written for spreadsheets."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.money import rupees_from_paise

# A spreadsheet takes a text that begins like this for a formula, and runs it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def text_cell(text: str | None) -> str:
    """This function will return a text that no spreadsheet runs as a formula."""
    if text is None:
        return ""
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_FORMULA_STARTS) else text


def bare_text(cell: str) -> str:
    """This function will return the text of a cell, for files that know words from formulas."""
    is_guarded = cell.startswith("'") and text_cell(cell[1:]) == cell
    return cell[1:] if is_guarded else cell


def money_cell(paise: int) -> str:
    """This function will return rupees with two decimals and a plain minus."""
    return f"{rupees_from_paise(paise):f}"


def number_cell(value: Decimal | None) -> str:
    """This function will return a number with one to three decimals, "" for none."""
    if value is None:
        return ""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0') or '0'}"


def instant_cell(at: datetime | None, zone: ZoneInfo) -> str:
    """This function will return an instant in the place's time, with its offset."""
    return "" if at is None else at.astimezone(zone).isoformat(timespec="seconds")


def csv_line(cells: Iterable[str]) -> str:
    """This function will return one line of CSV, with its end; breaks in cells become "\\n"."""
    out = io.StringIO()
    plain = ["\n".join(cell.replace("\r\n", "\n").split("\r")) for cell in cells]
    csv.writer(out, lineterminator="\n").writerow(plain)
    return out.getvalue()
