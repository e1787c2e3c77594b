"""Pictures in memory: cutting boxes out of them, turning and shrinking them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.vision.shapes import Box

Pixels = NDArray[np.uint8]


def shrunk(picture: Pixels, *, long_side: int) -> Pixels:
    """Return the picture at that long side, or as it is when it is smaller."""
    height, width = picture.shape[:2]
    factor = long_side / max(height, width)
    if factor >= 1:
        return picture
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def turned(picture: Pixels, *, quarters: int) -> Pixels:
    """Return the picture turned clockwise by so many quarters."""
    return np.ascontiguousarray(np.rot90(picture, -quarters))


def cut_out(picture: Pixels, box: Box, *, height: int) -> Pixels:
    """Return what lies in the box, levelled, at that height and its own width."""
    width = max(round(box.width / box.height * height), 1)
    corners = np.array(box.corners()[:3], np.float32)
    wanted = np.array([(0, 0), (width, 0), (width, height)], np.float32)
    flat = cv2.warpAffine(
        picture,
        cv2.getAffineTransform(corners, wanted),
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(flat, np.uint8)
