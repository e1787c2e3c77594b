"""One meter, with all that is known of it and all that can be done about it."""

from collections.abc import Iterator

from bot.domain.meter import BillingType, MeterSheet, MeterStatus
from bot.domain.meter_share import WHOLE_PPM, LeaseShare
from bot.domain.people import Permission
from bot.domain.period import local_date
from bot.i18n import Safe, Speaker
from bot.services.meter import MeterCard
from bot.services.meters import INSPECTED_WITHIN, MeterFilters
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, line
from bot.telegram.screens.meter import device_text, meter_title, shown_text
from bot.telegram.screens.meter_tree import due_text
from bot.telegram.screens.meter_words import cut, kind_of, name_of
from bot.telegram.screens.meters import list_press
from bot.telegram.screens.percent import share_text
from bot.telegram.screens.readings import list_press as readings_press
from bot.telegram.screens.room import room_label

MOST_SHARES = 4


def meter_card_screen(card: MeterCard, speaker: Speaker) -> Screen:
    """Return a meter at a glance, with the way to everything about it."""
    sheet = card.sheet
    return Screen(
        html=blocks(
            [meter_title(card, speaker), line(card.place.name, kind_of(sheet, speaker))],
            [shown_text(card, speaker), *_hardware(card, speaker)],
            [*_paying(card, speaker), *_tree(card, speaker), *_state(card, speaker)],
        ),
        buttons=(*rows_of(*_actions(card, speaker)), *rows_of(*_ways_out(card, speaker))),
    )


def shares_lines(sheet: MeterSheet, shares: tuple[LeaseShare, ...], speaker: Speaker) -> list[Safe]:
    """Return who pays for a meter, by name as far as that fits."""
    said: list[Safe] = []
    paid = name_of(sheet.billing_type, speaker)
    if sheet.billing_type is BillingType.COLLECTIVE and sheet.split_key is not None:
        return [line(paid, name_of(sheet.split_key, speaker), between=": ")]
    if not shares:
        return [line(paid, speaker.text("nobody is named yet"), between=": ")]
    if sheet.billing_type is not BillingType.SHARED:
        return [line(paid, _who(shares[0]), between=": ")]
    said = [
        line(
            Safe("  "),
            _who(each),
            Safe("   "),
            share_text(each.share_ppm or 0, speaker),
            between="",
        )
        for each in shares[:MOST_SHARES]
    ]
    more = len(shares) - len(said)
    if more > 0:
        said.append(speaker.plural("and {n} more", "and {n} more", more))
    return [line(paid, ":", between=""), *said, *_unshared(shares, speaker)]


def _unshared(shares: tuple[LeaseShare, ...], speaker: Speaker) -> Iterator[Safe]:
    """A lease that has ended leaves its part with the owner. Rule 8.2."""
    left = WHOLE_PPM - sum(each.share_ppm or 0 for each in shares)
    if left:
        yield speaker.text("  the owner   {share}", share=share_text(left, speaker))


def _who(share: LeaseShare) -> Safe:
    return line(room_label(share.room), share.tenant)


def _hardware(card: MeterCard, speaker: Speaker) -> Iterator[Safe]:
    sheet = card.sheet
    if sheet.udf1 is not None:
        yield device_text(card, speaker)
    known = [sheet.manufacturer, sheet.model_reference]
    number = None
    if sheet.serial_number is not None:
        number = speaker.text("No. {number}", number=sheet.serial_number)
    if number is not None or any(known):
        yield line(number, *known)
    if sheet.installed_on is not None:
        yield speaker.text("Installed {day}", day=speaker.full_date(sheet.installed_on))


def _paying(card: MeterCard, speaker: Speaker) -> list[Safe]:
    return shares_lines(card.sheet, card.shares, speaker)


def _tree(card: MeterCard, speaker: Speaker) -> Iterator[Safe]:
    main = speaker.text("Main meter") if card.sheet.is_main else None
    above = None
    if card.parent is not None:
        above = speaker.text("Sub-meter of “{meter}”", meter=card.parent.name)
    below = speaker.text("has sub-meters") if card.has_below else None
    if main is not None or above is not None or below is not None:
        yield line(main, above, below)


def _state(card: MeterCard, speaker: Speaker) -> Iterator[Safe]:
    sheet = card.sheet
    if sheet.status is not MeterStatus.ACTIVE:
        yield speaker.text(
            "⚠️ {state}: it is neither read nor charged", state=name_of(sheet.status, speaker)
        )
    today_on = local_date(card.now, card.place.zone)
    due_on = sheet.next_inspection_on
    if due_on is not None and due_on <= today_on + INSPECTED_WITHIN:
        yield due_text(due_on, today_on, speaker)
    if sheet.notes is not None:
        yield line("📝", cut(sheet.notes), between=" ")


def _actions(card: MeterCard, speaker: Speaker) -> Iterator[Button]:
    say, meter_id = speaker.plain.text, card.sheet.id
    if Permission.ONBOARD in card.may:
        yield Button(label=say("Change …"), press=press(Action.METER_FIELDS, meter_id, 1))
        if card.sheet.billing_type is not BillingType.COLLECTIVE:
            yield Button(label=say("Who pays …"), press=press(Action.METER_LINKS, meter_id))
    yield Button(label=say("Readings"), press=readings_press(meter_id))
    yield Button(label=say("Counter …"), press=press(Action.METER_COUNTER, meter_id))
    if card.has_below or card.parent is not None or card.sheet.is_main:
        top = meter_id if card.has_below or card.parent is None else card.parent.id
        yield Button(label=say("Sub-meters"), press=press(Action.METER_BRANCH, top))
    if Permission.ONBOARD in card.may and card.sheet.next_inspection_on is not None:
        yield Button(label=say("Inspected …"), press=press(Action.METER_FIELDS, meter_id, "lx"))


def _ways_out(card: MeterCard, speaker: Speaker) -> Iterator[Button]:
    say = speaker.plain.text
    if card.meter.room_id is not None:
        room = press(Action.ROOM_MORE, card.meter.room_id)
        yield Button(label=say("‹ Back"), press=room)
    meters = list_press(MeterFilters(place_id=card.place.id))
    yield Button(label=say("All meters"), press=meters)
    yield home_button(speaker)
