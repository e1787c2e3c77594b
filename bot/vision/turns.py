"""Which way up was the camera? Text lies level when it is upright, or upside down."""

from collections.abc import Sequence

import numpy as np

from bot.vision.models import UPSIDE, session
from bot.vision.pixels import Pixels, cut_out
from bot.vision.shapes import Box

WIDTH, HEIGHT = 192, 48
MOST_ASKED = 10
CLEARLY_LONG = 1.5


def lies_sideways(boxes: Sequence[Box]) -> bool:
    """Return whether most of the text stands on its end."""
    level = sum(box.width for box in boxes if box.width > CLEARLY_LONG * box.height)
    standing = sum(box.height for box in boxes if box.height > CLEARLY_LONG * box.width)
    return standing > level


def upside_down(picture: Pixels, boxes: Sequence[Box]) -> float:
    """Return how likely the picture stands on its head, 0 to 1; 0 when no text tells."""
    long = sorted(
        (box for box in boxes if box.width > CLEARLY_LONG * box.height),
        key=lambda box: -box.width * box.height,
    )[:MOST_ASKED]
    if not long:
        return 0.0
    model = session(UPSIDE)
    batch = np.stack([_sample(picture, box) for box in long])
    (answer,) = model.run(None, {model.get_inputs()[0].name: batch})
    return float(np.median(np.asarray(answer, np.float32)[:, 1]))


def _sample(picture: Pixels, box: Box) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    line = cut_out(picture, box, height=HEIGHT)[:, :WIDTH]
    padded = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    padded[:, : line.shape[1]] = line.astype(np.float32) / 127.5 - 1.0
    return padded.transpose(2, 0, 1)
