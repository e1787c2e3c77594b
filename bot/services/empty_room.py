"""What a meter counted while its room was nobody's: charged to no lease, and not kept quiet."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal

from bot.domain.metering import Meter, Reading, RegisterWentBackwards, consumption_between
from bot.services.stores import Unit

_LOG = logging.getLogger(__name__)


async def tell_vacant_use(unit: Unit, openings: Iterable[tuple[Meter, Reading]]) -> None:
    """Log what meters have counted since their last readings, before new leases open there.

    The openings are not stored yet.
    """
    for meter, opening in openings:
        last = await unit.metering.latest(meter.id)
        used = _between(last, opening, meter)
        if last is not None and used > 0:
            _LOG.info(
                "meter %s: %s %s from %s to %s are nobody's, and charged to no lease",
                meter.udf1 or meter.id,
                f"{used.normalize():f}",
                meter.unit,
                last.point.at.isoformat(),
                opening.point.at.isoformat(),
            )


def _between(last: Reading | None, opening: Reading, meter: Meter) -> Decimal:
    if last is None or last.installation_id != opening.installation_id:
        return Decimal(0)
    with suppress(RegisterWentBackwards):
        return consumption_between(last.point, opening.point, meter.terms)
    return Decimal(0)
