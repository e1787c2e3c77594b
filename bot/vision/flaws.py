"""Why could no number be read? What the person can do better."""

from collections.abc import Sequence

import cv2
import numpy as np

from bot.services.meter_photo import PhotoFlaw
from bot.vision.pixels import Pixels, shrunk
from bot.vision.shapes import Box

LONG_SIDE = 640
DARK = 45.0
BRIGHT_SHARE = 0.02
BLURRED = 30.0
AT_EDGE = 0.01
LARGE = 0.3


def flaw_of(picture: Pixels, *, boxes: Sequence[Box], quarters: int) -> PhotoFlaw:
    """Return what most likely kept the number from being read.

    `boxes` were found with the picture turned by so many quarters clockwise.
    """
    grey = cv2.cvtColor(shrunk(picture, long_side=LONG_SIDE), cv2.COLOR_BGR2GRAY)
    if float(grey.mean()) < DARK and float((grey > 128).mean()) < BRIGHT_SHARE:
        return PhotoFlaw.TOO_DARK
    if float(np.asarray(cv2.Laplacian(grey, cv2.CV_64F)).var()) < BLURRED:
        return PhotoFlaw.BLURRED
    if quarters:
        return PhotoFlaw.TURNED
    height, width = picture.shape[:2]
    if any(_is_cut(box, width=width, height=height) for box in boxes):
        return PhotoFlaw.CUT_OFF
    return PhotoFlaw.NO_NUMBER


def _is_cut(box: Box, *, width: int, height: int) -> bool:
    """Whether something large runs out of the picture, left or right."""
    if not LARGE * width <= box.width <= width or box.height > box.width / 2:
        return False
    edge = AT_EDGE * max(width, height)
    return box.x - box.width / 2 < edge or box.x + box.width / 2 > width - edge
