"""What was clearly read, although it is more than the counter can plausibly show? Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.vision.choice import Ranked, Sighting, votes
from bot.vision.decoding import STRICT, evidence
from bot.vision.prior import Prior
from bot.vision.slots import Slot

CLEAR = 0.9
LEAST_STRICT = 0.8
LEAST_CLEAR = 0.3
LEAST_SHOWN = 0.05


def as_seen(
    ranking: Sequence[Ranked], sightings: Sequence[Sighting], prior: Prior
) -> Sequence[Ranked]:
    """Return the ranking, led by what was read where the best of it was not.

    A value that holds only because digits are forgiven that were clearly others is no first
    choice: what was read clearly comes before it, or there is none at all. Decimals that were
    read clearly are given back to a value that would be beyond the plausible with them.
    """
    if not ranking or not prior.is_known:
        return ranking
    best, *others = ranking
    whole = [each for each in sightings if _vote(each, best)]
    clear = _clear(whole, best, prior)
    if clear is not None and int(clear.value) == int(best.value):
        return [Ranked(value=clear.value, score=best.score), *others]
    if clear is not None and clear.score >= LEAST_CLEAR and not _is_part(clear.value, best.value):
        return [clear, *ranking]
    if _is_read(whole, best, prior):
        return ranking
    return [] if clear is None else [clear, *ranking]


def _is_part(one: Decimal, other: Decimal) -> bool:
    """Return whether the digits of one are in the other: only their points differ, or ends."""
    digits = [str(each).replace(".", "").lstrip("0") for each in (one, other)]
    return digits[0] in digits[1] or digits[1] in digits[0]


def _is_read(sightings: Sequence[Sighting], best: Ranked, prior: Prior) -> bool:
    """Return whether the votes for a value stand when no digit is forgiven."""
    forgiving = sum(_vote(each, best) for each in sightings)
    strict = 0.0
    for each in sightings:
        found = evidence(each.slots, prior, forgives=STRICT)
        strict += _vote(Sighting(box=each.box, height=each.height, evidence=found), best)
    return strict >= LEAST_STRICT * forgiving


def _clear(sightings: Sequence[Sighting], best: Ranked, prior: Prior) -> Ranked | None:
    """Return the value that most of these boxes clearly show, if it is beyond the plausible."""
    shares: dict[Decimal, float] = defaultdict(float)
    for each in sightings:
        beyond = [value for value in _written(each.slots, prior) if value > prior.most]
        if beyond:
            shares[min(beyond)] += _vote(each, best)
    if not shares:
        return None
    value = max(shares, key=lambda each: shares[each])
    share = shares[value] / sum(_vote(each, best) for each in sightings)
    return Ranked(value=value, score=share) if share >= LEAST_SHOWN else None


def _written(slots: Sequence[Slot], prior: Prior) -> Iterator[Decimal]:
    """Yield what a line writes, with each possible number of decimals; nothing unless clear."""
    signs = [slot for slot in slots if slot.nothing < 0.5]
    if all(max(slot.odds) >= CLEAR for slot in signs):
        digits = "".join(str(slot.odds.index(max(slot.odds))) for slot in signs)
        for places in prior.decimals:
            if len(digits) > places:
                yield Decimal(digits).scaleb(-places)


def _vote(sighting: Sighting, best: Ranked) -> float:
    given = votes(sighting).items()
    return sum(vote for value, vote in given if int(value) == int(best.value))
