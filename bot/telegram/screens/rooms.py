"""The list of rooms: what is the matter with each, at a glance."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from bot.i18n import N_, Safe, Speaker
from bot.services.home_card import Power
from bot.services.room_card import RoomLine, RoomMoney
from bot.services.room_name import RoomName
from bot.services.rooms import RoomPage, RoomsFound
from bot.services.stores.rooms import RoomFilter
from bot.telegram.callbacks import Action, ButtonTooLong, Press, encode, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.room import room_label

FILTER_NAMES = {
    RoomFilter.ALL: N_("All"),
    RoomFilter.LOW: N_("🟡 Low"),
    RoomFilter.CUT: N_("🔴 Off"),
    RoomFilter.OFFLINE: N_("⚠️ Offline"),
    RoomFilter.OWING: N_("Owing"),
    RoomFilter.VACANT: N_("⚪ Vacant"),
}
KEPT = "~"
"""Stands in a button for a search that is too long for it."""

MOST_CHOICES = 10
_WIDEST = (RoomFilter.OFFLINE.value, 999_999)
_SHORT_PLACE = 14


def rooms_screen(page: RoomPage, speaker: Speaker) -> Screen:
    """Return a page of the list, with filters, search and the way to each room."""
    return Screen(
        html=blocks(_head(page, speaker), _room_lines(page.lines, speaker), _foot(page, speaker)),
        buttons=(
            *rows_of(*_room_buttons([each.name for each in page.lines], page.lines)),
            *_turning(page, speaker),
            *rows_of(*(_filter_button(only, page, speaker) for only in page.filters)),
            (
                Button(label=speaker.plain.text("🔎 Search"), press=press(Action.SEARCH)),
                home_button(speaker),
            ),
        ),
    )


def search_screen(speaker: Speaker) -> Screen:
    """Return the question for what to search."""
    everything = Button(label=speaker.plain.text("All rooms"), press=press(Action.ROOMS))
    return Screen(
        html=speaker.text(
            "Type a room, a building or a tenant, for example 302 or lakeside 302. "
            "You can do that at any time."
        ),
        buttons=((everything, home_button(speaker)),),
    )


def choice_screen(
    found: RoomsFound, typed: str, asks: Callable[[RoomName], Press], speaker: Speaker
) -> Screen:
    """Return the rooms that a text may mean; when there are none, the nearest."""
    shown = (found.matches or found.nearest)[:MOST_CHOICES]
    more = len(found.matches) - len(shown) if found.matches else 0
    return Screen(
        html=lines(
            _which(found, typed, speaker),
            speaker.plural(
                "{n} more: type more of the name.", "{n} more: type more of the name.", more
            )
            if more > 0
            else None,
        ),
        buttons=(
            *rows_of(*(_choice(name, shown, asks) for name in shown)),
            (
                Button(label=speaker.plain.text("All rooms"), press=press(Action.ROOMS)),
                home_button(speaker),
            ),
        ),
    )


def which_room_screen(
    page: RoomPage, asks: Callable[[RoomName], Press], speaker: Speaker
) -> Screen:
    """Return the question for a room, with the first ones to tap."""
    names = [each.name for each in page.lines]
    return Screen(
        html=speaker.text("<b>Which room?</b>\nTap it, or type its number."),
        buttons=(
            *rows_of(*(_choice(name, names, asks) for name in names)),
            (
                Button(label=speaker.plain.text("All rooms"), press=press(Action.ROOMS)),
                home_button(speaker),
            ),
        ),
    )


def list_press(only: RoomFilter, number: int, text: str) -> Press:
    """Return the way to a page of the list."""
    return press(Action.ROOMS, only.value, number, carried(text))


def carried(text: str) -> str:
    """Return a search as a button carries it: itself, or the mark for what is kept elsewhere."""
    try:
        encode(press(Action.ROOMS, *_WIDEST, text))
    except ButtonTooLong:
        return KEPT
    return text


def room_press(name: RoomName) -> Press:
    """Return the way to a room's card."""
    return press(Action.ROOM_CARD, name.room_id)


def sign(each: RoomLine) -> str:
    """Return the one sign that says most about a room."""
    if each.name.lease_id is None:
        return "⚪"
    if each.awaits_hand:
        return "✋"
    if each.power in {Power.OFF, Power.GOING_OFF}:
        return "🔴"
    if each.power is Power.COMING_ON:
        return "⏳"
    if each.is_offline:
        return "⚠️"
    return "🟡" if each.money is not None and each.money.is_low else "🟢"


def balance_text(money: RoomMoney, speaker: Speaker) -> str:
    """Return what a tenant holds."""
    return speaker.money(money.balance_paise, money.currency)


def _which(found: RoomsFound, typed: str, speaker: Speaker) -> Safe:
    if found.matches:
        return speaker.text("Which room do you mean by “{typed}”?", typed=typed)
    none = speaker.text("There is no room “{typed}” that you may see.", typed=typed)
    return lines(none, speaker.text("The nearest are:") if found.nearest else None)


def _choice(name: RoomName, among: Sequence[RoomName], asks: Callable[[RoomName], Press]) -> Button:
    several = len({each.place_id for each in among}) > 1
    detail = name.place if several else name.tenant
    label = f"{room_label(name.room)} · {detail}" if detail else room_label(name.room)
    return Button(label=label, press=asks(name))


def _head(page: RoomPage, speaker: Speaker) -> Iterator[Safe]:
    only = None
    if page.only is not RoomFilter.ALL:
        only = speaker.text(FILTER_NAMES[page.only])
    yield line(bold(speaker.text("Rooms")), speaker.count(page.rooms), only)
    if page.text:
        yield speaker.text("Search: “{text}”", text=page.text)


def _room_lines(found: Sequence[RoomLine], speaker: Speaker) -> list[Safe]:
    if not found:
        return [speaker.text("There is no such room.")]
    said: list[Safe] = []
    for place, each in groupby(found, key=lambda one: one.name.place):
        said.append(bold(place))
        said += [_room_line(one, speaker) for one in each]
    return said


def _room_line(each: RoomLine, speaker: Speaker) -> Safe:
    head = line(sign(each), room_label(each.name.room), between=" ")
    if each.name.lease_id is None:
        return line(head, speaker.text("vacant"))
    return line(
        head,
        each.name.tenant,
        None if each.money is None else balance_text(each.money, speaker),
        speaker.text("offline") if each.is_offline else None,
    )


def _foot(page: RoomPage, speaker: Speaker) -> list[Safe]:
    if page.pages == 1:
        return []
    number, pages = speaker.count(page.number + 1), speaker.count(page.pages)
    return [speaker.text("Page {number} of {pages}", number=number, pages=pages)]


def _room_buttons(names: Sequence[RoomName], found: Sequence[RoomLine]) -> Iterator[Button]:
    several = len({name.place_id for name in names}) > 1
    for each in found:
        place = f" · {each.name.place[:_SHORT_PLACE]}" if several else ""
        label = f"{sign(each)} {room_label(each.name.room)}{place}"
        yield Button(label=label, press=room_press(each.name))


def _turning(page: RoomPage, speaker: Speaker) -> Rows:
    back = Button(
        label=speaker.plain.text("‹ Previous"),
        press=list_press(page.only, page.number - 1, page.text),
    )
    on = Button(
        label=speaker.plain.text("Next ›"), press=list_press(page.only, page.number + 1, page.text)
    )
    return rows_of(back if page.number > 0 else None, on if page.number + 1 < page.pages else None)


def _filter_button(only: RoomFilter, page: RoomPage, speaker: Speaker) -> Button:
    said = speaker.plain.text(FILTER_NAMES[only])
    return Button(
        label=f"✓ {said}" if only is page.only else said, press=list_press(only, 0, page.text)
    )
