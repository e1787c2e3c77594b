"""The right reading in the place of a wrong one, to the confirmation. Rule 3.8."""

from datetime import datetime
from decimal import Decimal

from bot.i18n import Safe, Speaker
from bot.i18n.favour_words import given_before
from bot.services.reading_correction import Corrected, CorrectionPreview
from bot.services.reading_list import ReadingCard
from bot.services.recharge_plan import Plan
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.reading_card import REASONS, origin_text, step_text
from bot.telegram.screens.reading_entry import back_or_cancel, meaning_lines, minutes_of
from bot.telegram.screens.readings import list_press, meter_title
from bot.telegram.screens.room_card import clock_text
from bot.telegram.staff.typed_number import number_word


def correct_value_screen(card: ReadingCard, speaker: Speaker) -> Screen:
    """Return the question what a meter really showed."""
    return Screen(
        html=blocks(
            [meter_title(card.sheet.name, card.room), line(card.tenant, card.place.name)],
            [
                step_text(card.reading, card.sheet.unit, speaker),
                line(
                    clock_text(card.reading.point.at, speaker, now=card.now),
                    origin_text(card.reading, speaker),
                    between=", ",
                ),
            ],
            [
                speaker.text(
                    "<b>What did it really show?</b> Type it. If only the time is wrong, type "
                    "the same value and the time: {value} 12 Nov 18:30.",
                    value=number_word(card.reading.point.value),
                )
            ],
        ),
        buttons=(back_or_cancel(press(Action.READING, card.reading.id), speaker),),
    )


def correct_reason_screen(
    shown: CorrectionPreview, at: datetime | None, speaker: Speaker
) -> Screen:
    """Return the question why a reading is corrected, with the usual reasons to tap."""
    reasons = [
        Button(
            label=speaker.plain.text(said),
            press=press(Action.READING_CORRECT_WHY, *_what(shown, at), code),
        )
        for code, said in REASONS.items()
    ]
    return Screen(
        html=blocks(
            [meter_title(shown.held.sheet.name, shown.held.room)],
            [_instead(shown, at, speaker), *meaning_lines(shown.appraisal, speaker)],
            [speaker.text("<b>Why is it corrected?</b> Tap or type it. The tenant reads it.")],
        ),
        buttons=(
            *rows_of(*reasons),
            back_or_cancel(press(Action.READING_CORRECT, shown.was.id), speaker),
        ),
    )


def correct_confirm_screen(
    shown: CorrectionPreview,
    at: datetime | None,
    speaker: Speaker,
    *,
    reason: str,
    code: str,
    nonce: str,
) -> Screen:
    """Return the question: what takes the place of what, and what that does to the money."""
    was = shown.was
    confirm = press(Action.READING_CORRECT_CONFIRM, *_what(shown, at), code, nonce=nonce)
    say = speaker.plain.text
    return Screen(
        html=blocks(
            [meter_title(shown.held.sheet.name, shown.held.room)],
            [
                _instead(shown, at, speaker),
                *meaning_lines(shown.appraisal, speaker),
                speaker.text("Reason: “{reason}”", reason=speaker.reason(reason)),
            ],
            _money(shown, speaker),
        ),
        buttons=(
            (Button(label=say("Correct it"), press=confirm),),
            back_or_cancel(press(Action.READING_CORRECT, was.id), speaker),
        ),
    )


def _what(shown: CorrectionPreview, at: datetime | None) -> tuple[int, str, int]:
    """Return the reading, its value and its instant as buttons carry them."""
    return shown.was.id, number_word(shown.appraisal.point.value), minutes_of(at)


def _instead(shown: CorrectionPreview, at: datetime | None, speaker: Speaker) -> Safe:
    unit = shown.held.sheet.unit
    return speaker.text(
        "<b>{value}</b> instead of {was}?",
        value=_said(shown.appraisal.point.value, unit, at, shown.now, speaker),
        was=speaker.quantity(shown.was.point.value, unit),
    )


def corrected_screen(done: Corrected, speaker: Speaker) -> Screen:
    """Return what a correction did."""
    held, currency = done.held, done.held.place.currency
    money: list[Safe] = []
    if done.recharged is not None:
        plan = done.recharged.plan
        if plan.undone:
            given = speaker.money(plan.returned_paise, currency)
            money.append(speaker.text("{amount} given back", amount=given))
        money += favour_lines(plan, currency, speaker)
        charged = speaker.money(plan.charged_paise, currency)
        balance = speaker.money(done.recharged.after_paise, currency)
        money.append(
            speaker.text(
                "<b>{amount}</b> charged, balance {balance}", amount=charged, balance=balance
            )
        )
    say = speaker.plain.text
    review = Button(label=say("To review …"), press=press(Action.READING_REVIEW))
    return Screen(
        html=blocks(
            [speaker.text("✏️ Corrected")],
            [
                meter_title(held.sheet.name, held.room),
                line(
                    speaker.number(done.was.point.value),
                    bold(speaker.quantity(done.reading.point.value, held.sheet.unit)),
                    between=" → ",
                ),
            ],
            money,
        ),
        buttons=rows_of(
            Button(label=say("Open it"), press=press(Action.READING, done.reading.id)),
            Button(label=say("All readings"), press=list_press(held.sheet.id)),
            review,
        ),
    )


def _money(shown: CorrectionPreview, speaker: Speaker) -> list[Safe | None]:
    plan, currency = shown.plan, shown.held.place.currency
    if plan is None:
        return [speaker.text("No money hangs on it.")]
    back = None
    if plan.undone:
        amount = speaker.money(plan.returned_paise, currency)
        back = speaker.text("{amount} is given back", amount=amount)
    return [
        back,
        *favour_lines(plan, currency, speaker),
        speaker.text("{amount} is charged", amount=speaker.money(plan.charged_paise, currency)),
        _balance(shown, speaker),
    ]


def favour_lines(plan: Plan, currency: str, speaker: Speaker) -> list[Safe]:
    """Return what of it was given back before, by question or credit note."""
    return [
        given_before(
            each.amount_paise, each.given.dispute, each.given.credit_note, currency, speaker
        )
        for each in plan.uses
    ]


def _balance(shown: CorrectionPreview, speaker: Speaker) -> Safe | None:
    book = shown.held.book(shown.was.lease_id)
    if book is None or shown.plan is None:
        return None
    currency = shown.held.place.currency
    after_paise = book.balance_paise + shown.plan.change_paise
    return speaker.text(
        "Balance {before} → <b>{after}</b>",
        before=speaker.money(book.balance_paise, currency),
        after=speaker.money(after_paise, currency),
    )


def _said(value: Decimal, unit: str, at: datetime | None, now: datetime, speaker: Speaker) -> Safe:
    when = None if at is None else clock_text(at, speaker, now=now)
    return line(speaker.quantity(value, unit), when, between=", ")
