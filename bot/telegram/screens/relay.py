"""Switching a room's power: what is wished, what the rules would do, and the confirmation."""

from dataclasses import replace

from bot.domain.supply import Hold, SupplyDecision, SupplyReason
from bot.i18n import Safe, Speaker
from bot.services.book import LeaseBook
from bot.services.preview import PowerPreview
from bot.services.room_card import RoomCard
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.reason import REASONS
from bot.telegram.screens.room import room_label
from bot.telegram.screens.room_card import hold_text, power_text

MIDNIGHT = "m"
HELD = "h"


def power_choice_screen(card: RoomCard, speaker: Speaker) -> Screen:
    """Return the present state, and the three things that can be wished."""
    say, lease_id, supply = speaker.plain.text, card.lease_id or 0, card.supply
    now = [] if supply is None else [power_text(supply, speaker, now=card.now)]
    held = None if supply is None else hold_text(supply, speaker, now=card.now)
    return Screen(
        html=blocks(
            [line(bold(room_label(card.room)), card.tenant)],
            now if held is None else [*now, held],
            [speaker.text("What shall the power be?")],
        ),
        buttons=(
            *rows_of(
                Button(label=say("On"), press=power_press(lease_id, Hold.ON)),
                Button(label=say("Off"), press=power_press(lease_id, Hold.OFF)),
            ),
            (Button(label=say("By the rules"), press=power_press(lease_id, Hold.NONE)),),
            (Button(label=say("‹ Back"), press=press(Action.ROOM, lease_id)),),
        ),
    )


def power_confirm_screen(
    preview: PowerPreview, hold: Hold, speaker: Speaker, *, nonce: str, reason: str | None = None
) -> Screen:
    """Return the question: what would change, against what the rules would do."""
    book = preview.book
    said = None if reason is None else speaker.text("Reason: “{reason}”", reason=reason)
    return Screen(
        html=blocks(
            [_question(book, hold, speaker)],
            [_by_rules(preview, hold, speaker), *_warning(hold, speaker)],
            [said] if said else [],
        ),
        buttons=(
            *rows_of(*_confirmations(book.lease.id, hold, speaker, nonce)),
            *rows_of(
                Button(
                    label=speaker.plain.text("Add a reason"),
                    press=press(Action.POWER_REASON, book.lease.id, hold.value),
                )
                if reason is None and hold is not Hold.NONE
                else None,
                _cancel(book.lease.id, speaker),
            ),
        ),
    )


def power_reason_screen(lease_id: int, hold: Hold, speaker: Speaker) -> Screen:
    """Return the question for a reason."""
    without = Button(
        label=speaker.plain.text("Without a reason"), press=power_press(lease_id, hold)
    )
    asked = speaker.text("<b>Why?</b> Type a few words.")
    if hold is Hold.OFF:
        asked = speaker.text("<b>Why?</b> Type a few words. The tenant sees them too.")
    return Screen(
        html=asked,
        buttons=((without,), (_cancel(lease_id, speaker),)),
    )


def vacant_power_screen(card: Screen, speaker: Speaker) -> Screen:
    """Return the card of a room that nobody rents, with a word on who switches it."""
    note = speaker.text(
        "I switch power only where somebody lives. Switch at the meter by hand, "
        "or enter the new tenant first."
    )
    return replace(card, html=blocks([Safe(card.html)], [note]))


def power_press(lease_id: int, hold: Hold) -> Press:
    """Return the way to the confirmation."""
    return press(Action.POWER, lease_id, hold.value)


def confirm_press(lease_id: int, hold: Hold, span: str, nonce: str) -> Press:
    """Return the confirmation itself; of those with one nonce one counts."""
    return press(Action.POWER_CONFIRM, lease_id, hold.value, span, nonce=nonce)


def _question(book: LeaseBook, hold: Hold, speaker: Speaker) -> Safe:
    who = {"room": room_label(book.room.name), "tenant": book.lease.tenant_name}
    if hold is Hold.ON:
        return speaker.text("Switch power <b>ON</b> in {room} ({tenant})?", **who)
    if hold is Hold.OFF:
        return speaker.text("Switch power <b>OFF</b> in {room} ({tenant})?", **who)
    return speaker.text("Give the power of {room} ({tenant}) <b>back to the rules</b>?", **who)


def _by_rules(preview: PowerPreview, hold: Hold, speaker: Speaker) -> Safe:
    book, decided = preview.book, preview.by_rules
    if decided.reason is SupplyReason.BELOW_CUT_OFF:
        amounts = {
            "balance": speaker.money(book.balance_paise, book.place.currency),
            "cut_off": speaker.money(book.terms.cut_off_paise, book.place.currency),
        }
        if hold is Hold.NONE:
            return speaker.text(
                "Balance {balance} is below the cut-off of {cut_off}: it will be off.", **amounts
            )
        return speaker.text(
            "Balance {balance} is below the cut-off of {cut_off}, the rules would keep it off.",
            **amounts,
        )
    return _otherwise(decided, hold, speaker)


def _otherwise(decided: SupplyDecision, hold: Hold, speaker: Speaker) -> Safe:
    reason = speaker.text(REASONS.get(decided.reason, REASONS[SupplyReason.IN_ORDER]))
    if hold is Hold.NONE and decided.on:
        return speaker.text("By the rules it will be on: {reason}.", reason=reason)
    if hold is Hold.NONE:
        return speaker.text("By the rules it will be off: {reason}.", reason=reason)
    if decided.on:
        return speaker.text("The rules would keep it on: {reason}.", reason=reason)
    return speaker.text("The rules would keep it off: {reason}.", reason=reason)


def _warning(hold: Hold, speaker: Speaker) -> list[Safe]:
    if hold is not Hold.OFF:
        return []
    return [
        speaker.text(
            "It stays off until one of you switches it on or gives it back to the rules. "
            "A payment does not bring it back."
        )
    ]


def _confirmations(lease_id: int, hold: Hold, speaker: Speaker, nonce: str) -> list[Button]:
    say = speaker.plain.text
    held = confirm_press(lease_id, hold, HELD, nonce)
    if hold is Hold.ON:
        midnight = confirm_press(lease_id, hold, MIDNIGHT, nonce)
        return [
            Button(label=say("On, until midnight"), press=midnight),
            Button(label=say("On, hold"), press=held),
        ]
    if hold is Hold.OFF:
        return [Button(label=say("Off, hold"), press=held)]
    return [Button(label=say("Back to the rules"), press=held)]


def _cancel(lease_id: int, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.ROOM, lease_id))
