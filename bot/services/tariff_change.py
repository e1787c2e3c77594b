"""Prices from a day on, in a tariff that is there or in a new one. Rules 4.1 to 4.3."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.people import Permission
from bot.domain.period import local_date
from bot.domain.service_kind import ELECTRIC, Medium
from bot.domain.tariff import Tariff, TariffVersion
from bot.services.cause import Cause, mark_handled
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.tariff import (
    ChangePreview,
    ChargedAlready,
    TariffCard,
    TariffUnknown,
    place_of,
    preview,
    require_uncharged,
    tariff_card,
)
from bot.services.tariff_name import clean_name, name_after, require_free
from bot.services.tariff_terms import terms_facts
from bot.services.terms_notice import tell_price


class TariffMoved(Exception):
    """Somebody else has changed the tariff since it was shown."""


class NothingScheduled(LookupError):
    """There is no such change that could be taken back, not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A change that was taken back; `stays` is what is in force on its day instead."""

    tariff: Tariff
    version: TariffVersion
    stays: TariffVersion


class PriceChanges:
    """Schedules prices, takes them back, makes and names tariffs."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def change(
        self, *, cause: Cause, tariff_id: int, version: TariffVersion, seen: Sequence[int]
    ) -> ChangePreview:
        """This function will put a price into force from a day on; its id is ignored.

        `seen` are the ids of the versions that were shown. While the tariff is locked nobody can
        charge by it, so that no day gets charged by what is just being replaced. Raises
        TariffUnknown, TariffMoved, ChargedAlready, SamePrice, AlreadyHandled and ButtonSpent.
        """
        async with self._transactions.begin() as unit:
            card = await self._locked(unit, cause, tariff_id)
            if card.version_ids != tuple(seen):
                raise TariffMoved
            require_uncharged(card, version.from_on)
            changed = preview(card, version)
            if changed.replaces is not None:
                await unit.tariffs.remove_version(changed.replaces.id)
            await unit.tariffs.add_version(tariff_id, version)
            name = name_after(card.tariff)
            if name != card.tariff.name:
                await require_free(unit, card.place.id, name, except_id=tariff_id)
                await unit.tariffs.rename(tariff_id=tariff_id, name=name)
            facts = {"from_on": version.from_on.isoformat(), "terms": terms_facts(version)}
            await self._note(unit, cause, card, "change", facts)
            await tell_price(
                unit,
                card.place,
                card.tariff,
                before=changed.replaces or changed.before,
                after=version,
                from_on=version.from_on,
                now=self._clock.now(),
            )
        return changed

    async def withdraw(self, *, cause: Cause, tariff_id: int, version_id: int) -> Withdrawn:
        """This function will take back a price that nobody was charged by yet.

        Raises TariffUnknown, NothingScheduled, ChargedAlready, AlreadyHandled and ButtonSpent.
        """
        async with self._transactions.begin() as unit:
            card = await self._locked(unit, cause, tariff_id)
            withdrawn = withdrawal(card, version_id)
            await unit.tariffs.remove_version(version_id)
            version = withdrawn.version
            facts = {"from_on": version.from_on.isoformat(), "terms": terms_facts(version)}
            await self._note(unit, cause, card, "withdraw", facts)
            await tell_price(
                unit,
                card.place,
                card.tariff,
                before=version,
                after=withdrawn.stays,
                from_on=version.from_on,
                now=self._clock.now(),
                is_withdrawn=True,
            )
        return withdrawn

    async def create(
        self,
        *,
        cause: Cause,
        place_id: int,
        name: str,
        version: TariffVersion,
        medium: Medium = ELECTRIC,
    ) -> TariffCard:
        """This function will make a tariff with one price; the version's id is ignored.

        Raises NotAllowed, BadName, NameTaken, AlreadyHandled and ButtonSpent.
        """
        cause.actor.require(Permission.SET_TARIFFS, place_id)
        wanted = clean_name(name)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            await unit.places.lock()
            await require_free(unit, place_id, wanted)
            tariff_id = await unit.tariffs.add(
                place_id=place_id, name=wanted, versions=[version], medium=medium
            )
            place = await place_of(unit, place_id)
            today_on = local_date(now, place.zone)
            card = await tariff_card(unit, place, tariff_id, today_on=today_on)
            facts = {"terms": terms_facts(version), "service": medium.service.value}
            await self._note(unit, cause, card, "create", facts | {"unit": medium.unit})
        return card

    async def rename(self, *, cause: Cause, tariff_id: int, name: str) -> TariffCard:
        """This function will give a tariff another name; what was charged keeps the old one.

        Raises TariffUnknown, BadName, NameTaken, AlreadyHandled and ButtonSpent.
        """
        wanted = clean_name(name)
        async with self._transactions.begin() as unit:
            await unit.places.lock()
            card = await self._locked(unit, cause, tariff_id)
            await require_free(unit, card.place.id, wanted, except_id=tariff_id)
            await unit.tariffs.rename(tariff_id=tariff_id, name=wanted)
            await self._note(unit, cause, card, "rename", {"to": wanted})
            return await tariff_card(unit, card.place, tariff_id, today_on=card.today_on)

    async def _locked(self, unit: Unit, cause: Cause, tariff_id: int) -> TariffCard:
        """Return a tariff that nobody changes, or charges by, until the unit ends."""
        now = self._clock.now()
        await mark_handled(unit, cause, now=now)
        place_id = await unit.tariffs.lock(tariff_id)
        if place_id is None or not cause.actor.may(Permission.SET_TARIFFS, place_id):
            raise TariffUnknown(tariff_id)
        place = await place_of(unit, place_id)
        return await tariff_card(unit, place, tariff_id, today_on=local_date(now, place.zone))

    async def _note(
        self, unit: Unit, cause: Cause, card: TariffCard, what: str, facts: Mapping[str, object]
    ) -> None:
        known = {"tariff_id": card.tariff.id, "name": card.tariff.name}
        await unit.audit.add(
            at=self._clock.now(),
            actor_id=cause.actor.person_id,
            place_id=card.place.id,
            action=f"tariff.{what}",
            facts={**known, **facts},
        )


def withdrawal(card: TariffCard, version_id: int) -> Withdrawn:
    """Return what taking a price back would do. Raises NothingScheduled and ChargedAlready."""
    versions = card.tariff.versions
    found = next((n for n, each in enumerate(versions) if each.id == version_id), 0)
    if found == 0:
        raise NothingScheduled
    version = versions[found]
    if version.id not in card.open_ids:
        through_on = card.charged_through_on or version.from_on
        raise ChargedAlready(tariff=card.tariff.name, through_on=through_on)
    return Withdrawn(tariff=card.tariff, version=version, stays=versions[found - 1])
