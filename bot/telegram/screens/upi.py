"""Where money is paid to: a code that a phone scans, or a word on whom to ask."""

from collections.abc import Sequence

from bot.i18n import Safe, Speaker
from bot.services.upi import Payee
from bot.telegram.screen import Button, Rows, Screen
from bot.telegram.screens.html import bold, lines


def paying_screen(
    said: Sequence[Safe | None],
    speaker: Speaker,
    *,
    payee: Payee | None,
    note: str,
    picture: bytes | None,
    buttons: Rows,
    last: Safe | None = None,
) -> Screen:
    """Return how what was said is paid; the note tells the payments of rooms and bills apart."""
    if payee is None or picture is None:
        ask = speaker.text("Ask your manager how: cash, bank transfer or UPI.")
        return Screen(html=lines(*said, ask, last), buttons=buttons)
    say = speaker.plain.text
    how = speaker.text(
        "Scan the code with any UPI app, or copy the address and write {note} as the note.",
        note=bold(note),
    )
    address = Button(label=say("Copy {upi_id}", upi_id=payee.upi_id), copies=payee.upi_id)
    return Screen(
        html=lines(*said, how, last),
        buttons=((address,), (Button(label=say("Copy the note"), copies=note),), *buttons),
        photo=picture,
    )
