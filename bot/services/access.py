"""Who is speaking, and what they are to the buildings."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.domain.people import Actor, Role
from bot.services.ports import Clock
from bot.services.store import Dialog, Person, Transactions
from bot.services.stores import Unit
from bot.services.unreachable import note_unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody as their messenger introduces them; `language` is one that we speak."""

    telegram_id: int
    chat_id: int
    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person on record, what they are, and the dialog that they are in."""

    person: Person
    actor: Actor
    dialog: Dialog | None = None


class Access:
    """Knows everybody who ever spoke to the bot."""

    def __init__(
        self,
        transactions: Transactions,
        clock: Clock,
        *,
        owner_telegram_ids: Collection[int] = (),
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._owner_telegram_ids = frozenset(owner_telegram_ids)

    async def identify(self, *, caller: Caller) -> Known:
        """This function will return the person behind a caller, and write only what is new.

        A person who blocked the bot is reachable again once they speak. A stranger's language
        follows their phone, anybody else's is what they chose.
        """
        async with self._transactions.read() as unit:
            known = await _find(unit, caller)
        if known is not None and not self._is_news(known, caller):
            return known
        async with self._transactions.begin() as unit:
            return await self._record(unit, caller)

    async def actor(self, *, person_id: int) -> Actor:
        """This function will return what a person is by now."""
        async with self._transactions.read() as unit:
            return await unit.people.actor(person_id)

    async def choose_language(self, *, person_id: int, language: str) -> Person:
        """This function will let a person be spoken to in a language from now on."""
        async with self._transactions.begin() as unit:
            person = (await unit.people.get([person_id]))[person_id]
            changed = replace(person, language=language)
            await unit.people.save(changed)
        return changed

    async def lose(self, *, telegram_id: int) -> None:
        """This function will note that a person cannot be written to, and tell their staff."""
        async with self._transactions.begin() as unit:
            person = await unit.people.by_telegram(telegram_id)
            if person is not None:
                await note_unreachable(unit, person, now=self._clock.now())

    async def _record(self, unit: Unit, caller: Caller) -> Known:
        known = await _find(unit, caller)
        if known is None:
            person = await unit.people.add(
                telegram_id=caller.telegram_id,
                chat_id=caller.chat_id,
                name=caller.name,
                language=caller.language,
                at=self._clock.now(),
            )
        else:
            person = _updated(known, caller)
            await unit.people.save(person)
        if caller.telegram_id in self._owner_telegram_ids:
            await unit.people.grant(person_id=person.id, place_id=None, role=Role.OWNER)
        actor = await unit.people.actor(person.id)
        return Known(person=person, actor=actor, dialog=None if known is None else known.dialog)

    def _is_news(self, known: Known, caller: Caller) -> bool:
        is_new_owner = (
            caller.telegram_id in self._owner_telegram_ids
            and (None, Role.OWNER) not in known.actor.roles
        )
        return is_new_owner or _updated(known, caller) != known.person


async def _find(unit: Unit, caller: Caller) -> Known | None:
    found = await unit.people.known(caller.telegram_id)
    if found is None:
        return None
    person, actor, dialog = found
    return Known(person=person, actor=actor, dialog=dialog)


def _updated(known: Known, caller: Caller) -> Person:
    return replace(
        known.person,
        chat_id=caller.chat_id,
        name=caller.name,
        language=caller.language if known.actor.is_stranger else known.person.language,
        is_reachable=True,
    )
