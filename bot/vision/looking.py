"""Looking at a picture: find what may be a counter, read it, look again where it is unsure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.vision.choice import Ranked, Sighting, is_scale, ranked, strongest
from bot.vision.decoding import evidence
from bot.vision.detector import text_boxes
from bot.vision.displays import display_boxes
from bot.vision.pixels import Pixels, turned
from bot.vision.prior import Prior
from bot.vision.recogniser import frames_in
from bot.vision.shapes import Box, chains
from bot.vision.slots import shows_digits, slots_of
from bot.vision.strokes import stroke_rows
from bot.vision.turns import lies_sideways, upside_down

# Boxes of one place, the likeliest to show its digits first.
Crops = tuple[Box, ...]

COARSE, FINE = 640, 1280
SURE = 0.33
VERY_SURE = 0.5
DIGITS_IN_DISPLAY = 0.6
DIGITS_IN_ROW = 0.8
LOOKED_AT_AGAIN = 3
STANDS_ON_ITS_HEAD = 0.5
CLEAR_OF_HALF = 0.3
FEW_BOXES = 3
MOST_TEXTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen with the picture turned by so many quarters clockwise."""

    ranking: Sequence[Ranked]
    quarters: int
    boxes: Sequence[Box]
    sightings: Sequence[Sighting] = ()

    @property
    def score(self) -> float:
        """How sure the best value is, 0 to 1."""
        return self.ranking[0].score if self.ranking else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """A picture turned clockwise by so many quarters, and where text is in it."""

    picture: Pixels
    quarters: int
    texts: Sequence[Box]
    is_likeliest: bool = False


def best_look(picture: Pixels, prior: Prior) -> Look:
    """Return what is seen the likeliest way up, or another way if only that makes sense."""
    best: Look | None = None
    for view in _likeliest_views(picture):
        look = _look(view, prior)
        if best is None or look.score > max(best.score, VERY_SURE):
            best = look
        if best.score >= SURE:
            break
    assert best is not None
    return best


def _likeliest_views(picture: Pixels) -> Iterator[_View]:
    """Yield the turns worth trying: upside down, a display shows other numbers than it does."""
    view = _view(picture, 0)
    if lies_sideways(view.texts):
        view = _view(picture, 1)
    on_its_head = upside_down(view.picture, view.texts)
    if on_its_head > STANDS_ON_ITS_HEAD:
        view = _view(picture, view.quarters + 2)
    yield replace(view, is_likeliest=True)
    is_clear = abs(on_its_head - STANDS_ON_ITS_HEAD) > CLEAR_OF_HALF
    others = (2, 1, 3) if len(view.texts) < FEW_BOXES else () if is_clear else (2,)
    for quarters in others:
        yield _view(picture, (view.quarters + quarters) % 4)


def _view(picture: Pixels, quarters: int) -> _View:
    upright = turned(picture, quarters=quarters)
    return _View(picture=upright, quarters=quarters, texts=text_boxes(upright, long_side=COARSE))


def _look(view: _View, prior: Prior) -> Look:
    picture = view.picture
    sightings = list(_sightings(picture, _of_texts(view.texts), prior))
    displays = display_boxes(picture)
    sightings += _sightings(picture, _of_displays(displays), prior, share=DIGITS_IN_DISPLAY)
    sightings += _sightings(picture, _of_rows(stroke_rows(picture)), prior, share=DIGITS_IN_ROW)
    sightings += _again(picture, sightings, prior)
    ranking = ranked(sightings)
    is_worth_more = bool(ranking) or view.is_likeliest
    if is_worth_more and (not ranking or ranking[0].score < VERY_SURE):
        finer = text_boxes(picture, long_side=FINE)
        sightings += _sightings(picture, _of_texts(finer), prior)
        ranking = ranked(sightings)
    boxes = [*view.texts, *displays]
    return Look(ranking=ranking, quarters=view.quarters, boxes=boxes, sightings=sightings)


def _of_texts(texts: Sequence[Box]) -> Iterator[Crops]:
    """Yield boxes of text, with more at their ends: faint first and last digits are missed.

    In grass, gravel or noise there is no end of them: only the highest are looked at.
    """
    for box in sorted(texts, key=lambda each: -each.height)[:MOST_TEXTS]:
        is_long = box.width > 1.2 * box.height
        yield (box, box.grown(sideways=0.9 * box.height, upwards=0)) if is_long else (box,)
    for chain in chains(texts):
        yield (chain.grown(sideways=0.4 * chain.height, upwards=0),)


def _of_displays(displays: Sequence[Box]) -> Iterator[Crops]:
    return ((box, box.grown(sideways=0, upwards=-0.13 * box.height)) for box in displays)


def _of_rows(rows: Sequence[Box]) -> Iterator[Crops]:
    for row in rows:
        tight = row.grown(sideways=0.1 * row.height, upwards=-0.09 * row.height)
        loose = row.grown(sideways=0.3 * row.height, upwards=0.12 * row.height)
        yield row, tight, loose


def _again(picture: Pixels, sightings: Sequence[Sighting], prior: Prior) -> Iterator[Sighting]:
    """Look more closely at where most was seen."""
    places = strongest(sightings, most=LOOKED_AT_AGAIN)
    closer = [(box.grown(sideways=0.1 * box.height, upwards=-0.1 * box.height),) for box in places]
    return _sightings(picture, closer, prior)


def _sightings(
    picture: Pixels, places: Iterable[Crops], prior: Prior, *, share: float = 1.0
) -> Iterator[Sighting]:
    """Yield what each box says; a place whose first box shows no digit is left at that."""
    long_side = max(picture.shape[:2])
    for crops in places:
        for box in crops:
            frames = frames_in(picture, box).tolist()
            if not shows_digits(frames):
                break
            slots = slots_of(frames)
            found = {} if is_scale(slots) else evidence(slots, prior)
            if found:
                height = share * box.height / long_side
                yield Sighting(box=box, height=height, evidence=found, slots=slots)
