"""The rows of the table of handlers that set the rules of places and the terms of leases."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import naming, rules

_SETS = staff_with(Permission.SET_RULES)

RULE_TABLE: tuple[Route, ...] = (
    Route(
        command="settings",
        menu=N_("The rules of a building"),
        action=Action.SETTINGS,
        audience=_SETS,
        handler=rules.settings,
    ),
    Route(action=Action.PLACE_RENAME, audience=_SETS, handler=naming.ask_place),
    Route(content=Kind.TEXT, step=naming.PLACE, audience=_SETS, handler=naming.place),
    Route(action=Action.TERMS, audience=_SETS, handler=rules.terms),
    Route(action=Action.RULE, audience=_SETS, handler=rules.ask),
    Route(action=Action.RULE_VALUE, audience=_SETS, handler=rules.value),
    Route(content=Kind.TEXT, step=rules.ASKING, audience=_SETS, handler=rules.typed),
    Route(action=Action.RULE_CONFIRM, audience=_SETS, handler=rules.confirm),
)
