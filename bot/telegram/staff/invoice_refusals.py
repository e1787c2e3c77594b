"""What staff are told when a bill cannot be taken back."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.i18n import Safe, Speaker
from bot.services.credit_note import MoreThanLeft

Sentence = Callable[[Any, Speaker], Safe]


def _more_than_left(error: MoreThanLeft, speaker: Speaker) -> Safe:
    if not error.left_paise:
        return speaker.text("Bill {number} is taken back already, whole.", number=error.number)
    return speaker.text(
        "Bill {number} comes to {left} by now. Type an amount up to that.",
        number=error.number,
        left=speaker.money(error.left_paise, error.currency),
    )


INVOICE_SENTENCES: Mapping[type[Exception], Sentence] = {MoreThanLeft: _more_than_left}
