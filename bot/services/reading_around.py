"""What was read of a meter before a reading, to hold it against. Rule 3.6."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.anomaly import Deviation, deviation
from bot.domain.meter import MeterSheet
from bot.domain.metering import (
    ANOMALY_SAMPLE_MAX,
    MeterTerms,
    Reading,
    RegisterWentBackwards,
    consumption_between,
    per_day,
)
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.reading_chain import daily_uses, to_measure_from, trusting, until
from bot.services.ports import ReadingBar, ReadingsChart
from bot.services.reading_appraisal import ENOUGH
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The readings before one that were really taken, oldest first."""

    taken: Sequence[Reading]
    terms: Mapping[int, MeterTerms]
    since_at: datetime | None

    def since(self, reading: Reading) -> Reading | None:
        """Return from where the use up to a reading is measured: most of a day before at least."""
        installation_id, at = reading.installation_id, reading.point.at
        return to_measure_from(self.taken, installation_id=installation_id, at=at)

    def per_day(self, reading: Reading) -> Decimal | None:
        """Return the use per day up to a reading."""
        at, installation_id = reading.point.at, reading.installation_id
        since = self.since(reading)
        if since is None:
            return None
        try:
            used = consumption_between(
                since.point, reading.point, trusting(self.terms[installation_id])
            )
        except RegisterWentBackwards:
            return None
        return per_day(used, at - since.point.at)

    def deviation(self, reading: Reading) -> Deviation | None:
        """Return how far the use up to the reading is off the habit before that."""
        since, used = self.since(reading), self.per_day(reading)
        if since is None or used is None:
            return None
        return deviation(used, daily_uses(until(self.taken, since), self.terms))

    def chart(
        self, reading: Reading, sheet: MeterSheet, place: Place, room: str | None
    ) -> ReadingsChart:
        """Return the last uses per day, that of the reading last."""
        uses = [(each, self.per_day(each)) for each in (*self.taken, reading)]
        bars = tuple(
            ReadingBar(
                on=local_date(each.point.at, place.zone),
                per_day=used,
                is_asked=each is reading,
                is_anomalous=each.is_anomalous,
            )
            for each, used in uses
            if used is not None
        )
        found = self.deviation(reading)
        return ReadingsChart(
            meter=sheet.name if room is None else f"{room} · {sheet.name}",
            place=place.name,
            unit=sheet.unit,
            bars=bars[-ANOMALY_SAMPLE_MAX - 2 :],
            mean_per_day=None if found is None else found.mean_per_day,
        )


async def readings_around(unit: Unit, reading: Reading, sheet: MeterSheet) -> Around:
    """Return what was read of a meter before a reading."""
    at = reading.point.at
    installations = await unit.chains.installations(sheet.id)
    before = await unit.chains.before(reading.installation_id, at)
    return Around(
        taken=await unit.chains.taken_before(sheet.id, at, limit=ENOUGH),
        terms={each.id: each.terms(sheet.terms) for each in installations},
        since_at=None if before is None else before.point.at,
    )
