"""Rooms that are to have a tariff from a day on, and what one room pays."""

from collections.abc import Iterator
from datetime import date

from bot.domain.service_kind import ELECTRIC, Medium, ServiceKind
from bot.domain.tariff import Tariff
from bot.i18n import Safe, Speaker
from bot.i18n.service_names import medium_name, service_name
from bot.services.lease_tariff import RoomChoice, RoomPrices, RoomTariff
from bot.services.lease_tariff_change import GivePreview
from bot.services.tariff import version_in_force
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.price import day_text, month_with, price_brief
from bot.telegram.screens.room import room_label
from bot.telegram.screens.tariff import rooms_text, to_tariff
from bot.telegram.screens.tariff_steps import charged_lines, preset_days
from bot.telegram.tariff_draft import RoomsDraft

PAGE_ROOMS = 8
MOST_TARIFFS = 6
TOGGLE = "t"
PAGE = "p"
ALL = "a"
NO_ONE = "o"
DAY = "d"
_SHORT_NAME = 12


def pick_press(draft: RoomsDraft, what: str, *values: int | str) -> Press:
    """Return the way to another choice of rooms, or on to the day."""
    return press(Action.TARIFF_PICK, draft.id, what, *values)


def rooms_screen(draft: RoomsDraft, choice: RoomChoice, speaker: Speaker) -> Screen:
    """Return the question for which rooms, with those that are chosen ticked."""
    chosen = [room.room for room in choice.rooms if room.lease_id in draft.lease_ids]
    said = rooms_text(chosen, speaker) if chosen else speaker.text("No room is chosen yet.")
    return Screen(
        html=blocks(
            [line(bold(choice.tariff.name), choice.place.name)],
            [speaker.text("<b>For which rooms?</b> Tap them, or type them: 302, 303.")],
            [said],
        ),
        buttons=(*_room_buttons(draft, choice, speaker), *_choosing(draft, choice, speaker)),
    )


def rooms_day_screen(
    draft: RoomsDraft,
    choice: RoomChoice,
    speaker: Speaker,
    *,
    through_on: date | None,
    waits_since_on: date | None = None,
) -> Screen:
    """Return the question from which day; what waits for a price needs it since it was read."""
    rooms = [room.room for room in choice.rooms if room.lease_id in draft.lease_ids]
    presets = (
        Button(label=label, press=pick_press(draft, DAY, on.isoformat()))
        for on, label in (
            preset_days(choice.today_on, through_on, speaker)
            if waits_since_on is None
            else ((waits_since_on, _since_read(waits_since_on, choice, speaker)),)
        )
    )
    return Screen(
        html=blocks(
            [bold(choice.tariff.name), rooms_text(rooms, speaker)],
            charged_lines(through_on, speaker, today_on=choice.today_on),
            [speaker.text("<b>From which day?</b> Tap or type it, for example 1.12. or 1 Dec.")],
        ),
        buttons=(*rows_of(*presets), _ways(draft, speaker)),
    )


def _since_read(on: date, choice: RoomChoice, speaker: Speaker) -> str:
    day = day_text(on, speaker, today_on=choice.today_on)
    return speaker.plain.text("Since it is read, {day}", day=day)


def give_confirm_screen(
    draft: RoomsDraft, preview: GivePreview, speaker: Speaker, *, today_on: date, nonce: str
) -> Screen:
    """Return the question: which tariff, for whom, and what a month costs by each."""
    day = day_text(preview.from_on, speaker, today_on=today_on)
    confirm = Button(
        label=speaker.plain.text("Use it from {day}", day=day),
        press=press(Action.TARIFF_GIVE, draft.id, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [speaker.text("Use “{name}” from <b>{day}</b>?", name=preview.tariff.name, day=day)],
            [
                rooms_text([room.room for room in preview.rooms], speaker),
                _example(preview, speaker),
            ],
            [
                _consequence(preview, speaker, today_on=today_on),
                *_dropped(preview, speaker),
            ],
        ),
        buttons=((confirm,), _ways(draft, speaker, back=pick_press(draft, DAY))),
    )


def room_tariff_screen(found: RoomPrices, speaker: Speaker) -> Screen:
    """Return what a room pays, what is to come, and the other tariffs of its place."""
    room, say = found.room, speaker.plain.text
    tariffs = (room.tariff_on(found.today_on, each) for each in media(room))
    now = [each for each in tariffs if each is not None]
    others = [each for each in found.tariffs if each not in now]
    choices = (_choice(each, found, speaker) for each in others[:MOST_TARIFFS])
    return Screen(
        html=blocks(
            [line(bold(room_label(room.room)), room.tenant), found.place.name],
            [*_now_and_then(found, speaker)],
            [] if others else [speaker.text("There is no other tariff here yet: /tariffs")],
        ),
        buttons=(
            *rows_of(*(_stay(each, found, speaker) for each in now), *choices),
            *rows_of(
                Button(label=say("‹ Back"), press=press(Action.ROOM, room.lease_id)),
                to_tariff(now[0].id, say("Tariff ›")) if now else None,
            ),
        ),
    )


def media(room: RoomTariff) -> list[Medium]:
    """Return all that a room uses or has a tariff for, electricity first."""
    found = room.media | {each.medium for each in room.timelines.values()}
    order = {service: number for number, service in enumerate(ServiceKind)}
    return sorted(found, key=lambda each: (order[each.service], each.unit))


def _choice(each: Tariff, found: RoomPrices, speaker: Speaker) -> Button:
    """Return the way to another tariff; the first one of its medium is no change."""
    room, say = found.room, speaker.plain.text
    has_one = room.tariff_on(found.today_on, each.medium) is not None
    changed, used = say("Change to {name}", name=each.name), say("Use {name}", name=each.name)
    return Button(
        label=changed if has_one else used,
        press=press(Action.TARIFF_ROOMS, each.id, room.lease_id),
    )


def _stay(now: Tariff, found: RoomPrices, speaker: Speaker) -> Button | None:
    coming = found.room.later_than(found.today_on, now.medium)
    if not coming:
        return None
    day, lease_id = coming[0].from_on.isoformat(), found.room.lease_id
    return Button(
        label=speaker.plain.text("Stay with {name}", name=now.name),
        press=press(Action.TARIFF_ROOMS, now.id, lease_id, day),
    )


def _now_and_then(found: RoomPrices, speaker: Speaker) -> Iterator[Safe]:
    for medium in media(found.room):
        yield _now(found, medium, speaker)
        for each in found.room.later_than(found.today_on, medium):
            day = day_text(each.from_on, speaker, today_on=found.today_on)
            price = _price(each.tariff, each.from_on, found, speaker)
            yield line(speaker.text("From {day}", day=day), bold(each.tariff.name), price)


def _now(found: RoomPrices, medium: Medium, speaker: Speaker) -> Safe:
    now = found.room.tariff_on(found.today_on, medium)
    if now is None:
        return speaker.text("⚠️ {medium}: no tariff", medium=medium_name(medium, speaker))
    said = speaker.text("Tariff {name}", name=bold(now.name))
    if medium != ELECTRIC:
        said = line(service_name(medium.service, speaker), bold(now.name))
    return line(said, _price(now, found.today_on, found, speaker))


def _price(tariff: Tariff, on: date, found: RoomPrices, speaker: Speaker) -> Safe | None:
    version = version_in_force(tariff, on)
    if version is None:
        return None
    return price_brief(version, found.place.currency, speaker, unit=tariff.medium.unit)


def _room_buttons(draft: RoomsDraft, choice: RoomChoice, speaker: Speaker) -> Rows:
    pages = max(-(-len(choice.rooms) // PAGE_ROOMS), 1)
    number = min(max(draft.number, 0), pages - 1)
    shown = choice.rooms[number * PAGE_ROOMS : (number + 1) * PAGE_ROOMS]
    say = speaker.plain.text
    back = Button(label=say("‹ Previous"), press=pick_press(draft, PAGE, number - 1))
    on = Button(label=say("Next ›"), press=pick_press(draft, PAGE, number + 1))
    return (
        *rows_of(*(_room_button(room, draft, choice) for room in shown)),
        *rows_of(back if number else None, on if number + 1 < pages else None),
    )


def _room_button(room: RoomTariff, draft: RoomsDraft, choice: RoomChoice) -> Button:
    tick = "✓ " if room.lease_id in draft.lease_ids else ""
    now = room.tariff_on(choice.today_on, choice.tariff.medium)
    name = "–" if now is None else now.name[:_SHORT_NAME]
    label = f"{tick}{room_label(room.room)} · {name}"
    return Button(label=label, press=pick_press(draft, TOGGLE, room.lease_id))


def _choosing(draft: RoomsDraft, choice: RoomChoice, speaker: Speaker) -> Rows:
    say = speaker.plain.text
    everyone = Button(label=say("All rooms"), press=pick_press(draft, ALL))
    no_one = Button(label=say("None"), press=pick_press(draft, NO_ONE))
    on = Button(label=say("From which day ›"), press=pick_press(draft, DAY))
    return (
        *rows_of(everyone if len(choice.rooms) > 1 else None, no_one if draft.lease_ids else None),
        *rows_of(on if draft.lease_ids else None, _cancel(draft, speaker)),
    )


def _example(preview: GivePreview, speaker: Speaker) -> Safe:
    currency = preview.place.currency
    cost: Safe = bold(speaker.money(preview.after_paise, currency))
    if preview.before_paise is not None:
        cost = line(speaker.money(preview.before_paise, currency), cost, between=" → ")
    return month_with(cost, preview.tariff.medium, speaker)


def _consequence(preview: GivePreview, speaker: Speaker, *, today_on: date) -> Safe:
    since_on = preview.waits_since_on
    if since_on is None:
        return speaker.text("Days before keep the old tariff.")
    day = day_text(since_on, speaker, today_on=today_on)
    return speaker.text("What was read since {day} is charged at once.", day=day)


def _dropped(preview: GivePreview, speaker: Speaker) -> list[Safe]:
    if not preview.dropped:
        return []
    rooms = rooms_text(preview.dropped, speaker)
    return [speaker.text("What was to change later is dropped for {rooms}", rooms=rooms)]


def _ways(draft: RoomsDraft, speaker: Speaker, *, back: Press | None = None) -> tuple[Button, ...]:
    to_rooms = None if draft.is_of_room else pick_press(draft, PAGE, draft.number)
    way = back or to_rooms
    cancel = _cancel(draft, speaker)
    if way is None:
        return (cancel,)
    return Button(label=speaker.plain.text("‹ Back"), press=way), cancel


def _cancel(draft: RoomsDraft, speaker: Speaker) -> Button:
    label = speaker.plain.text("Cancel")
    if draft.is_of_room:
        return Button(label=label, press=press(Action.ROOM_TARIFF, draft.lease_ids[0]))
    return to_tariff(draft.tariff_id, label)
