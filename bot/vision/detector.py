"""Where is text in the picture? The detector's answer, as boxes."""

from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.vision.models import DETECTOR, session
from bot.vision.pixels import Pixels
from bot.vision.shapes import Box, upright

GRID = 32
SURE = 0.3
SURE_OF_ALL = 0.45
LEAST_SIDE_PX = 4.0
GROWTH = 1.6


def text_boxes(picture: Pixels, *, long_side: int) -> list[Box]:
    """Return a box around each piece of text, looked for at that long side."""
    height, width = picture.shape[:2]
    factor = min(long_side / max(height, width), 2.0)
    size = _on_grid(width * factor), _on_grid(height * factor)
    small = cv2.resize(picture, size).astype(np.float32) / 127.5 - 1.0
    model = session(DETECTOR)
    (answer,) = model.run(None, {model.get_inputs()[0].name: small.transpose(2, 0, 1)[None]})
    likely: NDArray[np.float32] = np.asarray(answer, np.float32)[0, 0]
    return [
        Box(
            x=box.x * width / size[0],
            y=box.y * height / size[1],
            width=box.width * width / size[0],
            height=box.height * height / size[1],
            angle_degrees=box.angle_degrees,
        )
        for box in _boxes(likely)
    ]


def _on_grid(side: float) -> int:
    return max(ceil(side / GRID - 0.5), 1) * GRID


def _boxes(likely: NDArray[np.float32]) -> list[Box]:
    mask = (likely > SURE).astype(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes = []
    for outline in outlines:
        (x, y), (width, height), angle = cv2.minAreaRect(outline)
        if min(width, height) < LEAST_SIDE_PX or _mean_inside(likely, outline) < SURE_OF_ALL:
            continue
        box = upright(x=x, y=y, width=width, height=height, angle_degrees=angle)
        # The detector is taught to mark text shrunk by its area over its circumference.
        edge = GROWTH * box.width * box.height / (2 * (box.width + box.height))
        boxes.append(box.grown(sideways=edge, upwards=edge))
    return boxes


def _mean_inside(likely: NDArray[np.float32], outline: cv2.typing.MatLike) -> float:
    x, y, width, height = cv2.boundingRect(outline)
    mask = np.zeros((height, width), np.uint8)
    cv2.drawContours(mask, [outline], -1, 1, -1, offset=(-x, -y))
    return float(cv2.mean(likely[y : y + height, x : x + width], mask)[0])
