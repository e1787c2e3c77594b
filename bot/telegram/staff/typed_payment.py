"""What somebody means who types /pay in a hurry, in whatever order. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.domain.ledger import PaymentMethod
from bot.domain.money import NotAnAmount, amount_from_text

METHOD_WORDS = {
    "cash": PaymentMethod.CASH,
    "नकद": PaymentMethod.CASH,
    "upi": PaymentMethod.UPI,
    "gpay": PaymentMethod.UPI,
    "phonepe": PaymentMethod.UPI,
    "paytm": PaymentMethod.UPI,
    "bhim": PaymentMethod.UPI,
    "यूपीआई": PaymentMethod.UPI,
    "bank": PaymentMethod.BANK,
    "transfer": PaymentMethod.BANK,
    "neft": PaymentMethod.BANK,
    "imps": PaymentMethod.BANK,
    "rtgs": PaymentMethod.BANK,
    "cheque": PaymentMethod.BANK,
    "बैंक": PaymentMethod.BANK,
    "gateway": PaymentMethod.GATEWAY,
    "online": PaymentMethod.GATEWAY,
    "card": PaymentMethod.GATEWAY,
    "razorpay": PaymentMethod.GATEWAY,
}
_REFERENCE_WORDS = frozenset({"utr", "ref", "reference", "txn", "transaction", "id"})
_FILLERS = frozenset({"by", "via", "in", "with", "from", "for", "paid", "pays", "pay", "no", "of"})
_SIGN = r"(?:₹|rs\.?|inr|रु\.?)"
_CURRENCY = re.compile(rf"(?:{_SIGN}|rupees?|रुपये)", re.IGNORECASE)
_MARKED = re.compile(rf"{_SIGN}.*\d|\d.*(?:{_SIGN}|/-)|\d\.\d{{1,2}}", re.IGNORECASE)
_NUMBER = re.compile(r"(?:[+-]|" + _SIGN + r")*[\d.,]+(?:e[+-]?\d+)?", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{10,}")
_DASH = re.compile(r"[-\u2010-\u2015]")
_ANNOUNCED = re.compile(
    r"^\W*(?:(?:utr|ref|reference|txn|transaction|id|no)\b[\s.:=#]*)*", re.IGNORECASE
)
_EDGES = ".,:;!()"
_LONGEST_AMOUNT = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPayment:
    """A payment as far as it was said: room as typed, amount in paise.

    `refused` stands where the amount belongs and is none; with `is_swapped` the amount stood
    before a name that may be the room's.
    """

    room: str = ""
    amount_paise: int | None = None
    method: PaymentMethod | None = None
    reference: str | None = None
    refused: str = ""
    is_swapped: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands for the amount."""
        return self.amount_paise is None and not self.refused


def parse_payment(text: str) -> Sequence[TypedPayment]:
    """Return what may be meant by `<room> <amount> [method] [reference]`, as it is to be tried.

    The order decides, never which number happens to be a room: who mistypes the room would
    pay for another. Whether `asha 302` names a room whole only the rooms themselves can tell.
    """
    words = _joined(text.split())
    method, reference, rest = _taken_out(words)
    found = [
        replace(each, method=method, reference=reference or each.reference)
        for each in _readings(rest)
    ]
    return [_as_upi(each) for each in dict.fromkeys(found)]


def parse_terms(text: str) -> TypedPayment:
    """Return an amount with its method and reference, typed without a room."""
    words = _joined(text.split())
    method, reference, rest = _taken_out(words)
    at = next((n for n, word in enumerate(rest) if _amount(word) is not None), None)
    if at is None:
        return _as_upi(TypedPayment(method=method, reference=reference))
    trailing = "".join(word for word in rest[at + 1 :] if _has_digit(word)) or None
    return _as_upi(
        TypedPayment(amount_paise=_amount(rest[at]), method=method, reference=reference or trailing)
    )


def parse_reference(text: str) -> str:
    """Return a reference as it was typed, without the words that only announce it."""
    return _ANNOUNCED.sub("", text).strip()


def _joined(words: Sequence[str]) -> list[str]:
    """Put a currency that stands alone to the number that it belongs to."""
    joined: list[str] = []
    for word in words:
        before = joined[-1] if joined else ""
        if _CURRENCY.fullmatch(before) and word[:1].isdigit():
            joined[-1] = f"₹{word}"
        else:
            joined.append(word)
    return list(_with_trailing_currency(joined))


def _with_trailing_currency(words: Sequence[str]) -> Iterator[str]:
    for word, after in zip_longest(words, words[1:], fillvalue=""):
        if _CURRENCY.fullmatch(after) and _amount(word) is not None:
            yield f"₹{word}"
        elif not _CURRENCY.fullmatch(word):
            yield word


def _taken_out(words: Sequence[str]) -> tuple[PaymentMethod | None, str | None, list[str]]:
    """Return method and reference as far as words name them, and all other words."""
    method: PaymentMethod | None = None
    reference: str | None = None
    rest: list[str] = []
    expects = False
    for word in words:
        plain = word.casefold().strip(_EDGES + "#")
        named = _named_reference(word)
        if plain in METHOD_WORDS:
            method = method or METHOD_WORDS[plain]
        elif named is not None:
            reference = named
        elif plain in _REFERENCE_WORDS:
            expects = True
            continue
        elif expects and _has_digit(word):
            reference = word.strip(_EDGES + "#")
        elif plain not in _FILLERS:
            rest.append(word)
        expects = expects and plain in _FILLERS
    return method, reference, rest


def _named_reference(word: str) -> str | None:
    """Return what follows in `utr:423188908890` or `ref#88`, or a number too long for money."""
    bare = _DASH.sub("", word.strip(_EDGES + "#"))
    if _LONG_NUMBER.fullmatch(bare):
        return bare
    name, mark, value = re.sub(r"[=#]", ":", word, count=1).partition(":")
    if mark and name.casefold() in _REFERENCE_WORDS and _has_digit(value):
        return value.strip(_EDGES)
    return None


def _readings(words: Sequence[str]) -> Iterator[TypedPayment]:
    amounts = [n for n, word in enumerate(words) if _amount(word) is not None]
    marked = [n for n in amounts if _MARKED.search(words[n])]
    if marked:
        yield _around(words, marked[0])
    elif len(amounts) > 1:
        yield _around(words, amounts[1])
    else:
        yield TypedPayment(room=" ".join(words))
        yield from _with_one_number(words, amounts[0] if amounts else None)


def _with_one_number(words: Sequence[str], at: int | None) -> Iterator[TypedPayment]:
    """Read words of which one at most can be an amount, and that one may be the room's number."""
    numbers = [n for n, word in enumerate(words) if _has_digit(word)]
    is_last = at == len(words) - 1
    if at is not None and len(words) > 1 and (is_last or at != numbers[0]):
        yield _around(words, at)
        return
    end = at + 1 if at is not None else _room_ends(words, numbers)
    if not 0 < end < len(words):
        return
    yield TypedPayment(room=" ".join(words[:end]), refused=" ".join(words[end:]))
    if at is not None and not any(map(_is_number, words[end:])):
        yield replace(_around(words, at), is_swapped=True)


def _room_ends(words: Sequence[str], numbers: Sequence[int]) -> int:
    """Return where the room ends when no word is an amount: `asha 0`, `#302 abc`."""
    if not numbers:
        return len(words)
    return numbers[-1] if _is_number(words[numbers[-1]]) else numbers[-1] + 1


def _around(words: Sequence[str], at: int) -> TypedPayment:
    """Read the words before and after the amount: first the room, then a reference."""
    room = list(words[:at])
    said: list[str] = []
    for word in words[at + 1 :]:
        if any(map(_has_digit, room)) and _has_digit(word):
            said.append(word.strip(_EDGES + "#"))
        else:
            room.append(word)
    return TypedPayment(
        room=" ".join(room), amount_paise=_amount(words[at]), reference="".join(said) or None
    )


def _amount(word: str) -> int | None:
    digits = sum(map(str.isdigit, word))
    if digits > _LONGEST_AMOUNT:
        return None
    try:
        return amount_from_text(word.strip(",:;!()"))
    except NotAnAmount:
        return None


def _is_number(word: str) -> bool:
    """Return whether a word can only be a number, if a mistyped one: "0", "-5", "1e9"."""
    return _NUMBER.fullmatch(word) is not None


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _as_upi(typed: TypedPayment) -> TypedPayment:
    """A reference of twelve digits is a UPI's, when nothing else was said."""
    is_utr = typed.reference is not None and re.fullmatch(r"\d{12}", typed.reference)
    if typed.method is None and is_utr:
        return replace(typed, method=PaymentMethod.UPI)
    return typed
