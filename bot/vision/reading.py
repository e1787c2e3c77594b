"""From a file to a proposal."""

from decimal import Decimal

import cv2

from bot.services.meter_photo import Candidate, PhotoProposal
from bot.vision.choice import Ranked
from bot.vision.flaws import flaw_of
from bot.vision.jobs import Read
from bot.vision.legible import as_seen
from bot.vision.looking import SURE, best_look
from bot.vision.photo import pixels_of
from bot.vision.prior import prior_of

MOST_CANDIDATES = 3
LEAST_SCORE = 0.02

cv2.setNumThreads(1)


def read(job: Read) -> PhotoProposal:
    """Return what the counter in the photo may show, or what is wrong with the photo.

    Raises PhotoTooLarge and NotAPhoto.
    """
    picture = pixels_of(job.photo)
    prior = prior_of(previous=job.previous, plausible=job.plausible, decimals=job.decimals)
    look = best_look(picture, prior)
    ranking = as_seen(look.ranking, look.sightings, prior) if look.score >= SURE else ()
    if not ranking:
        return PhotoProposal(flaw=flaw_of(picture, boxes=look.boxes, quarters=look.quarters))
    best = [each for each in ranking[:MOST_CANDIDATES] if each.score >= LEAST_SCORE]
    return PhotoProposal(candidates=tuple(_candidate(each) for each in best))


def _candidate(each: Ranked) -> Candidate:
    return Candidate(value=Decimal(each.value), score_percent=round(each.score * 100))
