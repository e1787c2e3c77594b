"""Putting a question in words and photos, and answering one; staff ask in the same way."""

from collections.abc import Mapping

from bot.domain.dispute import DisputedTooMuch, ItemKind, held_paise
from bot.domain.money import amount_from_text
from bot.services.dispute import Questionable
from bot.services.dispute_case import MOST_PHOTOS
from bot.services.dispute_words import clean_words
from bot.services.meter_photo import NotAPhoto
from bot.services.photo import PhotoNotKept, require_size
from bot.telegram.callbacks import Action, ButtonUnknown, press
from bot.telegram.context import Context
from bot.telegram.screen import Button, Screen
from bot.telegram.screens.dispute import (
    dispute_screen,
    head_text,
    own_disputes_screen,
    part_screen,
    say_screen,
    send_screen,
    withdraw_screen,
    words_screen,
)
from bot.telegram.screens.dispute_item import item_text
from bot.telegram.screens.dispute_photo import photo_kept_screen, photo_screen
from bot.telegram.screens.html import lines
from bot.telegram.tenant.photo import download

WORDS = "dispute.words"
PART = "dispute.part"
WITHDRAWING = "dispute.withdraw"
KINDS = {each.value[0]: each for each in ItemKind}
OPENING, SAYING, ASKING = "open", "say", "ask"

Facts = Mapping[str, object]


class NoPictureForQuestion(Exception):
    """What was sent to go with a question is no picture that people could look at."""


async def own(context: Context) -> Screen:
    """This function will list a tenant's questions, and say how one is put."""
    await context.services.dialogs.end(person_id=context.person.id)
    found = await context.services.dispute_lists.own(actor=context.actor)
    return own_disputes_screen(found, context.speaker)


async def begin(context: Context) -> Screen:
    """This function will ask what is wrong with an item; one that is questioned is shown."""
    tap = context.tap
    kind, item_id = _kind(tap.text(0), context), tap.integer(1)
    asked = await _questionable(context, kind, item_id)
    if asked.open is not None:
        return await show(context, asked.open.id)
    return await _ask_words(context, asked, asked.most_paise)


async def part(context: Context) -> Screen:
    """This function will ask how much of it is questioned."""
    tap = context.tap
    kind, item_id = _kind(tap.text(0), context), tap.integer(1)
    asked = await _questionable(context, kind, item_id)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=PART, facts={"kind": tap.text(0), "item_id": item_id}
    )
    speaker = context.speaker_in(asked.book.place.zone)
    most = speaker.money(asked.most_paise, asked.book.place.currency)
    back = Button(label=speaker.plain.text("‹ Back"), press=press(Action.DISPUTE, *tap.arguments))
    return part_screen(most, speaker, back=back)


async def typed_part(context: Context) -> Screen:
    """This function will take the amount that was typed. Raises NotAnAmount, DisputedTooMuch."""
    facts = _facts(context)
    amount_paise = amount_from_text(context.request.text)
    asked = await _questionable(context, KINDS[str(facts["kind"])], int(str(facts["item_id"])))
    if not 0 < amount_paise <= asked.most_paise:
        raise DisputedTooMuch(amount_paise, most_paise=asked.most_paise)
    return await _ask_words(context, asked, amount_paise)


async def say(context: Context) -> Screen:
    """This function will ask for words about a question that is open."""
    dispute_id = context.tap.integer(0)
    card = await context.services.dispute_lists.card(actor=context.actor, dispute_id=dispute_id)
    mode = SAYING if card.is_own else ASKING
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=WORDS, facts={"mode": mode, "dispute_id": dispute_id}
    )
    return say_screen(card, context.speaker_in(card.book.place.zone))


async def words(context: Context) -> Screen:
    """This function will take the words that were typed; more are added to them."""
    facts = _facts(context)
    joined = " ".join((str(facts.get("words") or ""), context.request.text))
    return await _summary(context, {**facts, "words": clean_words(joined)})


async def no_picture(_context: Context) -> Screen:
    """Raises NoPictureForQuestion."""
    raise NoPictureForQuestion


async def photo(context: Context) -> Screen:
    """This function will keep a photo for the question; it may come as a file.

    Raises NoPictureForQuestion, and what fetching and keeping photos raises.
    """
    facts, upload = _facts(context), context.request.upload
    assert upload is not None
    require_size(upload.size_bytes)
    photos = _photos(facts)
    if len(photos) < MOST_PHOTOS:
        content = await download(context, upload.file_id)
        try:
            kept = await context.services.photos.take(actor=context.actor, content=content)
        except (NotAPhoto, PhotoNotKept):
            raise NoPictureForQuestion from None
        photos = [*photos, kept.id]
    said = facts.get("words") or context.request.text or None
    changed = {**facts, "photos": photos, "words": None if said is None else str(said)}
    if said is None:
        await context.services.dialogs.go_to(person_id=context.person.id, step=WORDS, facts=changed)
        return photo_kept_screen(len(photos), context.speaker)
    return await _summary(context, {**changed, "words": clean_words(str(said))})


async def send(context: Context) -> Screen:
    """This function will do what was confirmed: open a question, answer, or ask."""
    facts = (await context.services.dialogs.answered(cause=context.cause)).facts
    said, photos = str(facts["words"]), _photos(facts)
    uses, cause = context.services.disputes, context.cause
    match facts["mode"]:
        case "open":
            done = await uses.open(
                cause=cause,
                kind=KINDS[str(facts["kind"])],
                item_id=int(str(facts["item_id"])),
                words=said,
                amount_paise=int(str(facts["amount_paise"])),
                photo_ids=photos,
            )
        case "say":
            dispute_id = int(str(facts["dispute_id"]))
            done = await uses.say(cause=cause, dispute_id=dispute_id, words=said, photo_ids=photos)
        case _:
            dispute_id = int(str(facts["dispute_id"]))
            done = await uses.ask(cause=cause, dispute_id=dispute_id, words=said, photo_ids=photos)
    await context.services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("Sent."))
    return await show(context, done.id)


async def card(context: Context) -> Screen:
    """This function will show a question."""
    await context.services.dialogs.end(person_id=context.person.id)
    return await show(context, context.tap.integer(0))


async def show(context: Context, dispute_id: int) -> Screen:
    """This function will return the card of a question. Raises DisputeUnknown."""
    found = await context.services.dispute_lists.card(actor=context.actor, dispute_id=dispute_id)
    return dispute_screen(found, context.speaker_in(found.book.place.zone))


async def picture(context: Context) -> Screen:
    """This function will show one of a question's photos."""
    tap = context.tap
    found = await context.services.dispute_lists.card(
        actor=context.actor, dispute_id=tap.integer(0)
    )
    at = tap.integer(1)
    if not 0 <= at < len(found.photo_ids):
        raise ButtonUnknown(context.request.data)
    content = await context.services.photos.picture(
        actor=context.actor, photo_id=found.photo_ids[at]
    )
    return photo_screen(found, at, content, context.speaker_in(found.book.place.zone))


async def withdraw(context: Context) -> Screen:
    """This function will ask whether a question is taken back."""
    found = await context.services.dispute_lists.card(
        actor=context.actor, dispute_id=context.tap.integer(0)
    )
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=WITHDRAWING, nonce=nonce, facts={}
    )
    return withdraw_screen(found, context.speaker_in(found.book.place.zone), nonce=nonce)


async def withdraw_confirmed(context: Context) -> Screen:
    """This function will take a question back."""
    await context.services.dialogs.answered(cause=context.cause)
    done = await context.services.disputes.withdraw(
        cause=context.cause, dispute_id=context.tap.integer(0)
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return await show(context, done.id)


async def _ask_words(context: Context, asked: Questionable, amount_paise: int) -> Screen:
    facts = {
        "mode": OPENING,
        "kind": asked.item.kind.value[0],
        "item_id": asked.item.item_id,
        "amount_paise": amount_paise,
    }
    await context.services.dialogs.go_to(person_id=context.person.id, step=WORDS, facts=facts)
    return words_screen(asked, amount_paise, context.speaker_in(asked.book.place.zone))


async def _summary(context: Context, facts: Facts) -> Screen:
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=WORDS, nonce=nonce, facts=facts
    )
    said, photos = str(facts["words"]), len(_photos(facts))
    if facts["mode"] != OPENING:
        found = await context.services.dispute_lists.card(
            actor=context.actor, dispute_id=int(str(facts["dispute_id"]))
        )
        speaker = context.speaker_in(found.book.place.zone)
        about = head_text(found.dispute, speaker, is_own=found.is_own)
        return send_screen(about, said, photos, None, speaker, nonce=nonce)
    asked = await _questionable(context, KINDS[str(facts["kind"])], int(str(facts["item_id"])))
    speaker, currency = context.speaker_in(asked.book.place.zone), asked.book.place.currency
    amount_paise = int(str(facts["amount_paise"]))
    held = held_paise(item_paise=asked.most_paise, disputed_paise=amount_paise)
    amount = speaker.money(held, currency)
    about = lines(
        item_text(asked.item.facts, currency, speaker),
        speaker.text("{amount} is questioned.", amount=amount) if held else None,
    )
    return send_screen(about, said, photos, amount if held else None, speaker, nonce=nonce)


async def _questionable(context: Context, kind: ItemKind, item_id: int) -> Questionable:
    return await context.services.disputes.questionable(
        actor=context.actor, kind=kind, item_id=item_id
    )


def _kind(letter: str, context: Context) -> ItemKind:
    if letter not in KINDS:
        raise ButtonUnknown(context.request.data)
    return KINDS[letter]


def _facts(context: Context) -> Facts:
    return {} if context.dialog is None else context.dialog.facts


def _photos(facts: Facts) -> list[int]:
    found = facts.get("photos") or []
    assert isinstance(found, list)
    return [int(each) for each in found]
