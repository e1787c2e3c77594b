"""A payment that a tenant reports, as far as it was said, and what further words add to it. Pure.

Whatever comes first counts: people type the reference where they are asked how they paid.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.claim import CLAIMABLE
from bot.domain.ledger import PaymentMethod
from bot.domain.money import amount_from_text
from bot.services.claim_check import ClaimDraft
from bot.telegram.screens.payment import CODES, METHODS
from bot.telegram.staff.typed_payment import METHOD_WORDS, parse_reference, parse_terms

_LONG = 10
_GAPS = re.compile(r"[\s\u2010-\u2015-]")
_LONG_NUMBER = re.compile(rf"\d{{{_LONG},}}")
_LIKE_REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9/-]{8,64}")


class ClaimNotUnderstood(ValueError):
    """Nothing in the words tells how much was paid, how, or with which reference."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known of a payment so far; money in paise."""

    lease_id: int
    amount_paise: int | None = None
    method: PaymentMethod | None = None
    reference: str | None = None
    photo_id: int | None = None

    @property
    def draft(self) -> ClaimDraft | None:
        """The claim, once nothing is missing; cash leaves no trace that could be asked for."""
        if self.amount_paise is None or self.method is None:
            return None
        has_proof = self.reference is not None or self.photo_id is not None
        if self.method is not PaymentMethod.CASH and not has_proof:
            return None
        return ClaimDraft(
            lease_id=self.lease_id,
            amount_paise=self.amount_paise,
            method=self.method,
            reference=self.reference,
            photo_id=self.photo_id,
        )

    def facts(self) -> dict[str, object]:
        """Return it as a dialog keeps it."""
        return {
            "lease_id": self.lease_id,
            "amount_paise": self.amount_paise,
            "method": None if self.method is None else CODES[self.method],
            "reference": self.reference,
            "photo_id": self.photo_id,
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Said":
        """Return what a dialog keeps; one of an earlier version kept less."""
        return cls(
            lease_id=facts["lease_id"],
            amount_paise=facts.get("amount_paise"),
            method=METHODS.get(facts.get("method") or ""),
            reference=facts.get("reference"),
            photo_id=facts.get("photo_id"),
        )


def with_amount(said: Said, text: str) -> Said:
    """Return what is known after an answer to how much was paid. Raises NotAnAmount."""
    try:
        return with_words(said, text)
    except ClaimNotUnderstood:
        return replace(said, amount_paise=amount_from_text(text))


def with_words(said: Said, text: str) -> Said:
    """Return what is known after words of which none were asked for. Raises ClaimNotUnderstood."""
    number = _GAPS.sub("", parse_reference(text))
    typed = parse_terms(number if _LONG_NUMBER.fullmatch(number) else text)
    reference = typed.reference
    if reference is None and _LIKE_REFERENCE.fullmatch(parse_reference(text)):
        reference = parse_reference(text)
    method = typed.method if typed.method in CLAIMABLE else None
    if not (typed.amount_paise or method or reference):
        raise ClaimNotUnderstood(text)
    return replace(
        said,
        amount_paise=typed.amount_paise or said.amount_paise,
        method=method or said.method,
        reference=reference or said.reference,
    )


def with_reference(said: Said, text: str) -> Said:
    """Return what is known after an answer to which reference. Raises ClaimNotUnderstood."""
    words = [each for each in text.split() if each.casefold() not in METHOD_WORDS]
    typed = parse_reference(" ".join(words))
    named = parse_terms(text)
    if named.reference is not None and len(named.reference) >= _LONG:
        typed = named.reference
    method = named.method if named.method in CLAIMABLE else said.method
    if not any(map(str.isdigit, typed)):
        if method is said.method:
            raise ClaimNotUnderstood(text)
        return replace(said, method=method)
    return replace(said, method=method, reference=typed)
