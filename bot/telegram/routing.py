"""How a row of the table says what is answered, and how the row for an update is found."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.domain.people import Actor
from bot.telegram.audience import Audience
from bot.telegram.callbacks import Action
from bot.telegram.context import Context
from bot.telegram.menus import MenuLine
from bot.telegram.request import Kind
from bot.telegram.screen import Screen

Handler = Callable[[Context], Awaitable[Screen | None]]
"""Returns the card that answers, or None when it has answered by itself."""

Key = str | Action | tuple[Kind, str | None]
"""A command, an action, or content at a step of a dialog (None: when no dialog is open)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row of the table: any of a command, a button and a kind of content reach the handler.

    `menu` is what the command's line in the menu says; without it the command is not listed.
    `step` binds content to that step of an open dialog; without one it is for when none is open.
    """

    handler: Handler
    audience: Audience
    command: str | None = None
    menu: str | None = None
    action: Action | None = None
    content: Kind | None = None
    step: str | None = None

    def answers_to(self) -> Iterable[Key]:
        """Yield all that reaches the handler."""
        if self.command is not None:
            yield self.command
        if self.action is not None:
            yield self.action
        if self.content is not None:
            yield self.content, self.step


class RouteDefinedTwice(ValueError):
    """Two rows of the table answer the same thing for the same people."""

    def __init__(self, key: Key) -> None:
        super().__init__(key)
        self.key = key


class Routes:
    """The table, looked up by what a person did; the first row that admits them answers."""

    def __init__(self, table: Sequence[Route]) -> None:
        self._table = table
        self._found: dict[Key, list[Route]] = {}
        for route in table:
            for key in route.answers_to():
                self._add(key, route)

    def find(self, key: Key, actor: Actor) -> Route | None:
        """Return the row that answers this for a person."""
        rows = self._found.get(key, ())
        return next((route for route in rows if route.audience.admits(actor)), None)

    def knows(self, key: Key) -> bool:
        """Return whether anybody at all is answered."""
        return key in self._found

    def menu(self) -> Sequence[MenuLine]:
        """Return the lines of everybody's menus, in the order of the table."""
        return [
            MenuLine(command=route.command, says=route.menu, audience=route.audience)
            for route in self._table
            if route.command is not None and route.menu is not None
        ]

    def _add(self, key: Key, route: Route) -> None:
        rows = self._found.setdefault(key, [])
        if any(row.audience == route.audience for row in rows):
            raise RouteDefinedTwice(key)
        rows.append(route)
