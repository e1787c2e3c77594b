"""One cell of a spreadsheet, typed: money, numbers, days, phones and words."""

import re
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from bot.domain.metering import is_in_thousandths
from bot.domain.money import MAX_AMOUNT_PAISE, NotAnAmount, decimal_from_text
from bot.services.exchange.problem import ProblemKind

LONGEST_NAME = 100
LARGEST_RATE_RUPEES = 10_000
LARGEST_READING = 10**9
EARLIEST_ON = date(2000, 1, 1)

_PHONE = re.compile(r"\+?[0-9]{7,15}")

EnumT = TypeVar("EnumT", bound=Enum)


class BadCell(ValueError):
    """A cell does not hold what its column wants."""

    def __init__(self, kind: ProblemKind, **facts: str) -> None:
        super().__init__(kind, facts)
        self.kind = kind
        self.facts = facts


def name(text: str) -> str:
    """This function will return a name with single spaces. Raises BadCell."""
    plain = " ".join(text.split())
    if not plain:
        raise BadCell(ProblemKind.MISSING)
    if len(plain) > LONGEST_NAME:
        raise BadCell(ProblemKind.TOO_LONG, most=str(LONGEST_NAME))
    if not plain.isprintable():
        raise BadCell(ProblemKind.UNPRINTABLE)
    return plain


def rupees(text: str) -> int:
    """This function will return paise, perhaps negative. Raises BadCell."""
    amount = _number(text, most=Decimal(MAX_AMOUNT_PAISE) / 100)
    return int(_exact(amount, places=2).scaleb(2))


def rupees_from_zero(text: str) -> int:
    """This function will return paise, not below zero. Raises BadCell."""
    paise = rupees(text)
    if paise < 0:
        raise BadCell(ProblemKind.NEGATIVE)
    return paise


def rate(text: str) -> Decimal:
    """This function will return paise per unit of rupees with four decimals. Raises BadCell."""
    amount = _number(text, most=Decimal(LARGEST_RATE_RUPEES))
    if amount < 0:
        raise BadCell(ProblemKind.NEGATIVE)
    return _exact(amount, places=4).scaleb(2)


def register(text: str) -> Decimal:
    """This function will return what a counter shows, in thousandths. Raises BadCell."""
    value = _number(text, most=Decimal(LARGEST_READING))
    if value < 0:
        raise BadCell(ProblemKind.NEGATIVE)
    if not is_in_thousandths(value):
        raise BadCell(ProblemKind.TOO_MANY_DECIMALS, most="3")
    return value


def day(text: str) -> date:
    """This function will read an ISO date. Raises BadCell."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise BadCell(ProblemKind.BAD_DATE)
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise BadCell(ProblemKind.BAD_DATE) from None
    if on < EARLIEST_ON:
        raise BadCell(ProblemKind.DATE_TOO_EARLY, first=EARLIEST_ON.isoformat())
    return on


def phone(text: str) -> str:
    """This function will return a phone number without what is only for the eye. Raises BadCell."""
    bare = re.sub(r"[\s().-]", "", text)
    if not _PHONE.fullmatch(bare):
        raise BadCell(ProblemKind.BAD_PHONE)
    return bare


def word(text: str, words: type[EnumT]) -> EnumT:
    """This function will find one of some words, in any case. Raises BadCell."""
    wanted = re.sub(r"[\s-]+", "_", text).casefold()
    for each in words:
        if str(each.value).casefold() == wanted:
            return each
    raise BadCell(ProblemKind.UNKNOWN_WORD, words=", ".join(str(each.value) for each in words))


def day_of_month(text: str) -> int:
    """This function will return a billing day. Raises BadCell."""
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or not 1 <= int(text) <= 28:
        raise BadCell(ProblemKind.BAD_DAY)
    return int(text)


def _number(text: str, *, most: Decimal) -> Decimal:
    try:
        value = decimal_from_text(text)
    except NotAnAmount:
        raise BadCell(ProblemKind.NOT_A_NUMBER) from None
    if value.copy_abs() > most:
        raise BadCell(ProblemKind.TOO_LARGE, most=str(most))
    return value


def _exact(value: Decimal, *, places: int) -> Decimal:
    # Counted on the text: arithmetic of 28 digits would round a longer number first.
    if len(f"{value:f}".partition(".")[2].rstrip("0")) > places:
        raise BadCell(ProblemKind.TOO_MANY_DECIMALS, most=str(places))
    return value
