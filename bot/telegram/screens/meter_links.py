"""For whom a meter counts: the leases to choose, their shares, and the confirmation."""

from collections.abc import Sequence

from bot.domain.meter import BillingType, MeterSheet
from bot.domain.meter_share import LeaseShare
from bot.i18n import Safe, Speaker
from bot.services.meter_link import LinkChoice
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.link_draft import LinkDraft
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.meter_card import shares_lines
from bot.telegram.screens.meter_words import SIGNS, name_of
from bot.telegram.screens.percent import share_text
from bot.telegram.screens.room import room_label

PAGE_LEASES = 8
NOBODY = "n"
EQUALLY = "e"
TO_SHARES = "s"
TO_ROOMS = "r"
PAGE = "p"


def choice_screen(choice: LinkChoice, draft: LinkDraft, speaker: Speaker) -> Screen:
    """Return the rooms that can have a meter: one of them, or for a shared one several."""
    is_shared = choice.sheet.billing_type is BillingType.SHARED
    ask = speaker.text("<b>Which room has it?</b> Tap it, or type its number.")
    if is_shared:
        ask = speaker.text("<b>Which rooms share it?</b> Tap or type them, then “Shares …”.")
    return Screen(
        html=blocks(
            [_title(choice.sheet, choice)],
            shares_lines(choice.sheet, choice.shares, speaker),
            [
                speaker.text("Chosen: {rooms}", rooms=_chosen(choice, draft))
                if is_shared and draft.lease_ids
                else None,
                ask if choice.leases else speaker.text("No room of this building is let."),
            ],
        ),
        buttons=(
            *rows_of(*(_lease(each, draft) for each in _shown(choice, draft))),
            *_turning(choice, draft, speaker),
            *rows_of(*_going_on(choice, draft, speaker)),
            (_cancel(draft, speaker),),
        ),
    )


def share_screen(choice: LinkChoice, draft: LinkDraft, speaker: Speaker) -> Screen:
    """Return the question how much each of the rooms has."""
    named = in_order(choice, draft)
    say = speaker.plain.text
    return Screen(
        html=blocks(
            [_title(choice.sheet, choice)],
            [line(number, _who(each), between=". ") for number, each in enumerate(named, 1)],
            [
                speaker.text("<b>How much has each?</b> Type it in this order:"),
                speaker.text(
                    "percent <code>50/30/20</code>, fractions <code>1/2 1/4 1/4</code>, or parts "
                    "<code>2:1:1</code>."
                ),
            ],
        ),
        buttons=(
            (Button(label=say("Equal shares"), press=_pick(draft, EQUALLY)),),
            (
                Button(label=say("‹ Back"), press=_pick(draft, TO_ROOMS)),
                _cancel(draft, speaker),
            ),
        ),
    )


def confirm_screen(choice: LinkChoice, draft: LinkDraft, speaker: Speaker, *, nonce: str) -> Screen:
    """Return for whom the meter would count from now on."""
    say, is_shared = speaker.plain.text, bool(draft.shares_ppm)
    after = in_order(choice, draft)
    confirm = Button(
        label=say("Set it"), press=press(Action.METER_LINK_CONFIRM, draft.id, nonce=nonce)
    )
    back = _pick(draft, TO_SHARES if is_shared else TO_ROOMS)
    lost = [each for each in choice.shares if each.lease_id not in draft.lease_ids]
    rooms = ", ".join(room_label(each.room) for each in lost)
    return Screen(
        html=blocks(
            [_title(choice.sheet, choice)],
            [
                line(name_of(choice.sheet.billing_type, speaker), ":", between=""),
                *(_after(each, draft, speaker) for each in after),
                None if after else speaker.text("nobody is named"),
            ],
            [
                speaker.text("From now on; what was charged stays."),
                speaker.text("It counts for {rooms} no more.", rooms=rooms) if lost else None,
            ],
        ),
        buttons=((confirm,), (Button(label=say("‹ Back"), press=back), _cancel(draft, speaker))),
    )


def in_order(choice: LinkChoice, draft: LinkDraft) -> Sequence[LeaseShare]:
    """Return the leases of a draft in the order in which they were named."""
    by_id = {each.lease_id: each for each in choice.leases}
    return [by_id[lease_id] for lease_id in draft.lease_ids if lease_id in by_id]


def _chosen(choice: LinkChoice, draft: LinkDraft) -> str:
    return ", ".join(room_label(each.room) for each in in_order(choice, draft))


def _shown(choice: LinkChoice, draft: LinkDraft) -> Sequence[LeaseShare]:
    begins = draft.number * PAGE_LEASES
    return choice.leases[begins : begins + PAGE_LEASES]


def _title(sheet: MeterSheet, choice: LinkChoice) -> Safe:
    return line(line(SIGNS[sheet.type], bold(sheet.name), between=" "), choice.place.name)


def _who(each: LeaseShare) -> Safe:
    return line(room_label(each.room), each.tenant)


def _after(each: LeaseShare, draft: LinkDraft, speaker: Speaker) -> Safe:
    share_ppm = draft.shares[each.lease_id]
    share = None if share_ppm is None else bold(share_text(share_ppm, speaker))
    return line(_who(each), share, between="   ")


def _lease(each: LeaseShare, draft: LinkDraft) -> Button:
    mark = "✓ " if each.lease_id in draft.lease_ids else ""
    label = f"{mark}{room_label(each.room)} · {each.tenant}"
    return Button(label=label, press=_pick(draft, each.lease_id))


def _turning(choice: LinkChoice, draft: LinkDraft, speaker: Speaker) -> Rows:
    say, number = speaker.plain.text, draft.number
    back = Button(label=say("‹ Previous"), press=_pick(draft, f"{PAGE}{number - 1}"))
    on = Button(label=say("Next ›"), press=_pick(draft, f"{PAGE}{number + 1}"))
    has_more = (number + 1) * PAGE_LEASES < len(choice.leases)
    return rows_of(back if number else None, on if has_more else None)


def _going_on(choice: LinkChoice, draft: LinkDraft, speaker: Speaker) -> tuple[Button | None, ...]:
    say = speaker.plain.text
    shares = None
    if len(draft.lease_ids) > 1 and choice.sheet.billing_type is BillingType.SHARED:
        shares = Button(label=say("Shares …"), press=_pick(draft, TO_SHARES))
    nobody = None
    if choice.shares:
        nobody = Button(label=say("Nobody"), press=_pick(draft, NOBODY))
    return shares, nobody


def _pick(draft: LinkDraft, what: int | str) -> Press:
    return press(Action.METER_LINK_PICK, draft.id, what)


def _cancel(draft: LinkDraft, speaker: Speaker) -> Button:
    card = press(Action.METER, draft.meter_id)
    return Button(label=speaker.plain.text("Cancel"), press=card)
