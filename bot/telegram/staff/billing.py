"""Changing how a lease is billed, step by step, confirmed once."""

from bot.domain.lease import BillingMode
from bot.domain.people import Permission
from bot.services.conversion import NoBillingDay, Wanted, require_news
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.context import Context
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.screen import Screen
from bot.telegram.screens.billing import (
    PREPAID,
    billing_confirm_screen,
    billing_day_screen,
    billing_screen,
)

ASKING = "billing.day"
CONFIRMING = "billing.confirm"


async def billing(context: Context) -> Screen:
    """This function will show how a lease is billed."""
    await context.services.dialogs.end(person_id=context.person.id)
    return await _card(context, context.tap.integer(0))


async def day(context: Context) -> Screen:
    """This function will ask for the billing day, or for confirmation once it is known."""
    tap = context.tap
    if len(tap.arguments) > 1:
        return await _confirmation(context, tap.integer(0), _wanted(tap.integer(1)))
    terms = await context.services.conversions.terms(actor=context.actor, lease_id=tap.integer(0))
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=ASKING, facts={"lease_id": terms.book.lease.id}
    )
    return billing_day_screen(terms, context.speaker_in(terms.book.place.zone))


async def typed(context: Context) -> Screen:
    """This function will take the billing day that was typed."""
    facts = {} if context.dialog is None else context.dialog.facts
    text = context.request.text.strip()
    if not text.isdecimal() or len(text) > 2:
        raise NoBillingDay(text)
    wanted = Wanted(mode=BillingMode.POSTPAID, billing_day=int(text))
    return await _confirmation(context, int(str(facts["lease_id"])), wanted)


async def confirm(context: Context) -> Screen:
    """This function will change how a lease is billed, and show how it is now."""
    tap = context.tap
    await context.services.dialogs.answered(cause=context.cause)
    await context.services.conversions.convert(
        cause=context.cause, lease_id=tap.integer(0), wanted=_wanted(tap.integer(1))
    )
    await context.services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("Set."))
    return await _card(context, tap.integer(0))


async def _card(context: Context, lease_id: int) -> Screen:
    terms = await context.services.conversions.terms(actor=context.actor, lease_id=lease_id)
    return billing_screen(terms, context.speaker_in(terms.book.place.zone))


async def _confirmation(context: Context, lease_id: int, wanted: Wanted) -> Screen:
    terms = await context.services.conversions.terms(actor=context.actor, lease_id=lease_id)
    require_news(terms.book.lease, wanted)
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={}
    )
    speaker = context.speaker_in(terms.book.place.zone)
    return billing_confirm_screen(terms, wanted, speaker, nonce=nonce)


def _wanted(billing_day: int) -> Wanted:
    if billing_day == PREPAID:
        return Wanted(mode=BillingMode.PREPAID)
    return Wanted(mode=BillingMode.POSTPAID, billing_day=billing_day)


_SETS = staff_with(Permission.SET_RULES)

BILLING_TABLE: tuple[Route, ...] = (
    Route(action=Action.BILLING, audience=_SETS, handler=billing),
    Route(action=Action.BILLING_DAY, audience=_SETS, handler=day),
    Route(content=Kind.TEXT, step=ASKING, audience=_SETS, handler=typed),
    Route(action=Action.BILLING_CONFIRM, audience=_SETS, handler=confirm),
)
