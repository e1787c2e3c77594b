"""Meters made and described by a file: previewed, then carried out, all good rows or none."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NoReturn

from bot.domain.meter import MeterNotPossible, MeterSheet
from bot.domain.meter_tree import MeterAboveItself
from bot.domain.people import Actor, Permission, Role
from bot.domain.place import Place, Room
from bot.services.cause import Cause, mark_handled
from bot.services.exchange.meter_rows import NOTHING, MeterRow, ParsedMeters, parse_meters
from bot.services.exchange.problem import ProblemKind, RowProblem, shown
from bot.services.former_name import former_names
from bot.services.meter_edit import MeterChange, blank, plan_change, store_change
from bot.services.meter_field import with_changes
from bot.services.meter_import_problem import REFUSALS, problem_of
from bot.services.meter_rule import cleaned_number, taken_names
from bot.services.place import by_name, name_key
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit

OPERATOR = Actor(person_id=0, roles=((None, Role.OWNER),))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterPlan:
    """What a file does: the meters that it makes, changes and leaves, and the rows refused."""

    made: tuple[MeterSheet, ...]
    changed: tuple[MeterSheet, ...]
    unchanged: int
    problems: tuple[RowProblem, ...]

    @property
    def does_something(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.made or self.changed)


class _TakenBack(Exception):
    """What was done in a transaction is not to stay."""


class MeterImports:
    """Takes files of meters in; the same file twice is the same as once."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def preview(self, *, cause: Cause | None, content: bytes) -> MeterPlan:
        """This function will tell what a file would do, by doing it and taking it back.

        No cause is the operator, who may do everything. Raises UnreadableTable.
        """
        return await self._run(cause, content, keeps=False)

    async def carry_out(self, *, cause: Cause | None, content: bytes) -> MeterPlan:
        """This function will make and change the meters of every good row.

        Raises UnreadableTable, AlreadyHandled and ButtonSpent.
        """
        return await self._run(cause, content, keeps=True)

    async def _run(self, cause: Cause | None, content: bytes, *, keeps: bool) -> MeterPlan:
        """A row is taken whole or not at all: what cannot be hung anywhere is left out next time,
        as rows that hang below it may then be wrong too."""
        parsed, left_out = parse_meters(content), dict[int, RowProblem]()
        while True:
            taker: _Taker | None = None
            with suppress(_TakenBack):
                async with self._transactions.begin() as unit:
                    if keeps and cause is not None:
                        await mark_handled(unit, cause, now=self._clock.now())
                    taker = self._taker(unit, cause, parsed, left_out)
                    await taker.take_in([x for x in parsed.rows if x.line not in left_out])
                    if taker.unhung or not keeps:
                        _take_back()
            assert taker is not None
            if not taker.unhung:
                return taker.plan()
            left_out |= {problem.line: problem for problem in taker.unhung}

    def _taker(
        self,
        unit: Unit,
        cause: Cause | None,
        parsed: ParsedMeters,
        left_out: Mapping[int, RowProblem],
    ) -> "_Taker":
        return _Taker(
            unit=unit,
            actor=OPERATOR if cause is None else cause.actor,
            now=self._clock.now(),
            problems=[*parsed.problems, *left_out.values()],
        )


def _take_back() -> NoReturn:
    raise _TakenBack


@dataclass(slots=True, kw_only=True)
class _Around:
    """What a place holds that rows may name."""

    place: Place
    rooms: Mapping[str, Room]
    taken: dict[str, int]


@dataclass(slots=True, kw_only=True)
class _Taker:
    """Takes in one file, in one transaction."""

    unit: Unit
    actor: Actor
    now: datetime
    problems: list[RowProblem]
    places: dict[str, _Around] = field(default_factory=dict)
    done: dict[int, MeterSheet] = field(default_factory=dict)
    made: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    by_line: dict[int, int] = field(default_factory=dict)
    unhung: list[RowProblem] = field(default_factory=list)

    async def take_in(self, rows: Sequence[MeterRow]) -> None:
        """Make and change the meters of all rows, then hang them below one another."""
        rows = await _by_present_names(self.unit, rows)
        await self.learn(rows)
        for row in rows:
            await self.take(row)
        for row in rows:
            await self.hang(row)

    async def learn(self, rows: Sequence[MeterRow]) -> None:
        """Look up and lock the places that are named."""
        named = {name_key(row.place) for row in rows}
        for key, place in by_name(await self.unit.places.all()).items():
            if key in named:
                await self.unit.sheets.lock(place.id)
                self.places[key] = _Around(
                    place=place,
                    rooms=by_name(await self.unit.places.rooms(place.id)),
                    taken=dict(await taken_names(self.unit, place.id)),
                )

    async def take(self, row: MeterRow) -> None:
        """Make or change the meter of a row, all but what it hangs below."""
        around = self.places.get(name_key(row.place))
        if around is None:
            self._refuse(row, ProblemKind.PLACE_UNKNOWN, "place", row.place)
            return
        if not self.actor.may(Permission.ONBOARD, around.place.id):
            self._refuse(row, ProblemKind.NOT_YOURS, "place", row.place)
            return
        before = await self._known(row, around)
        if before is not None and before.id in self.done:
            other = next(line for line, each in self.by_line.items() if each == before.id)
            self._refuse(row, ProblemKind.METER_TWICE, "name", row.name, other=str(other))
            return
        misfit = await self._misfit(row, around, before)
        if misfit is not None:
            self._refuse(row, *misfit)
            return
        await self._store(row, around, before, _described(row, around, before))

    async def hang(self, row: MeterRow) -> None:
        """Hang a meter below the one that its row names, now that all of them are there."""
        meter_id, around = self.by_line.get(row.line), self.places.get(name_key(row.place))
        if meter_id is None or around is None or row.parent is None:
            return
        before, known = self.done[meter_id], len(self.problems)
        parent_id = None if row.parent == NOTHING else await self._parent(row, around)
        if row.parent != NOTHING and parent_id is None:
            self._refuse(row, ProblemKind.PARENT_UNKNOWN, "parent", row.parent)
        elif parent_id != before.parent_id:
            await self._store(row, around, before, replace(before, parent_id=parent_id))
        self.unhung += self.problems[known:]

    def plan(self) -> MeterPlan:
        """Return what was done."""
        changed = self.changed - self.made
        return MeterPlan(
            made=tuple(self.done[each] for each in sorted(self.made)),
            changed=tuple(self.done[each] for each in sorted(changed)),
            unchanged=len(self.done) - len(self.made) - len(changed),
            problems=tuple(sorted(self.problems, key=lambda each: each.line)),
        )

    async def _known(self, row: MeterRow, around: _Around) -> MeterSheet | None:
        """Return the meter that a row is about: by its name at Qube, its number, or its name."""
        meter_id = around.taken.get(name_key(row.name))
        udf1, number = row.cells.get("meter"), cleaned_number(row.cells.get("serial_number"))
        if udf1 and (named := await self.unit.metering.by_udf1([udf1])):
            meter_id = named[udf1].id
        elif number and (numbered := await self.unit.sheets.by_serial_number([number])):
            meter_id = numbered[number].id
        return None if meter_id is None else await self.unit.sheets.get(meter_id)

    async def _misfit(
        self, row: MeterRow, around: _Around, before: MeterSheet | None
    ) -> tuple[ProblemKind, str, str] | None:
        """Return why a row does not go with what there is."""
        if before is not None and before.place_id != around.place.id:
            return ProblemKind.METER_MOVED, "place", row.place
        if row.room not in {None, NOTHING} and name_key(row.room or "") not in around.rooms:
            return ProblemKind.ROOM_UNKNOWN, "room", row.room or ""
        if before is None or all(
            getattr(before.terms, name) == value for name, value in row.terms.items()
        ):
            return None
        if (await self.unit.sheets.ties(before.id)).readings:
            column = next(iter(row.terms))
            return ProblemKind.METER_READ, column, row.cells[column]
        return None

    async def _store(
        self, row: MeterRow, around: _Around, before: MeterSheet | None, after: MeterSheet
    ) -> None:
        try:
            found = await plan_change(
                self.unit,
                self.actor,
                around.place,
                before,
                after,
                now=self.now,
                taken=around.taken,
            )
        except (MeterNotPossible, MeterAboveItself, *REFUSALS) as error:
            self.problems.append(problem_of(error, row))
            return
        await self._keep(row, around, found)

    async def _keep(self, row: MeterRow, around: _Around, found: MeterChange) -> None:
        sheet, before = found.after, found.before
        if before is None or before != sheet:
            actor_id = self.actor.person_id or None
            sheet = await store_change(self.unit, found, actor_id=actor_id, now=self.now)
            (self.made if before is None else self.changed).add(sheet.id)
        if before is not None:
            around.taken.pop(name_key(before.name), None)
        around.taken[name_key(sheet.name)] = sheet.id
        self.done[sheet.id] = sheet
        self.by_line[row.line] = sheet.id

    async def _parent(self, row: MeterRow, around: _Around) -> int | None:
        wanted = row.parent or ""
        named = around.taken.get(name_key(wanted))
        if named is not None:
            return named
        number = cleaned_number(wanted) or ""
        numbered = (await self.unit.sheets.by_serial_number([number])).get(number)
        return None if numbered is None else numbered.id

    def _refuse(
        self, row: MeterRow, kind: ProblemKind, column: str, value: str, **facts: str
    ) -> None:
        self.problems.append(
            RowProblem(line=row.line, kind=kind, column=column, value=shown(value), facts=facts)
        )


def _described(row: MeterRow, around: _Around, before: MeterSheet | None) -> MeterSheet:
    """Return the meter as a row describes it; what it does not say stays."""
    sheet = with_changes(before or blank(around.place.id), row.said)
    if row.room is not None:
        room = around.rooms.get(name_key(row.room))
        sheet = replace(sheet, room_id=None if room is None else room.id)
    if row.terms:
        sheet = replace(sheet, terms=replace(sheet.terms, **dict(row.terms)))  # type: ignore[arg-type]
    return sheet


async def _by_present_names(unit: Unit, rows: Sequence[MeterRow]) -> Sequence[MeterRow]:
    """Return the rows with what is called otherwise since under its present name."""
    names = await former_names(unit)
    return [
        replace(
            row,
            place=names.place(row.place),
            room=None if row.room is None else names.room(row.place, row.room),
        )
        for row in rows
    ]
