"""Questions of tenants as staff look at them and settle them, confirmed once. Section 10."""

from dataclasses import replace

from bot.domain.dispute import CreditOutOfRange
from bot.domain.money import amount_from_text
from bot.services.dispute_list import DisputeCard, DisputeFilter
from bot.services.dispute_words import clean_words
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.dispute import OWN, PARTLY, UPHOLD
from bot.telegram.screens.dispute_evidence import evidence_screen
from bot.telegram.screens.disputes import (
    FILTERS,
    REASONS,
    VERDICTS,
    credit_screen,
    decide_screen,
    disputes_screen,
    reason_screen,
)
from bot.telegram.screens.room import room_title
from bot.telegram.tenant import dispute

CREDIT = "dispute.credit"
WHY = "dispute.why"
DECIDING = "dispute.decide"


async def disputes(context: Context) -> Screen:
    """This function will list the questions of the person's places, by age."""
    arguments = () if context.press is None else context.press.arguments
    if arguments[:1] == (OWN,):
        return await dispute.own(context)
    only, number = DisputeFilter.OPEN, 0
    if arguments:
        codes = {each.value: each for each in FILTERS}
        if arguments[0] not in codes:
            raise ButtonUnknown(context.request.data)
        only = codes[arguments[0]]
        number = max(context.tap.integer(1), 0) if len(arguments) > 1 else 0
    await context.services.dialogs.end(person_id=context.person.id)
    page = await context.services.dispute_lists.page(actor=context.actor, only=only, number=number)
    return disputes_screen(page, context.speaker)


async def evidence(context: Context) -> Screen:
    """This function will show what a question is judged by."""
    found = await context.services.dispute_evidence.gather(
        actor=context.actor, dispute_id=context.tap.integer(0)
    )
    speaker = context.speaker_in(found.book.place.zone)
    chart = replace(found.chart, room=room_title(found.chart.room, speaker.plain))
    picture = await context.services.pictures.usage(chart, language=speaker.language)
    return evidence_screen(found, speaker, picture=picture)


async def decide(context: Context) -> Screen:
    """This function will go on from a button that holds what is known so far of a verdict."""
    tap = context.tap
    letter, known = tap.text(1), len(tap.arguments)
    if letter not in VERDICTS:
        raise ButtonUnknown(context.request.data)
    card = await _card(context, tap.integer(0))
    if known == 2 and letter == PARTLY:
        await _go_to(context, CREDIT, {"dispute_id": card.dispute.id})
        return credit_screen(card, context.speaker_in(card.book.place.zone))
    if known < 4:
        return await _ask_why(context, card, letter, card.most_paise if letter == UPHOLD else 0)
    code = tap.text(3)
    if code not in REASONS[letter]:
        raise ButtonUnknown(context.request.data)
    said = REASONS[letter][code]
    return await _confirmation(context, card, letter, tap.integer(2), said)


async def amount(context: Context) -> Screen:
    """This function will take what is given back. Raises NotAnAmount and CreditOutOfRange."""
    card = await _card(context, int(str(_facts(context)["dispute_id"])))
    paise = amount_from_text(context.request.text)
    if not 0 < paise < card.most_paise:
        raise CreditOutOfRange(paise, most_paise=card.most_paise)
    return await _ask_why(context, card, PARTLY, paise)


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed, and ask for confirmation."""
    facts = _facts(context)
    card = await _card(context, int(str(facts["dispute_id"])))
    said = clean_words(context.request.text)
    return await _confirmation(
        context, card, str(facts["verdict"]), int(str(facts["amount_paise"])), said
    )


async def confirm(context: Context) -> Screen:
    """This function will settle the question as it was confirmed."""
    facts = (await context.services.dialogs.answered(cause=context.cause)).facts
    letter = str(facts["verdict"])
    done = await context.services.disputes.decide(
        cause=context.cause,
        dispute_id=context.tap.integer(0),
        verdict=VERDICTS[letter],
        reason=str(facts["reason"]),
        amount_paise=int(str(facts["amount_paise"])) if letter == PARTLY else None,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("Settled."))
    return await dispute.show(context, done.id)


async def _ask_why(context: Context, card: DisputeCard, letter: str, paise: int) -> Screen:
    facts = {"dispute_id": card.dispute.id, "verdict": letter, "amount_paise": paise}
    await _go_to(context, WHY, facts)
    return reason_screen(card, letter, paise, context.speaker_in(card.book.place.zone))


async def _confirmation(
    context: Context, card: DisputeCard, letter: str, paise: int, said: str
) -> Screen:
    nonce = context.nonce
    facts = {"verdict": letter, "amount_paise": paise, "reason": said}
    await context.services.dialogs.ask(
        person_id=context.person.id, step=DECIDING, nonce=nonce, facts=facts
    )
    speaker = context.speaker_in(card.book.place.zone)
    return decide_screen(card, letter, paise, said, speaker, nonce=nonce)


async def _card(context: Context, dispute_id: int) -> DisputeCard:
    return await context.services.dispute_lists.card(actor=context.actor, dispute_id=dispute_id)


async def _go_to(context: Context, step: str, facts: dict[str, object]) -> None:
    await context.services.dialogs.go_to(person_id=context.person.id, step=step, facts=facts)


def _facts(context: Context) -> dict[str, object]:
    return {} if context.dialog is None else dict(context.dialog.facts)
