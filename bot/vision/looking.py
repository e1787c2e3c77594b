"""Looking at a picture: find what may be a counter, read it, look again where it is unsure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.vision.choice import Ranked, Sighting, is_scale, ranked, strongest
from bot.vision.decoding import evidence
from bot.vision.detector import text_boxes
from bot.vision.displays import display_boxes
from bot.vision.pixels import Pixels, turned
from bot.vision.prior import Prior
from bot.vision.recogniser import frames_in
from bot.vision.shapes import Box, chains
from bot.vision.slots import slots_of
from bot.vision.turns import lies_sideways, upside_down

COARSE, FINE = 640, 1280
SURE = 0.33
VERY_SURE = 0.5
DIGITS_IN_DISPLAY = 0.6
LOOKED_AT_AGAIN = 3
STANDS_ON_ITS_HEAD = 0.5
CLEAR_OF_HALF = 0.3
FEW_BOXES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen with the picture turned by so many quarters clockwise."""

    ranking: Sequence[Ranked]
    quarters: int
    boxes: Sequence[Box]

    @property
    def score(self) -> float:
        """How sure the best value is, 0 to 1."""
        return self.ranking[0].score if self.ranking else 0.0


def best_look(picture: Pixels, prior: Prior) -> Look:
    """Return what is seen the likeliest way up, or another way if only that makes sense."""
    best: Look | None = None
    for quarters in _likeliest_turns(picture):
        look = _look(turned(picture, quarters=quarters), prior, quarters)
        if best is None or look.score > max(best.score, VERY_SURE):
            best = look
        if best.score >= SURE:
            break
    assert best is not None
    return best


def _likeliest_turns(picture: Pixels) -> tuple[int, ...]:
    """Return the turns worth trying: upside down, a display shows other numbers than it does."""
    boxes = text_boxes(picture, long_side=COARSE)
    first = 1 if lies_sideways(boxes) else 0
    if first:
        picture = turned(picture, quarters=1)
        boxes = text_boxes(picture, long_side=COARSE)
    on_its_head = upside_down(picture, boxes)
    if on_its_head > STANDS_ON_ITS_HEAD:
        first += 2
    if len(boxes) < FEW_BOXES:
        return first, (first + 2) % 4, (first + 1) % 4, (first + 3) % 4
    is_clear = abs(on_its_head - STANDS_ON_ITS_HEAD) > CLEAR_OF_HALF
    return (first,) if is_clear else (first, (first + 2) % 4)


def _look(picture: Pixels, prior: Prior, quarters: int) -> Look:
    texts = text_boxes(picture, long_side=COARSE)
    sightings = list(_sightings(picture, _boxes(texts), prior))
    displays = display_boxes(picture)
    sightings += _sightings(picture, _in_displays(displays), prior, share=DIGITS_IN_DISPLAY)
    sightings += _again(picture, sightings, prior)
    ranking = ranked(sightings)
    if not ranking or ranking[0].score < VERY_SURE:
        finer = text_boxes(picture, long_side=FINE)
        sightings += _sightings(picture, _boxes(finer), prior)
        ranking = ranked(sightings)
    return Look(ranking=ranking, quarters=quarters, boxes=[*texts, *displays])


def _boxes(texts: Sequence[Box]) -> Iterator[Box]:
    """Yield boxes of text, with more at their ends: faint first and last digits are missed."""
    for box in texts:
        yield box
        if box.width > 1.2 * box.height:
            yield box.grown(sideways=0.9 * box.height, upwards=0)
    for chain in chains(texts):
        yield chain.grown(sideways=0.4 * chain.height, upwards=0)


def _in_displays(displays: Sequence[Box]) -> Iterator[Box]:
    for box in displays:
        yield box
        yield box.grown(sideways=0, upwards=-0.13 * box.height)


def _again(picture: Pixels, sightings: Sequence[Sighting], prior: Prior) -> Iterator[Sighting]:
    """Look more closely at where most was seen."""
    places = strongest(sightings, most=LOOKED_AT_AGAIN)
    closer = [box.grown(sideways=0.1 * box.height, upwards=-0.1 * box.height) for box in places]
    return _sightings(picture, closer, prior)


def _sightings(
    picture: Pixels, boxes: Iterable[Box], prior: Prior, *, share: float = 1.0
) -> Iterator[Sighting]:
    long_side = max(picture.shape[:2])
    for box in boxes:
        slots = slots_of(frames_in(picture, box).tolist())
        if slots and not is_scale(slots):
            found = evidence(slots, prior)
            if found:
                height = share * box.height / long_side
                yield Sighting(box=box, height=height, evidence=found)
