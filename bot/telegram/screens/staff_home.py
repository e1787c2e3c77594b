"""The card that staff begin with."""

from collections.abc import Iterator, Sequence

from bot.domain.people import Actor, Permission
from bot.i18n import Safe, Speaker
from bot.services.rooms import StaffHome
from bot.services.stores.rooms import RoomFilter
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, lines
from bot.telegram.screens.rooms import FILTER_NAMES, list_press

MOST_PLACES = 3


def staff_home_screen(
    home: StaffHome, actor: Actor, speaker: Speaker, *, waiting: int = 0
) -> Screen:
    """Return what is the matter in the person's buildings, and everything that they can do."""
    return Screen(
        html=blocks([_title(home, speaker)], _matters(home, speaker)),
        buttons=(
            *rows_of(_inbox(waiting, speaker)),
            *rows_of(*_doing(actor, speaker)),
            *rows_of(*_looking(home, speaker)),
            *rows_of(*_rest(actor, speaker)),
        ),
    )


def _title(home: StaffHome, speaker: Speaker) -> Safe:
    names = [place.name for place in home.places]
    if 0 < len(names) <= MOST_PLACES:
        return lines(*(bold(name) for name in names))
    return bold(speaker.plural("{n} building", "{n} buildings", len(names)))


def _matters(home: StaffHome, speaker: Speaker) -> Sequence[Safe]:
    rooms = speaker.plural("{n} room", "{n} rooms", home.tally.rooms)
    if not home.tally.rooms:
        return [speaker.text("There are no rooms yet. Send a CSV file to bring them in.")]
    if _wanting(home):
        return [rooms, speaker.text("What wants a look is below.")]
    return [rooms, speaker.text("🟢 All is well.")]


def _wanting(home: StaffHome) -> list[RoomFilter]:
    return [only for only in home.filters if only is not RoomFilter.ALL and home.tally.of(only)]


def _inbox(waiting: int, speaker: Speaker) -> Button | None:
    """Return the way to what waits for a decision, if anything does."""
    if not waiting:
        return None
    label = speaker.plain.text("📥 Inbox · {count}", count=speaker.count(waiting))
    return Button(label=label, press=press(Action.INBOX))


def _doing(actor: Actor, speaker: Speaker) -> Iterator[Button]:
    say = speaker.plain.text
    yield Button(label=say("Rooms"), press=press(Action.ROOMS))
    if actor.may(Permission.TAKE_PAYMENT):
        yield Button(label=say("Take payment"), press=press(Action.PAY))
    if actor.may(Permission.SWITCH_POWER):
        yield Button(label=say("Power …"), press=press(Action.POWER))
    if actor.may(Permission.READ_METERS):
        yield Button(label=say("Round"), press=press(Action.ROUND))
    yield Button(label=say("🔎 Search"), press=press(Action.SEARCH))


def _looking(home: StaffHome, speaker: Speaker) -> Iterator[Button]:
    for only in _wanting(home):
        count = speaker.count(home.tally.of(only))
        label = f"{speaker.plain.text(FILTER_NAMES[only])} · {count}"
        yield Button(label=label, press=list_press(only, 0, ""))


def _rest(actor: Actor, speaker: Speaker) -> Iterator[Button]:
    say = speaker.plain.text
    offers: list[tuple[Permission, str, Press]] = [
        (Permission.SEE_ROOMS, say("Meters"), press(Action.METERS)),
        (Permission.SEE_ROOMS, say("Readings"), press(Action.READINGS)),
        (Permission.SEE_MONEY, say("Bills"), press(Action.INVOICES)),
        (Permission.TAKE_PAYMENT, say("Common areas"), press(Action.COMMON)),
        (Permission.SEE_MONEY, say("Report"), press(Action.REPORT)),
        (Permission.SEE_MONEY, say("Questions"), press(Action.DISPUTES)),
        (Permission.SET_TARIFFS, say("Tariffs"), press(Action.TARIFFS)),
        (Permission.ONBOARD, say("Import"), press(Action.IMPORT)),
        (Permission.ONBOARD, say("Qube"), press(Action.SYNC)),
        (Permission.SET_RULES, say("Settings"), press(Action.SETTINGS)),
        (Permission.SEE_HEALTH, say("Status"), press(Action.STATUS)),
        (Permission.MANAGE_STAFF, say("Team"), press(Action.TEAM)),
    ]
    for permission, label, pressed in offers:
        if actor.may(permission):
            yield Button(label=label, press=pressed)
    for lease_id in sorted(actor.lease_ids)[:MOST_PLACES]:
        yield Button(label=say("My own room"), press=press(Action.HOME, lease_id))
    yield Button(label=say("More …"), press=press(Action.HELP))
