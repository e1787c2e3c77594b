"""The tariffs of a building, and one of them with all its prices."""

from collections.abc import Iterator, Sequence

from bot.domain.place import Place
from bot.domain.service_kind import ELECTRIC
from bot.domain.tariff import Tariff, TariffVersion
from bot.i18n import Safe, Speaker
from bot.i18n.service_names import medium_name, service_name
from bot.services.tariff import TariffCard, TariffLine, TariffList, version_in_force
from bot.services.tariff_change import Withdrawn
from bot.services.tariff_terms import BEGINNING_ON
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.price import day_text, price_brief, price_lines
from bot.telegram.screens.room import room_label

MOST_TARIFFS = 4
MOST_ROOMS = 6
MOST_COMING = 2


def places_screen(places: Sequence[Place], speaker: Speaker) -> Screen:
    """Return the question of which building."""
    buttons = (Button(label=each.name, press=press(Action.TARIFFS, each.id)) for each in places)
    return Screen(
        html=speaker.text("<b>Tariffs</b>\nOf which building?"),
        buttons=(*rows_of(*buttons), (home_button(speaker),)),
    )


def tariffs_screen(found: TariffList, speaker: Speaker, *, number: int = 0) -> Screen:
    """Return a page of tariffs: what each costs today, for how many rooms, and what comes."""
    pages = max(-(-len(found.lines) // MOST_TARIFFS), 1)
    number = min(max(number, 0), pages - 1)
    shown = found.lines[number * MOST_TARIFFS : (number + 1) * MOST_TARIFFS]
    say, place = speaker.plain.text, found.place
    back = Button(label=say("‹ Previous"), press=press(Action.TARIFFS, place.id, number - 1))
    on = Button(label=say("Next ›"), press=press(Action.TARIFFS, place.id, number + 1))
    none = speaker.text("There are no tariffs yet. Make the first one.")
    return Screen(
        html=blocks(
            [line(bold(speaker.text("Tariffs")), place.name)],
            *([*_line(each, found, speaker)] for each in shown),
            [] if shown else [none],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(label=each.tariff.name, press=press(Action.TARIFF, each.tariff.id))
                    for each in shown
                )
            ),
            *rows_of(back if number else None, on if number + 1 < pages else None),
            (
                Button(label=say("New tariff …"), press=press(Action.TARIFF_NEW, place.id)),
                home_button(speaker),
            ),
        ),
    )


def tariff_screen(card: TariffCard, speaker: Speaker) -> Screen:
    """Return a tariff: its price now, the prices to come, and what can be done about it."""
    say, tariff = speaker.plain.text, card.tariff
    medium = None if tariff.medium == ELECTRIC else medium_name(tariff.medium, speaker)
    now = version_in_force(tariff, card.today_on)
    coming = [each for each in tariff.versions if each.from_on > card.today_on]
    open_ones = [each for each in tariff.versions if each.id in card.open_ids]
    return Screen(
        html=blocks(
            [line(bold(tariff.name), medium, card.place.name), _rooms(card, speaker)],
            [] if now is None else _version(now, card, speaker),
            *(_version(each, card, speaker) for each in coming[:MOST_COMING]),
            _more(card, len(coming) - MOST_COMING, speaker),
        ),
        buttons=(
            (_about(tariff, say("Change from a date …"), Action.TARIFF_CHANGE),),
            *rows_of(
                _about(tariff, say("Use it for rooms …"), Action.TARIFF_ROOMS),
                _about(tariff, say("Rename …"), Action.TARIFF_NAME),
            ),
            *rows_of(*(_withdraw(each, card, speaker) for each in open_ones[:MOST_COMING])),
            (
                Button(label=say("‹ Tariffs"), press=press(Action.TARIFFS, card.place.id)),
                home_button(speaker),
            ),
        ),
    )


def withdraw_screen(
    card: TariffCard, withdrawn: Withdrawn, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether a price that was to come shall not."""
    version, currency = withdrawn.version, card.place.currency
    unit = card.tariff.medium.unit
    confirm = press(Action.TARIFF_WITHDRAW, card.tariff.id, version.id, nonce=nonce)
    return Screen(
        html=blocks(
            [
                speaker.text(
                    "Withdraw the price of “{name}” from {day}?",
                    name=card.tariff.name,
                    day=day_text(version.from_on, speaker, today_on=card.today_on),
                )
            ],
            [
                line(
                    price_brief(version, currency, speaker, unit=unit),
                    bold(price_brief(withdrawn.stays, currency, speaker, unit=unit)),
                    between=" → ",
                )
            ],
        ),
        buttons=(
            (Button(label=speaker.plain.text("Withdraw"), press=confirm),),
            (to_tariff(card.tariff.id, speaker.plain.text("Cancel")),),
        ),
    )


def rename_screen(card: TariffCard, speaker: Speaker) -> Screen:
    """Return the question for another name."""
    return Screen(
        html=speaker.text(
            "<b>What shall “{name}” be called?</b> Type it, for example Homes 2026.",
            name=card.tariff.name,
        ),
        buttons=((to_tariff(card.tariff.id, speaker.plain.text("Cancel")),),),
    )


def to_tariff(tariff_id: int, label: str) -> Button:
    """Return the way to a tariff's card."""
    return Button(label=label, press=press(Action.TARIFF, tariff_id))


def rooms_text(rooms: Sequence[str], speaker: Speaker) -> Safe:
    """Return how many rooms, and the first of them by name."""
    names = ", ".join(room_label(each) for each in rooms[:MOST_ROOMS])
    more = " …" if len(rooms) > MOST_ROOMS else ""
    return speaker.plural("{n} room: {names}", "{n} rooms: {names}", len(rooms), names=names + more)


def _about(tariff: Tariff, label: str, action: Action) -> Button:
    return Button(label=label, press=press(action, tariff.id))


def _line(each: TariffLine, found: TariffList, speaker: Speaker) -> Iterator[Safe]:
    currency, medium = found.place.currency, each.tariff.medium
    yield line(
        bold(each.tariff.name),
        None if medium == ELECTRIC else service_name(medium.service, speaker),
        speaker.plural("{n} room", "{n} rooms", each.rooms),
    )
    if each.now is not None:
        yield price_brief(each.now, currency, speaker, unit=medium.unit)
    if each.coming is not None:
        yield speaker.text(
            "from {day}: {price}",
            day=day_text(each.coming.from_on, speaker, today_on=found.today_on),
            price=price_brief(each.coming, currency, speaker, unit=medium.unit),
        )


def _rooms(card: TariffCard, speaker: Speaker) -> Safe:
    if not card.rooms:
        return speaker.text("No room has it today.")
    return rooms_text(card.rooms, speaker)


def _version(version: TariffVersion, card: TariffCard, speaker: Speaker) -> list[Safe]:
    day = day_text(version.from_on, speaker, today_on=card.today_on)
    if version.from_on > card.today_on:
        head = speaker.text("From {day}", day=day)
    elif version.from_on == BEGINNING_ON:
        head = speaker.text("Now")
    else:
        head = speaker.text("Now, since {day}", day=day)
    unit = card.tariff.medium.unit
    return [bold(head), *price_lines(version, card.place.currency, speaker, unit=unit)]


def _more(card: TariffCard, left_out: int, speaker: Speaker) -> list[Safe]:
    earlier = sum(each.from_on <= card.today_on for each in card.tariff.versions) - 1
    later = speaker.plural("{n} later price", "{n} later prices", left_out)
    before = speaker.plural("{n} earlier price", "{n} earlier prices", earlier)
    said = [later if left_out > 0 else None, before if earlier > 0 else None]
    return [line(*said)] if any(said) else []


def _withdraw(version: TariffVersion, card: TariffCard, speaker: Speaker) -> Button:
    day = day_text(version.from_on, speaker, today_on=card.today_on)
    return Button(
        label=speaker.plain.text("Withdraw {day} …", day=day),
        press=press(Action.TARIFF_WITHDRAW, card.tariff.id, version.id),
    )
