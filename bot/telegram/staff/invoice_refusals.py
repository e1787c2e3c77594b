"""What staff are told when a bill cannot be taken back."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.i18n import Safe, Speaker
from bot.services.bill_anew import BilledAnewAlready, BillStands, NothingToBillAnew
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


def _stands(error: BillStands, speaker: Speaker) -> Safe:
    return speaker.text(
        "Bill {number} stands. Take it back whole first: Credit note …", number=error.bill.number
    )


def _anew_already(error: BilledAnewAlready, speaker: Speaker) -> Safe:
    return speaker.text(
        "Bill {anew} has taken the place of bill {number} already.",
        number=error.bill.number,
        anew=error.anew.number,
    )


def _nothing_anew(error: NothingToBillAnew, speaker: Speaker) -> Safe:
    return speaker.text(
        "There is nothing to bill anew for bill {number}: by the readings and prices of now "
        "nothing is due, or it is on a later bill.",
        number=error.bill.number,
    )


INVOICE_SENTENCES: Mapping[type[Exception], Sentence] = {
    MoreThanLeft: _more_than_left,
    BillStands: _stands,
    BilledAnewAlready: _anew_already,
    NothingToBillAnew: _nothing_anew,
}
