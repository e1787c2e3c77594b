"""What came of a held reading."""

from bot.i18n import Safe, Speaker
from bot.services.readings import Judgement
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import bold, lines
from bot.telegram.screens.room import room_title


def judgement_screen(judged: Judgement, speaker: Speaker) -> Screen:
    """Return what the question about a reading is replaced with."""
    room = Button(
        label=speaker.plain.text("Open room"),
        press=press(Action.ROOM, judged.reading.lease_id or 0),
    )
    said = _accepted(judged, speaker) if judged.accepted else _rejected(judged, speaker)
    return Screen(html=said, buttons=rows_of(room))


def _accepted(judged: Judgement, speaker: Speaker) -> Safe:
    return lines(
        speaker.text("✅ Reading {value} accepted: {room}", **_names(judged, speaker)),
        speaker.text(
            "<b>{amount}</b> charged, balance {balance}",
            amount=speaker.money(judged.amount_paise, judged.currency),
            balance=speaker.money(judged.balance_paise, judged.currency),
        ),
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
