"""Rows of marks as large as digits: strokes darker or lighter than what lies around them."""

from collections.abc import Iterator

import cv2
import numpy as np

from bot.vision.pixels import Pixels, shrunk
from bot.vision.shapes import Box, chains, overlap

LONG_SIDE = 640
WIDEST_STROKE_PX = 21
AROUND_PX = 41
SHARE_OF_NEAREST = 0.45
FAINTEST = 7
# Segments of one digit lie apart; closed too far, neighbouring digits grow together.
GAPS_PX = (5, 9)
LOWEST_PX, HIGHEST_PX = 12, 192
SLIMMEST, WIDEST = 0.08, 1.3
LEAST_MARKS = 3
SHORTEST, LONGEST = 1.2, 9.0
MARGIN_SIDEWAYS, MARGIN_UPWARDS = 0.25, 0.12
SAME = 0.7
MOST = 6


def stroke_rows(picture: Pixels) -> list[Box]:
    """Return boxes around rows of three or more marks, the largest first."""
    small = shrunk(picture, long_side=LONG_SIDE)
    rows = [row for mask in _masks(small) for row in chains(_marks(mask), least=LEAST_MARKS)]
    factor = max(picture.shape[:2]) / max(small.shape[:2])
    return [
        row.grown(
            sideways=MARGIN_SIDEWAYS * row.height, upwards=MARGIN_UPWARDS * row.height
        ).scaled(factor)
        for row in _distinct(rows)[:MOST]
    ]


def _masks(picture: Pixels) -> Iterator[Pixels]:
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (3, 3), 0)
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (WIDEST_STROKE_PX, WIDEST_STROKE_PX))
    for shade in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT):
        strokes = cv2.morphologyEx(grey, shade, near)
        strongest = cv2.dilate(strokes, np.ones((AROUND_PX, AROUND_PX), np.uint8))
        least = SHARE_OF_NEAREST * cv2.GaussianBlur(strongest, (AROUND_PX, AROUND_PX), 0)
        mask = ((strokes > least) & (strokes > FAINTEST)).astype(np.uint8)
        for gap in GAPS_PX:
            closed = np.ones((gap, gap // 3), np.uint8)
            yield np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, closed), np.uint8)


def _marks(mask: Pixels) -> list[Box]:
    _, _, found, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [
        Box(x=x + width / 2, y=y + height / 2, width=width, height=height, angle_degrees=0.0)
        for x, y, width, height in found[1:, :4].astype(float).tolist()
        if LOWEST_PX <= height <= HIGHEST_PX and SLIMMEST * height <= width <= WIDEST * height
    ]


def _distinct(rows: list[Box]) -> list[Box]:
    kept: list[Box] = []
    for row in sorted(rows, key=lambda each: -each.width * each.height):
        if not SHORTEST <= row.width / row.height <= LONGEST:
            continue
        if all(overlap(row, other) < SAME for other in kept):
            kept.append(row)
    return kept
