"""What has been said so far of a meter that is to be made or changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.meter import SERVICES_OF, UNITS_OF, BillingType, MeterSheet
from bot.services.meter_field import Changes, SheetField, value_from, word_of

ASKING = "meter.form"
NEW = (
    SheetField.TYPE,
    SheetField.UNIT,
    SheetField.NAME,
    SheetField.ROOM,
    SheetField.BILLING,
    SheetField.SERIAL,
    SheetField.INSTALLED,
)
"""What is asked of a new meter; the rest is set afterwards, where it is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterDraft:
    """A meter as far as it was described; a `meter_id` of None is one to be made."""

    id: str
    place_id: int
    meter_id: int | None
    fields: tuple[SheetField, ...]
    words: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def changes(self) -> Changes:
        """What was said, by attribute."""
        return {
            SheetField(key): value_from(SheetField(key), word) for key, word in self.words.items()
        }

    def said(self, at: SheetField, value: object) -> "MeterDraft":
        """Return the draft with an answer; another type forgets the unit of the last one."""
        words = {**self.words, at.value: word_of(value)}
        if at is SheetField.TYPE:
            words = {key: word for key, word in words.items() if key not in _OF_TYPE}
        return replace(self, words=words)

    def after(self, at: SheetField, sheet: MeterSheet) -> SheetField | None:
        """Return what is asked next of a meter as it is by now, None for the confirmation."""
        rest = self.fields[self.fields.index(at) + 1 :]
        return next((each for each in rest if is_asked(each, sheet)), None)

    def before(self, at: SheetField | None, sheet: MeterSheet) -> SheetField | None:
        """Return what was asked before a step, or before the confirmation."""
        until = len(self.fields) if at is None else self.fields.index(at)
        earlier = [each for each in self.fields[:until] if is_asked(each, sheet)]
        return earlier[-1] if earlier else None

    def facts(self, at: SheetField | None) -> dict[str, object]:
        """Return the draft as a dialog keeps it, at a step of it."""
        return {
            "draft": self.id,
            "place_id": self.place_id,
            "meter_id": self.meter_id,
            "fields": "".join(each.value for each in self.fields),
            "words": dict(self.words),
            "at": None if at is None else at.value,
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "MeterDraft":
        """Return the draft that a dialog keeps."""
        return cls(
            id=facts["draft"],
            place_id=facts["place_id"],
            meter_id=facts["meter_id"],
            fields=tuple(map(SheetField, facts["fields"])),
            words=facts["words"],
        )


_OF_TYPE = frozenset({SheetField.UNIT.value, SheetField.SERVICE.value})


def is_asked(each: SheetField, sheet: MeterSheet) -> bool:
    """Return whether there is anything to choose for a meter."""
    if each is SheetField.UNIT:
        return len(UNITS_OF[sheet.type]) > 1
    if each is SheetField.SERVICE:
        return len(SERVICES_OF[sheet.type]) > 1
    if each is SheetField.KEY:
        return sheet.billing_type is BillingType.COLLECTIVE
    return True
