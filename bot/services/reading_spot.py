"""Where in a meter's chains a reading belongs: installation, neighbours, lease. Rules 3.1, 3.4."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.meter import BillingType, MeterSheet
from bot.domain.metering import Installation, MeterTerms, Reading
from bot.domain.period import local_date, start_of
from bot.domain.place import Place
from bot.services.stores import Unit

OF_ONE_LEASE = frozenset({BillingType.INDIVIDUAL, BillingType.INCLUDED})


class ReadingBeforeInstallation(ValueError):
    """The meter was not there yet; `since_at` is when it came, as far as is known.

    `zone` is that of the place.
    """

    def __init__(self, *, since_at: datetime, zone: ZoneInfo) -> None:
        super().__init__(since_at)
        self.since_at = since_at
        self.zone = zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A meter at an instant, between the readings that are known of its installation there.

    `installation` is None for a meter that has never been read. `terms` are those by which each
    installation counts, by its id.
    """

    sheet: MeterSheet
    place: Place
    at: datetime
    installation: Installation | None
    terms: Mapping[int, MeterTerms]
    lease_id: int | None
    before: Reading | None = None
    after: Reading | None = None
    same: Reading | None = None

    @property
    def own_terms(self) -> MeterTerms:
        """By what the installation counts."""
        if self.installation is None:
            return self.sheet.terms
        return self.terms[self.installation.id]


async def find_spot(
    unit: Unit, sheet: MeterSheet, place: Place, at: datetime, *, but: Collection[int] = ()
) -> Spot:
    """Return where a reading of an instant belongs, leaving stored ones out.

    Raises ReadingBeforeInstallation.
    """
    found = await unit.chains.installations(sheet.id)
    installation = _installed(sheet, place, found, at)
    terms = {each.id: each.terms(sheet.terms) for each in found}
    if installation is None:
        lease_id = await _lease_id(unit, sheet, place, at)
        return Spot(
            sheet=sheet, place=place, at=at, installation=None, terms=terms, lease_id=lease_id
        )
    chains, key = unit.chains, installation.id
    lease_id = await _lease_id(unit, sheet, place, at)
    if lease_id is not None and await _is_before_lease(unit, key, lease_id, at, but):
        lease_id = None
    return Spot(
        sheet=sheet,
        place=place,
        at=at,
        installation=installation,
        terms=terms,
        lease_id=lease_id,
        before=await chains.before(key, at, but=but),
        after=await chains.after(key, at, but=but),
        same=await chains.at(key, at, but=but),
    )


def _installed(
    sheet: MeterSheet, place: Place, found: Sequence[Installation], at: datetime
) -> Installation | None:
    """Return the installation of an instant.

    What has no device has been there since somebody said, or as long as somebody has read it.
    """
    since_on = sheet.installed_on
    if since_on is not None and local_date(at, place.zone) < since_on:
        since_at = start_of(since_on, place.zone)
        raise ReadingBeforeInstallation(since_at=since_at, zone=place.zone)
    earlier = [each for each in found if each.opened_at <= at]
    if earlier or not found:
        return earlier[-1] if earlier else None
    if found[0].device_id is not None:
        raise ReadingBeforeInstallation(since_at=found[0].opened_at, zone=place.zone)
    return found[0]


async def _lease_id(unit: Unit, sheet: MeterSheet, place: Place, at: datetime) -> int | None:
    """Return the lease that the meter counted for; what several share belongs to none."""
    if sheet.billing_type not in OF_ONE_LEASE:
        return None
    leases = await unit.chains.leases_on(sheet.id, local_date(at, place.zone))
    return leases[0] if len(leases) == 1 else None


async def _is_before_lease(
    unit: Unit, installation_id: int, lease_id: int, at: datetime, but: Collection[int]
) -> bool:
    """Return whether the lease began to count later: its opening reading is its beginning."""
    chains = unit.chains
    if await chains.before(installation_id, at, lease_id=lease_id) is not None:
        return False
    if await chains.at(installation_id, at) is not None:
        return False
    return await chains.after(installation_id, at, lease_id=lease_id, but=but) is not None
