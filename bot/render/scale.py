"""The vertical scale of a chart: round numbers, few lines."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

HEIGHT_OF_SCALE = 10_000
_LINES_AT_MOST = 3
_FINEST_STEP = Decimal("0.001")
_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Scale:
    """Grid lines at multiples of `step`, the last of them at or above the largest value."""

    step: Decimal
    lines: int

    def values(self) -> tuple[Decimal, ...]:
        """Return the values of the grid lines above zero, ascending."""
        return tuple(self.step * line for line in range(1, self.lines + 1))

    def height(self, value: Decimal) -> int:
        """Return the height of a value in ten-thousandths of the scale."""
        share = value * HEIGHT_OF_SCALE / (self.step * self.lines)
        return int(share.to_integral_value(ROUND_HALF_UP))


def scale_for(largest: Decimal) -> Scale:
    """Return the scale with the finest round step that needs at most three lines."""
    if largest <= 0:
        return Scale(Decimal(1), 1)
    power = max(Decimal(1).scaleb((largest / _LINES_AT_MOST).adjusted()), _FINEST_STEP)
    step = next(power * s for s in _STEPS if power * s * _LINES_AT_MOST >= largest)
    return Scale(step, int((largest / step).to_integral_value(ROUND_CEILING)))
