"""Where things are in a picture: turned rectangles, and those that stand on one line. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin

Point = tuple[float, float]

MOST_UNEVEN = 1.7
MOST_ASIDE_HEIGHTS = 0.35
WIDEST_GAP_HEIGHTS = 1.6
STEEPEST_DEGREES = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels; `angle_degrees` turns its lower edge clockwise away from level."""

    x: float
    y: float
    width: float
    height: float
    angle_degrees: float

    @property
    def along(self) -> Point:
        """The direction of reading, of length one."""
        turn = radians(self.angle_degrees)
        return cos(turn), sin(turn)

    def corners(self) -> tuple[Point, Point, Point, Point]:
        """Return the corners as they are read: top left, top right, bottom right, bottom left."""
        (ax, ay), half_w, half_h = self.along, self.width / 2, self.height / 2

        def at(right: float, down: float) -> Point:
            return self.x + right * ax - down * ay, self.y + right * ay + down * ax

        return (
            at(-half_w, -half_h),
            at(half_w, -half_h),
            at(half_w, half_h),
            at(-half_w, half_h),
        )

    def grown(self, *, sideways: float, upwards: float) -> "Box":
        """Return the box with so many pixels more on its sides, and above and below."""
        return Box(
            x=self.x,
            y=self.y,
            width=max(self.width + 2 * sideways, 1.0),
            height=max(self.height + 2 * upwards, 1.0),
            angle_degrees=self.angle_degrees,
        )

    def scaled(self, factor: float) -> "Box":
        """Return the box in a picture that is so many times larger."""
        return Box(
            x=self.x * factor,
            y=self.y * factor,
            width=self.width * factor,
            height=self.height * factor,
            angle_degrees=self.angle_degrees,
        )


def upright(*, x: float, y: float, width: float, height: float, angle_degrees: float) -> Box:
    """Return the rectangle as the box whose reading direction is nearest to level."""
    quarter_turns = round(angle_degrees / 90)
    is_swapped = quarter_turns % 2 == 1
    return Box(
        x=x,
        y=y,
        width=height if is_swapped else width,
        height=width if is_swapped else height,
        angle_degrees=angle_degrees - 90 * quarter_turns,
    )


def around(boxes: Sequence[Box], *, angle_degrees: float) -> Box:
    """Return the smallest box of that angle with all the others in it."""
    turn = radians(angle_degrees)
    ax, ay = cos(turn), sin(turn)
    points = [corner for box in boxes for corner in box.corners()]
    rights = [px * ax + py * ay for px, py in points]
    downs = [py * ax - px * ay for px, py in points]
    right, down = (min(rights) + max(rights)) / 2, (min(downs) + max(downs)) / 2
    return Box(
        x=right * ax - down * ay,
        y=right * ay + down * ax,
        width=max(rights) - min(rights),
        height=max(downs) - min(downs),
        angle_degrees=angle_degrees,
    )


def chains(boxes: Sequence[Box], *, least: int = 2) -> list[Box]:
    """Return a box around each row of neighbours: drum digits are found one by one.

    Rows of fewer than `least` are left out; one box alone is there already.
    """
    left = sorted(boxes, key=lambda box: box.x)
    rows: list[list[Box]] = []
    for box in left:
        row = min(
            (each for each in rows if _follows(each[-1], box)),
            key=lambda each: box.x - each[-1].x,
            default=None,
        )
        if row is None:
            rows.append([box])
        else:
            row.append(box)
    return [around(row, angle_degrees=_slope(row)) for row in rows if len(row) >= least]


def overlap(one: Box, other: Box) -> float:
    """Return how much of both boxes is shared, 0 to 1, as if both lay level."""
    shared_w = _shared(one.x, one.width, other.x, other.width)
    shared_h = _shared(one.y, one.height, other.y, other.height)
    shared = shared_w * shared_h
    return shared / (one.width * one.height + other.width * other.height - shared)


def _shared(one: float, one_size: float, other: float, other_size: float) -> float:
    end = min(one + one_size / 2, other + other_size / 2)
    return max(end - max(one - one_size / 2, other - other_size / 2), 0.0)


def _follows(left: Box, right: Box) -> bool:
    low, high = sorted((left.height, right.height))
    dx, dy = right.x - left.x, right.y - left.y
    angle = degrees(atan2(dy, dx)) if dx > 0 else 90.0
    gap = hypot(dx, dy) - (left.width + right.width) / 2
    lean = _lean(left, right)
    aside = abs(dy * cos(radians(lean)) - dx * sin(radians(lean)))
    return (
        high <= MOST_UNEVEN * low
        and abs(angle) <= STEEPEST_DEGREES
        and gap <= WIDEST_GAP_HEIGHTS * low
        and aside <= MOST_ASIDE_HEIGHTS * high
    )


def _lean(left: Box, right: Box) -> float:
    """The angle of the wider of two boxes: that of a single digit means little."""
    wider = max(left, right, key=lambda box: box.width / box.height)
    return wider.angle_degrees if wider.width > wider.height else 0.0


def _slope(row: Sequence[Box]) -> float:
    first, last = row[0], row[-1]
    return degrees(atan2(last.y - first.y, last.x - first.x))
