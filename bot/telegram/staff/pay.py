"""Taking a payment: typed in one line, or asked for step by step, and confirmed once."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.ledger import PaymentMethod
from bot.domain.money import MAX_AMOUNT_PAISE, NotAnAmount
from bot.domain.people import Permission
from bot.services.preview import MoneyPreview
from bot.services.reference import clean_reference
from bot.services.room_name import RoomName, is_named
from bot.services.rooms import RoomsFound
from bot.telegram.callbacks import ButtonUnknown, Press
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.greeting import old_button
from bot.telegram.screens.payment import (
    CODES,
    KEPT,
    METHODS,
    NO_REFERENCE,
    amount_screen,
    method_screen,
    pay_confirm_screen,
    pay_press,
    reference_screen,
)
from bot.telegram.screens.rooms import choice_screen, room_press, which_room_screen
from bot.telegram.staff.typed_payment import (
    TypedPayment,
    parse_payment,
    parse_reference,
    parse_terms,
)

ASKING_ROOM = "pay.room"
ASKING_AMOUNT = "pay.amount"
ASKING_REFERENCE = "pay.reference"
CONFIRMING = "pay.confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A payment as far as it is known; `has_none` when it comes without a reference."""

    lease_id: int
    amount_paise: int | None = None
    method: PaymentMethod | None = None
    reference: str | None = None
    has_none: bool = False

    @property
    def asks_reference(self) -> bool:
        """Whether a reference is to be expected that was not given."""
        is_cash = self.method is PaymentMethod.CASH
        return not (is_cash or self.reference or self.has_none)


async def pay(context: Context) -> Screen:
    """This function will take what was typed, and ask for what is missing."""
    readings = parse_payment(context.request.text)
    named = [typed for typed in readings if typed.room]
    if not named:
        return await _ask_room(context, readings[0] if readings else TypedPayment())
    typed, found = await _likeliest(context, named)
    if typed.refused and found.matches:
        await _ask_amount_again(context, found.only)
        raise NotAnAmount(typed.refused)
    if found.only is None or found.only.lease_id is None:
        await context.services.dialogs.end(person_id=context.person.id)
        return choice_screen(found, typed.room, _asking(typed), context.speaker)
    return await _next(context, _draft(found.only.lease_id, typed))


async def step(context: Context) -> Screen:
    """This function will go on from a button that holds what is known so far."""
    tap = context.tap
    if not tap.arguments:
        return await _ask_room(context, TypedPayment())
    return await _next(context, _draft_from(tap, context))


async def amount(context: Context) -> Screen:
    """This function will take the amount that was typed, and what came with it."""
    facts = {} if context.dialog is None else context.dialog.facts
    typed = parse_terms(context.request.text)
    if typed.amount_paise is None:
        raise NotAnAmount(context.request.text)
    return await _next(context, _draft(int(str(facts["lease_id"])), typed))


async def reference(context: Context) -> Screen:
    """This function will take the reference that was typed."""
    facts = {} if context.dialog is None else context.dialog.facts
    draft = Draft(
        lease_id=int(str(facts["lease_id"])),
        amount_paise=int(str(facts["amount_paise"])),
        method=METHODS[str(facts["method"])],
        reference=clean_reference(parse_reference(context.request.text)),
    )
    return await _next(context, draft)


async def confirm(context: Context) -> Screen | None:
    """This function will record what was confirmed; notices go on in the same message.

    When the tenant holds more than was told, another may have recorded the same money: it is
    asked again.
    """
    draft = _draft_from(context.tap, context)
    amount_paise, method = draft.amount_paise, draft.method
    if amount_paise is None or method is None:
        raise ButtonUnknown(context.request.data)
    asked = await context.services.dialogs.answered(cause=context.cause)
    if draft.reference == KEPT:
        draft = replace(draft, reference=str(asked.facts["reference"]))
    preview = await _preview(context, draft, amount_paise, method)
    if preview.book.balance_paise > int(str(asked.facts["balance_paise"])):
        again = await _confirmation(context, amount_paise, method, draft)
        return old_button(again, context.speaker)
    await _record(context, draft, amount_paise, method)
    return None


async def _record(context: Context, draft: Draft, amount_paise: int, method: PaymentMethod) -> None:
    shown = context.window.pressed
    await context.services.payments.record(
        cause=context.cause,
        lease_id=draft.lease_id,
        amount_paise=amount_paise,
        method=method,
        reference=draft.reference,
        message_id=None if shown is None else shown.message_id,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("Recorded."))


async def _likeliest(
    context: Context, readings: list[TypedPayment]
) -> tuple[TypedPayment, RoomsFound]:
    """Let the rooms decide what was meant, but never which of two numbers is the room."""
    tried: list[tuple[TypedPayment, RoomsFound]] = []
    for typed in readings:
        found = await context.services.rooms.find(
            actor=context.actor, text=typed.room, permission=Permission.TAKE_PAYMENT
        )
        if not typed.is_swapped and _is_meant(typed, found):
            return typed, found
        tried.append((typed, found))
    expected = next((pair for pair in tried if not pair[0].is_bare), tried[0])
    is_like_a_room = bool(expected[1].nearest)
    last = tried[-1]
    return last if last[0].is_swapped and last[1].only and not is_like_a_room else expected


def _is_meant(typed: TypedPayment, found: RoomsFound) -> bool:
    """Return whether rooms fit; one that is typed without an amount has to be named whole."""
    if not typed.is_bare:
        return bool(found.matches)
    return any(is_named(typed.room, name) for name in found.matches)


async def _ask_amount_again(context: Context, name: RoomName | None) -> None:
    """The next text is the amount, when there is no doubt about the room."""
    if name is not None and name.lease_id is not None:
        facts: dict[str, object] = {"lease_id": name.lease_id}
        await context.services.dialogs.go_to(
            person_id=context.person.id, step=ASKING_AMOUNT, facts=facts
        )


async def _next(context: Context, draft: Draft) -> Screen:
    """Ask for what comes next, which ends with the confirmation."""
    services, person_id = context.services, context.person.id
    book = await services.previews.lease(
        actor=context.actor, lease_id=draft.lease_id, permission=Permission.TAKE_PAYMENT
    )
    speaker = context.speaker_in(book.place.zone)
    if draft.amount_paise is None:
        facts: dict[str, object] = {"lease_id": draft.lease_id}
        await services.dialogs.go_to(person_id=person_id, step=ASKING_AMOUNT, facts=facts)
        return amount_screen(book, speaker)
    if draft.method is None:
        await services.dialogs.end(person_id=person_id)
        return method_screen(book, draft.amount_paise, speaker)
    if draft.asks_reference:
        facts = {
            "lease_id": draft.lease_id,
            "amount_paise": draft.amount_paise,
            "method": CODES[draft.method],
        }
        await services.dialogs.go_to(person_id=person_id, step=ASKING_REFERENCE, facts=facts)
        return reference_screen(book, draft.amount_paise, draft.method, speaker)
    return await _confirmation(context, draft.amount_paise, draft.method, draft)


async def _confirmation(
    context: Context, amount_paise: int, method: PaymentMethod, draft: Draft
) -> Screen:
    preview = await _preview(context, draft, amount_paise, method)
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id,
        step=CONFIRMING,
        nonce=nonce,
        facts={"balance_paise": preview.book.balance_paise, "reference": preview.reference},
    )
    speaker = context.speaker_in(preview.book.place.zone)
    return pay_confirm_screen(preview, speaker, nonce=nonce)


async def _preview(
    context: Context, draft: Draft, amount_paise: int, method: PaymentMethod
) -> MoneyPreview:
    return await context.services.previews.payment(
        actor=context.actor,
        lease_id=draft.lease_id,
        amount_paise=amount_paise,
        method=method,
        reference=draft.reference,
    )


async def _ask_room(context: Context, typed: TypedPayment) -> Screen:
    await context.services.dialogs.go_to(person_id=context.person.id, step=ASKING_ROOM, facts={})
    page = await context.services.rooms.page(actor=context.actor)
    return which_room_screen(page, _asking(typed), context.speaker)


def _asking(typed: TypedPayment) -> Callable[[RoomName], Press]:
    """Return what a tap on a room asks for; a vacant one is only shown."""

    def asked(name: RoomName) -> Press:
        if name.lease_id is None:
            return room_press(name)
        return pay_press(name.lease_id, typed.amount_paise, typed.method, reference=typed.reference)

    return asked


def _draft(lease_id: int, typed: TypedPayment) -> Draft:
    return Draft(
        lease_id=lease_id,
        amount_paise=typed.amount_paise,
        method=typed.method,
        reference=typed.reference,
    )


def _draft_from(tap: Press, context: Context) -> Draft:
    """Raises ButtonUnknown for what no button of ours holds."""
    lease_id, amount_text, code, said = (*tap.arguments, "", "", "", "")[:4]
    draft = Draft(lease_id=replace(tap, arguments=(lease_id,)).integer(0))
    if amount_text:
        amount_paise = tap.integer(1)
        if not 0 < amount_paise <= MAX_AMOUNT_PAISE:
            raise ButtonUnknown(context.request.data)
        draft = replace(draft, amount_paise=amount_paise)
    if code and code not in METHODS:
        raise ButtonUnknown(context.request.data)
    has_none = said == NO_REFERENCE
    return replace(
        draft,
        method=METHODS.get(code),
        has_none=has_none,
        reference=None if has_none else said or None,
    )
