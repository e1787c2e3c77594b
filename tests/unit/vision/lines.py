"""Lines as the recogniser might have read them."""

from collections.abc import Sequence

from bot.vision.slots import Slot


def slot(digit: int, *, sure: float = 0.98, instead: int | None = None) -> Slot:
    """Return a place that shows the digit; what is not sure may be another digit."""
    odds = [0.001] * 10
    odds[digit] = sure
    if instead is not None:
        odds[instead] = 0.99 - sure
    return Slot(odds=tuple(odds), nothing=max(1 - sum(odds), 0.0))


def line(digits: str) -> Sequence[Slot]:
    """Return a line that clearly shows these digits."""
    return [slot(int(digit)) for digit in digits]
