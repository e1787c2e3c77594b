"""Photos that go with a question: kept for it, and looked at."""

from bot.i18n import Speaker
from bot.services.dispute_list import DisputeCard
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.dispute import back_to_card, cancel_button
from bot.telegram.screens.html import line, lines


def photo_kept_screen(photos: int, speaker: Speaker) -> Screen:
    """Return the word that a photo has come, and that words are missing."""
    kept = speaker.plural("📷 {n} photo is kept.", "📷 {n} photos are kept.", photos)
    return Screen(
        html=lines(kept, speaker.text("Now write in a few words what it is about.")),
        buttons=((cancel_button(speaker),),),
    )


def photo_screen(card: DisputeCard, at: int, picture: bytes, speaker: Speaker) -> Screen:
    """Return one of a question's photos."""
    count, dispute_id = len(card.photo_ids), card.dispute.id
    shown = speaker.text("📷 {at} of {count}", at=speaker.count(at + 1), count=speaker.count(count))
    following = Button(
        label=speaker.plain.text("Next ›"),
        press=press(Action.DISPUTE_PHOTO, dispute_id, (at + 1) % count),
    )
    return Screen(
        html=line(card.dispute.number, shown),
        photo=picture,
        buttons=rows_of(following if count > 1 else None, back_to_card(card, speaker)),
    )
