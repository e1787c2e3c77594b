"""What came of a held reading."""

from bot.i18n import Safe, Speaker
from bot.services.readings import Judgement
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import bold, lines
from bot.telegram.screens.room import room_title


def judgement_screen(judged: Judgement, left: int, speaker: Speaker) -> Screen:
    """Return what the question about a reading is replaced with; `left` more are to be judged."""
    say, lease_id = speaker.plain.text, judged.reading.lease_id
    room = Button(label=say("Open room"), press=press(Action.ROOM, lease_id or 0))
    review = Button(
        label=say("To review · {n}", n=speaker.count(left)), press=press(Action.READING_REVIEW)
    )
    said = _accepted(judged, speaker) if judged.accepted else _rejected(judged, speaker)
    return Screen(
        html=said,
        buttons=rows_of(review if left else None, room if lease_id is not None else None),
    )


def _accepted(judged: Judgement, speaker: Speaker) -> Safe:
    return lines(
        speaker.text("✅ Reading {value} accepted: {room}", **_names(judged, speaker)),
        _charged(judged, speaker),
    )


def _charged(judged: Judgement, speaker: Speaker) -> Safe | None:
    if judged.balance_paise is None:
        return None
    return speaker.text(
        "<b>{amount}</b> charged, balance {balance}",
        amount=speaker.money(judged.amount_paise, judged.currency),
        balance=speaker.money(judged.balance_paise, judged.currency),
    )


def _rejected(judged: Judgement, speaker: Speaker) -> Safe:
    return lines(
        speaker.text("↩️ Reading {value} rejected: {room}", **_names(judged, speaker)),
        speaker.text("Nothing was charged. The next check reads the meter again."),
    )


def _names(judged: Judgement, speaker: Speaker) -> dict[str, object]:
    return {
        "value": speaker.number(judged.reading.point.value),
        "room": bold(room_title(judged.room, speaker)),
    }
