"""What a counter may show before anybody looks at it. Rules 3.5 and 3.6."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from bot.domain.meter import MeterSheet
from bot.domain.metering import MINIMUM_ELAPSED, SECOND
from bot.domain.people import Actor
from bot.domain.place import Place
from bot.domain.reading_chain import daily_uses
from bot.services.reading_appraisal import ENOUGH
from bot.services.reading_change import hold_meter
from bot.services.reading_entry import spot_to_read
from bot.services.reading_spot import Spot
from bot.services.stores import Unit

TIMES_USUAL = 5
AT_LEAST_PLAUSIBLE = Decimal(20)
_HOUR_S, _DAY_S = 3600, 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A meter that is to be read, with what it showed last; values in its unit.

    `has_others` when the person may read other meters, too.
    """

    sheet: MeterSheet
    place: Place
    room: str | None
    now: datetime
    previous_value: Decimal | None
    previous_at: datetime | None
    has_others: bool = False


async def meter_to_read(
    unit: Unit, actor: Actor, meter_id: int, *, now: datetime, at: datetime | None = None
) -> tuple[Asked, Spot]:
    """Return a meter that somebody is about to read, and where the reading will belong.

    Raises MeterUnknown, NotAllowed, MeterNotInUse and ReadingBeforeInstallation.
    """
    at = at or now
    held = await hold_meter(unit, meter_id, at, now=now, lock=False)
    spot = await spot_to_read(unit, held, actor, at, now=now)
    before = None if spot.before is None else spot.before.point
    asked = Asked(
        sheet=held.sheet,
        place=held.place,
        room=held.room,
        now=now,
        previous_value=None if before is None else before.value,
        previous_at=None if before is None else before.at,
    )
    return asked, spot


def as_shown(value: Decimal | None, decimals: int) -> Decimal | None:
    """Return a value as the counter can show it: a device knows more digits."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)


async def plausible_use(unit: Unit, spot: Spot) -> Decimal | None:
    """Return how far the counter may have run since it was read, None when nothing is known.

    That is several times the usual where there is a habit, and never more than rule 3.5 allows:
    the narrower, the surer is what is read.
    """
    if spot.before is None:
        return None
    terms, elapsed = spot.own_terms, max(spot.at - spot.before.point.at, MINIMUM_ELAPSED)
    seconds = elapsed // SECOND
    most = terms.limit_per_hour * seconds / _HOUR_S
    taken = await unit.chains.taken_before(spot.sheet.id, spot.at, limit=ENOUGH)
    uses = daily_uses(taken, spot.terms)
    if uses:
        usual = max(uses) * seconds / _DAY_S
        most = min(most, max(usual * TIMES_USUAL, AT_LEAST_PLAUSIBLE))
    return most / terms.multiplier
