"""The list of meters, and by what it is narrowed."""

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby

from bot.domain.meter import MeterStatus
from bot.domain.people import Actor, Permission
from bot.domain.place import Place
from bot.i18n import N_, Safe, Speaker
from bot.services.meters import MeterFilters, MeterPage
from bot.services.stores.meter_sheet import MeterLine
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.meter_filter import CODES, Facet, Turn, chosen, narrowed, words_of
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.meter_words import SIGNS, called, kind_of, labelled, name_of
from bot.telegram.screens.room import room_label

FACET_NAMES = {
    Facet.TYPE: N_("Type"),
    Facet.SERVICE: N_("Service"),
    Facet.STATUS: N_("State"),
    Facet.BILLING: N_("Who pays"),
    Facet.MAIN: N_("Main meter"),
    Facet.ROOM: N_("Room"),
}


def list_press(filters: MeterFilters, turn: Turn | None = None) -> Press:
    """Return the way to a page of the list."""
    at = []
    if turn is not None and turn.after_id is not None:
        at = [f"a{turn.after_id}"]
    if turn is not None and turn.before_id is not None:
        at = [f"b{turn.before_id}"]
    return press(Action.METERS, *words_of(filters), *at)


def meters_screen(page: MeterPage, actor: Actor, speaker: Speaker) -> Screen:
    """Return a page of the list, with filters and the way to each meter."""
    return Screen(
        html=blocks(_head(page, speaker), _lines(page, speaker)),
        buttons=(
            *rows_of(*(meter_button(each) for each in page.lines)),
            *rows_of(*_turning(page, speaker)),
            *rows_of(*_ways(page, actor, speaker), home_button(speaker)),
        ),
    )


def meter_button(each: MeterLine) -> Button:
    """Return the way to a meter's card."""
    return Button(label=labelled(each.sheet, each.room), press=press(Action.METER, each.sheet.id))


def meter_line(each: MeterLine, speaker: Speaker) -> Safe:
    """Return a meter in one line: what is not usual of it is said."""
    sheet = each.sheet
    status = None
    if sheet.status is not MeterStatus.ACTIVE:
        status = line("⚠️", name_of(sheet.status, speaker), between=" ")
    name = called(sheet, each.room)
    return line(
        line(SIGNS[sheet.type], name, between=" "),
        None if each.room is None or name != sheet.name else room_label(each.room),
        None if name == sheet.name else kind_of(sheet, speaker),
        speaker.text("main") if sheet.is_main else None,
        status,
    )


def which_place_screen(places: Sequence[Place], action: Action, speaker: Speaker) -> Screen:
    """Return the question for a building; a list may be of all of them."""
    every = None
    if action is Action.METERS:
        every = Button(label=speaker.plain.text("All buildings"), press=list_press(MeterFilters()))
    return Screen(
        html=speaker.text("<b>Of which building?</b>"),
        buttons=(
            *rows_of(*(_place_button(place, action) for place in places), every),
            (home_button(speaker),),
        ),
    )


def _place_button(place: Place, action: Action) -> Button:
    if action is Action.METERS:
        return Button(label=place.name, press=list_press(MeterFilters(place_id=place.id)))
    return Button(label=place.name, press=press(action, place.id))


def filter_screen(filters: MeterFilters, room: str | None, speaker: Speaker) -> Screen:
    """Return by what the list can be narrowed, and by what it is."""
    words = words_of(filters)
    facets = [
        Button(
            label=f"{speaker.plain.text(FACET_NAMES[facet])}: "
            + _chosen_text(filters, facet, room, speaker.plain),
            press=press(Action.METERS_FILTER, *words, facet.value),
        )
        for facet in Facet
    ]
    place_only = MeterFilters(place_id=filters.place_id)
    return Screen(
        html=speaker.text("<b>Which meters?</b> Tap what the list is to be narrowed by."),
        buttons=(
            *rows_of(*facets),
            (
                Button(label=speaker.plain.text("All meters"), press=list_press(place_only)),
                Button(label=speaker.plain.text("‹ Back"), press=list_press(filters)),
            ),
        ),
    )


def facet_screen(filters: MeterFilters, facet: Facet, speaker: Speaker) -> Screen:
    """Return the choices of one filter; a room is typed."""
    options = [
        Button(
            label=_value_text(value, speaker.plain),
            press=list_press(narrowed(filters, facet, value)),
        )
        for value in CODES.get(facet, {}).values()
    ]
    every = Button(
        label=speaker.plain.text("Any"), press=list_press(narrowed(filters, facet, None))
    )
    back = press(Action.METERS_FILTER, *words_of(filters))
    asked = line(speaker.text(FACET_NAMES[facet]), "?", between="")
    if facet is Facet.ROOM:
        asked = speaker.text("<b>Which room?</b> Type it, for example 302.")
    return Screen(
        html=asked,
        buttons=(
            *rows_of(*options, every),
            (Button(label=speaker.plain.text("‹ Back"), press=back),),
        ),
    )


def found_screen(found: Sequence[MeterLine], text: str, speaker: Speaker) -> Screen:
    """Return the meters that a text may mean, by number or name."""
    return Screen(
        html=blocks(
            [speaker.text("Which meter do you mean by “{typed}”?", typed=text)],
            [line(meter_line(each, speaker), each.sheet.serial_number) for each in found],
        ),
        buttons=(
            *rows_of(*(meter_button(each) for each in found)),
            (_all_button(speaker), home_button(speaker)),
        ),
    )


def not_found_screen(text: str, speaker: Speaker) -> Screen:
    """Return that no meter is called so."""
    return Screen(
        html=speaker.text(
            "No meter that you may see is called “{typed}”, nor a room, and no serial number "
            "begins so.",
            typed=text,
        ),
        buttons=((_all_button(speaker), home_button(speaker)),),
    )


def filters_text(filters: MeterFilters, room: str | None, speaker: Speaker) -> list[Safe | str]:
    """Return by what a list is narrowed, in words."""
    said: list[Safe | str] = []
    for facet in CODES:
        value = chosen(filters, facet)
        if isinstance(value, Enum):
            said.append(name_of(value, speaker))
        elif value is not None:
            said.append(speaker.text("main meters") if value else speaker.text("no main meters"))
    if room is not None:
        said.append(room_label(room))
    return said


def _all_button(speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("All meters"), press=press(Action.METERS))


def _head(page: MeterPage, speaker: Speaker) -> Iterator[Safe]:
    place = page.place.name if page.place is not None and page.several else None
    yield line(bold(speaker.text("Meters")), place)
    said = filters_text(page.filters, page.room, speaker)
    if said:
        yield line(*said)


def _lines(page: MeterPage, speaker: Speaker) -> list[Safe]:
    if not page.lines:
        return [
            speaker.text("There is no such meter.")
            if page.filters.is_narrow
            else speaker.text("There are no meters here yet.")
        ]
    several = page.place is None
    said: list[Safe] = []
    for place, each in groupby(page.lines, key=lambda one: one.place):
        if several:
            said.append(bold(place))
        said += [meter_line(one, speaker) for one in each]
    return said


def _turning(page: MeterPage, speaker: Speaker) -> Iterator[Button]:
    say = speaker.plain.text
    if page.has_before and page.lines:
        turn = Turn(before_id=page.lines[0].sheet.id)
        yield Button(label=say("‹ Previous"), press=list_press(page.filters, turn))
    if page.has_after and page.lines:
        turn = Turn(after_id=page.lines[-1].sheet.id)
        yield Button(label=say("Next ›"), press=list_press(page.filters, turn))


def _ways(page: MeterPage, actor: Actor, speaker: Speaker) -> Iterator[Button]:
    say, place = speaker.plain.text, page.place
    yield Button(
        label=say("✓ Filter …") if page.filters.is_narrow else say("Filter …"),
        press=press(Action.METERS_FILTER, *words_of(page.filters)),
    )
    if place is not None:
        yield Button(label=say("Sub-meters"), press=press(Action.METERS_TREE, place.id))
    yield Button(label=say("Inspections"), press=press(Action.INSPECTIONS))
    if place is None and actor.may(Permission.ONBOARD):
        yield Button(label=say("New meter …"), press=press(Action.METER_NEW))
    elif place is not None and actor.may(Permission.ONBOARD, place.id):
        yield Button(label=say("New meter …"), press=press(Action.METER_NEW, place.id))


def _chosen_text(filters: MeterFilters, facet: Facet, room: str | None, speaker: Speaker) -> str:
    if facet is Facet.ROOM:
        return speaker.text("any") if room is None else room_label(room)
    value = chosen(filters, facet)
    return speaker.text("any") if value is None else _value_text(value, speaker)


def _value_text(value: object, speaker: Speaker) -> Safe:
    if isinstance(value, Enum):
        return name_of(value, speaker)
    return speaker.text("yes") if value else speaker.text("no")
