"""The bills of a building, as staff look through them."""

from collections.abc import Mapping, Sequence

from bot.domain.place import Place
from bot.i18n import N_, Safe, Speaker
from bot.services.bills import BillFilter, PlaceBills
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.bills import bill_button, bill_line
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label

FILTER_NAMES: Mapping[BillFilter, str] = {
    BillFilter.ALL: N_("All"),
    BillFilter.OPEN: N_("Open"),
    BillFilter.OVERDUE: N_("Overdue"),
}
EMPTY: Mapping[BillFilter, str] = {
    BillFilter.ALL: N_("There are no bills yet."),
    BillFilter.OPEN: N_("🟢 Every bill is paid."),
    BillFilter.OVERDUE: N_("🟢 No bill is overdue."),
}


def bill_places_screen(places: Sequence[Place], speaker: Speaker) -> Screen:
    """Return the choice of a building."""
    buttons = [Button(label=place.name, press=press(Action.INVOICES, place.id)) for place in places]
    return Screen(
        html=speaker.text("<b>Bills</b>\n\nOf which building?"),
        buttons=(*rows_of(*buttons), (home_button(speaker),)),
    )


def place_bills_screen(page: PlaceBills, speaker: Speaker) -> Screen:
    """Return a page of documents; each opens with a tap."""
    currency = page.place.currency
    listed = [
        bill_line(each, currency, speaker, whose=_room(each.document.facts)) for each in page.bills
    ]
    return Screen(
        html=blocks(
            [line(bold(speaker.text("Bills")), page.place.name), _sums(page, speaker)],
            listed or [speaker.text(EMPTY[page.only])],
        ),
        buttons=(
            *rows_of(
                *(
                    bill_button(each, page.only.value, speaker, whose=_room(each.document.facts))
                    for each in page.bills
                )
            ),
            *rows_of(*_pages(page, speaker)),
            *rows_of(*(_filter(page, each, speaker) for each in BillFilter)),
            (home_button(speaker),),
        ),
    )


def _room(facts: Mapping[str, object]) -> str:
    return room_label(str(facts["room"]))


def _sums(page: PlaceBills, speaker: Speaker) -> Safe | None:
    if not page.open_paise:
        return None
    whole = speaker.text("{amount} open", amount=_money(page.open_paise, page, speaker))
    if not page.overdue_paise:
        return whole
    amount = _money(page.overdue_paise, page, speaker)
    return line(whole, speaker.text("🔴 {amount} overdue", amount=amount))


def _money(paise: int, page: PlaceBills, speaker: Speaker) -> Safe:
    return bold(speaker.money(paise, page.place.currency))


def _pages(page: PlaceBills, speaker: Speaker) -> list[Button | None]:
    say, here = speaker.plain.text, (page.place.id, page.only.value)
    newest = Button(label=say("‹ Newest"), press=press(Action.INVOICES, *here))
    older = press(Action.INVOICES, *here, page.older_before_id or 0)
    return [
        newest if page.before_id is not None else None,
        Button(label=say("Older ›"), press=older) if page.older_before_id else None,
    ]


def _filter(page: PlaceBills, only: BillFilter, speaker: Speaker) -> Button:
    name = speaker.plain.text(FILTER_NAMES[only])
    return Button(
        label=f"✓ {name}" if only is page.only else name,
        press=press(Action.INVOICES, page.place.id, only.value),
    )
