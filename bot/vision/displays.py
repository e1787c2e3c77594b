"""Rectangles shaped like a meter's display: the detector is blind for seven-segment digits."""

import cv2
import numpy as np

from bot.vision.pixels import Pixels, shrunk
from bot.vision.shapes import Box, overlap, upright

LONG_SIDE = 640
LEAST_WIDTH = 0.10
LEAST_HEIGHT_PX = 14
FLATTEST, STOCKIEST = 8.0, 1.5
FULLEST = 0.72
SAME = 0.75
MOST = 8


def display_boxes(picture: Pixels) -> list[Box]:
    """Return boxes that look like displays, the largest first."""
    small = shrunk(picture, long_side=LONG_SIDE)
    found: list[Box] = []
    for mask in _masks(small):
        outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        found += [
            box for outline in outlines if (box := _display(outline, long_side=max(small.shape)))
        ]
    factor = max(picture.shape[:2]) / max(small.shape[:2])
    return [box.scaled(factor) for box in _distinct(found)[:MOST]]


def _masks(picture: Pixels) -> list[Pixels]:
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    colour = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)[:, :, 1], (5, 5), 0)
    masks = []
    for plane in (grey, colour):
        _, whole = cv2.threshold(plane, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        near = cv2.adaptiveThreshold(
            plane, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 101, 0
        )
        masks += [whole, cv2.bitwise_not(whole), near, cv2.bitwise_not(near)]
    closed = np.ones((5, 5), np.uint8)
    edges = cv2.dilate(cv2.Canny(grey, 30, 90), np.ones((3, 3), np.uint8))
    masks = [cv2.morphologyEx(mask, cv2.MORPH_OPEN, closed) for mask in masks]
    return [np.asarray(mask, np.uint8) for mask in (*masks, cv2.bitwise_not(edges))]


def _display(outline: cv2.typing.MatLike, *, long_side: int) -> Box | None:
    (x, y), (width, height), angle = cv2.minAreaRect(outline)
    box = upright(x=x, y=y, width=width, height=height, angle_degrees=angle)
    if box.width < LEAST_WIDTH * long_side or box.height < LEAST_HEIGHT_PX:
        return None
    if not STOCKIEST <= box.width / box.height <= FLATTEST:
        return None
    hull = cv2.contourArea(cv2.convexHull(outline))
    return box if hull >= FULLEST * box.width * box.height else None


def _distinct(boxes: list[Box]) -> list[Box]:
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda each: -each.width * each.height):
        if all(overlap(box, other) < SAME for other in kept):
            kept.append(box)
    return kept
