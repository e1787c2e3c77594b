"""What stands in a box? The recogniser's answer, as how likely each digit is from left to right."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.vision.models import RECOGNISER, session
from bot.vision.pixels import Pixels, cut_out
from bot.vision.shapes import Box

HEIGHT = 48
NARROWEST, WIDEST = 48, 800
DIGITS = "0123456789"

Frames = NDArray[np.float32]


def frames_in(picture: Pixels, box: Box) -> Frames:
    """Return a row per step to the right: how likely is nothing, then 0 to 9, of all signs."""
    line = cut_out(picture, box, height=HEIGHT)[:, :WIDEST]
    padded = np.zeros((HEIGHT, max(line.shape[1], NARROWEST), 3), np.float32)
    padded[:, : line.shape[1]] = line.astype(np.float32) / 127.5 - 1.0
    model = session(RECOGNISER)
    (answer,) = model.run(None, {model.get_inputs()[0].name: padded.transpose(2, 0, 1)[None]})
    signs: NDArray[np.float32] = np.asarray(answer, np.float32)[0]
    return signs[:, _columns()]


@cache
def _columns() -> list[int]:
    """Columns of the answer: the first is nothing, then come the signs in the model's order."""
    signs = session(RECOGNISER).get_modelmeta().custom_metadata_map["character"].splitlines()
    return [0, *(signs.index(digit) + 1 for digit in DIGITS)]
