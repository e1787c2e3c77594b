"""What is known so far of a split, as its buttons carry it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.allocation import Span
from bot.domain.meter import SplitKey
from bot.services.allocation_look import MeterChoice
from bot.services.allocation_plan import Wish, keys_of
from bot.telegram.callbacks import ButtonUnknown, Press

REST, ALL = "r", "a"
KEY_CODES = {
    "e": SplitKey.EQUAL,
    "h": SplitKey.HEADCOUNT,
    "f": SplitKey.FLOOR_AREA,
    "o": SplitKey.OWN_CONSUMPTION,
    "x": SplitKey.FIXED_RATIO,
}
CODE_OF = {key: code for code, key in KEY_CODES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonDraft:
    """A wish that is being made; None is asked yet, in this order."""

    meter_id: int
    scope: str | None = None
    span: Span | None = None
    key: SplitKey | None = None
    tariff_id: int | None = None

    @property
    def words(self) -> tuple[int | str, ...]:
        """What a button carries."""
        return tuple(self._words())

    @property
    def wish(self) -> Wish:
        """The whole of it."""
        assert self.span is not None
        assert self.key is not None
        assert self.tariff_id is not None
        return Wish(
            meter_id=self.meter_id,
            is_residual=self.scope == REST,
            span=self.span,
            key=self.key,
            tariff_id=self.tariff_id,
        )

    def _words(self) -> Iterator[int | str]:
        yield self.meter_id
        if self.scope is None:
            return
        yield self.scope
        if self.span is None:
            return
        yield f"{self.span.from_on:%y%m%d}{self.span.to_on:%y%m%d}"
        if self.key is None:
            return
        yield CODE_OF[self.key]
        if self.tariff_id is not None:
            yield self.tariff_id


def draft_of(tap: Press) -> CommonDraft:
    """Return what a button carries. Raises ButtonUnknown."""
    draft, known = CommonDraft(meter_id=tap.integer(0)), len(tap.arguments)
    if known > 1:
        draft = replace(draft, scope=tap.text(1))
    if known > 2:
        draft = replace(draft, span=_span(tap.text(2)))
    if known > 3:
        draft = replace(draft, key=KEY_CODES.get(tap.text(3)))
    if known > 4:
        draft = replace(draft, tariff_id=tap.integer(4))
    if (known > 1 and draft.scope not in {REST, ALL}) or (known > 3 and draft.key is None):
        raise ButtonUnknown(tap.text(1))
    return draft


def with_only_choices(draft: CommonDraft, choice: MeterChoice) -> CommonDraft:
    """Return a draft with what is no question, as there is one answer."""
    scopes, keys = scopes_of(choice), keys_of(choice.meter.sheet)
    if draft.scope is None and len(scopes) == 1:
        draft = replace(draft, scope=scopes[0])
    if draft.span is not None and draft.key is None and len(keys) == 1:
        draft = replace(draft, key=keys[0])
    if draft.key is not None and draft.tariff_id is None and len(choice.tariffs) == 1:
        draft = replace(draft, tariff_id=choice.tariffs[0].id)
    return draft


def one_step_back(draft: CommonDraft, choice: MeterChoice) -> CommonDraft | None:
    """Return the draft with the last question open again, None where there was none before."""
    if draft.tariff_id is not None:
        draft = replace(draft, tariff_id=None)
        if len(choice.tariffs) > 1:
            return draft
    if draft.key is not None:
        draft = replace(draft, key=None)
        if len(keys_of(choice.meter.sheet)) > 1:
            return draft
    if draft.span is not None:
        return replace(draft, span=None)
    if draft.scope is not None and len(scopes_of(choice)) > 1:
        return replace(draft, scope=None)
    return None


def scopes_of(choice: MeterChoice) -> tuple[str, ...]:
    """Return whether the rest, or all that a meter counted, can be split; the usual one first."""
    meter = choice.meter
    rest = (REST,) if meter.has_below else ()
    return (*rest, ALL) if meter.is_shared else rest


def _span(word: str) -> Span:
    try:
        return Span(from_on=_day(word[:6]), to_on=_day(word[6:]))
    except ValueError:
        raise ButtonUnknown(word) from None


def _day(word: str) -> date:
    return date(2000 + int(word[:2]), int(word[2:4]), int(word[4:6]))
