"""Which possible values does a line show, and how much rather than by chance? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log

from bot.vision.prior import Prior
from bot.vision.slots import Slot

CHANCE = log(10)
BEFORE = 0.03
BEHIND = 0.03
MOST_STATES = 60
HOPELESS = log(1e5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgiveness:
    """How likely a place is misread however clear it is: another digit, or a digit for nothing."""

    misread: float
    skipped: float


FORGIVING = Forgiveness(misread=0.001, skipped=0.003)
STRICT = Forgiveness(misread=1e-6, skipped=1e-5)


def evidence(
    slots: Sequence[Slot], prior: Prior, *, forgives: Forgiveness = FORGIVING
) -> dict[Decimal, float]:
    """Return by value how many times likelier the line is if it shows it than if it shows noise.

    Noise puts any digit anywhere, so each digit that fits counts up to ten. Digits before the
    number speak against it (it is a part of something longer), those behind it a little less
    (decimals, a unit read as digits).
    """
    found: dict[Decimal, float] = {}
    behind = _behind(slots)
    before = 0.0
    states: dict[str, float] = {}
    for index, slot in enumerate(slots):
        states = _best(_stepped(states, slot, before, prior, forgives))
        for digits, weight in states.items():
            for value, share in prior.values(digits):
                total = share * exp(weight + behind[index + 1])
                found[value] = max(found.get(value, 0.0), total)
        before += _unused(slot, BEFORE)
    return found


def _behind(slots: Sequence[Slot]) -> list[float]:
    """Return by index what it costs that the number ends before that slot."""
    costs = [0.0]
    for slot in reversed(slots):
        costs.append(costs[-1] + _unused(slot, BEHIND))
    return costs[::-1]


def _unused(slot: Slot, least: float) -> float:
    return log(slot.nothing + (1 - slot.nothing) * least)


def _stepped(
    states: dict[str, float], slot: Slot, before: float, prior: Prior, forgives: Forgiveness
) -> dict[str, float]:
    """Return the states after one more slot: one more digit, or none, or a beginning here."""
    skipped = log(slot.nothing + forgives.skipped)
    gains = [CHANCE + log(max(odds, forgives.misread)) for odds in slot.odds]
    after = {digits: weight + skipped for digits, weight in states.items()}
    for digits, weight in (*states.items(), ("", before)):
        for digit, longer in prior.longer(digits):
            total = weight + gains[digit]
            after[longer] = max(after.get(longer, total), total)
    return after


def _best(states: dict[str, float]) -> dict[str, float]:
    """Return the likely states alone: others will hardly catch up."""
    least = max(states.values(), default=0.0) - HOPELESS
    likely = [digits for digits, weight in states.items() if weight >= least]
    kept = sorted(likely, key=lambda digits: -states[digits])[:MOST_STATES]
    return {digits: states[digits] for digits in kept}
