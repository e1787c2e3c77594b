"""What people are told when a claim is refused, and what to do instead. Rule 9.2."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.claim import RequestStatus
from bot.i18n import Safe, Speaker
from bot.services.claim import ClaimDecided
from bot.services.claim_check import ProofMissing, ReferenceClaimed, TooManyClaims
from bot.services.promise import DayOutOfReach, NothingToPromise, PromiseDecided
from bot.services.top_up import NothingToPay
from bot.telegram.claim_draft import ClaimNotUnderstood

Sentence = Callable[[Any, Speaker], Safe]


def _claimed(error: ReferenceClaimed, speaker: Speaker) -> Safe:
    if error.entry is not None:
        return speaker.text(
            "{reference} is recorded already: {amount} on {day}. Look at your statement.",
            reference=error.reference,
            amount=speaker.money(error.entry.tenant_paise),
            day=speaker.date(error.entry.occurred_at.astimezone(speaker.zone).date()),
        )
    return speaker.text(
        "{reference} was reported already. Check the number; if it is right, ask your manager.",
        reference=error.reference,
    )


def _no_proof(_error: ProofMissing, speaker: Speaker) -> Safe:
    return speaker.text("Type the reference of the payment, or send a screenshot of it.")


def _not_understood(_error: ClaimNotUnderstood, speaker: Speaker) -> Safe:
    return speaker.text(
        "I did not understand that. Tap how you paid, type the reference (UTR), or send a "
        "screenshot."
    )


def _too_many(_error: TooManyClaims, speaker: Speaker) -> Safe:
    return speaker.text("Your manager has still to look at what you reported before.")


def _decided(error: ClaimDecided, speaker: Speaker) -> Safe:
    at = error.claim.decided_at or error.claim.claimed_at
    values = {
        "number": str(error.claim.id),
        "name": error.by or "?",
        "time": replace(speaker, zone=error.zone).day_and_time(at),
    }
    if error.claim.status is RequestStatus.ACCEPTED:
        return speaker.text(
            "{name} has approved no. {number} already: {time}. Nothing is recorded twice.",
            **values,
        )
    return speaker.text("{name} has rejected no. {number} already: {time}.", **values)


def _promise_decided(error: PromiseDecided, speaker: Speaker) -> Safe:
    if error.promise.status is RequestStatus.REFUSED and error.by is None:
        return speaker.text("The tenant has asked for another day since. Look at /inbox.")
    return speaker.text("{name} has decided this already.", name=error.by or "?")


def _nothing(_error: NothingToPromise, speaker: Speaker) -> Safe:
    return speaker.text("Nothing is to be paid just now, so nothing has to be promised.")


def _nothing_to_pay(_error: NothingToPay, speaker: Speaker) -> Safe:
    return speaker.text("You have moved out of this room, and nothing is to be paid.")


def _out_of_reach(_error: DayOutOfReach, speaker: Speaker) -> Safe:
    return speaker.text("This day is over, or more than two weeks away. Choose another one.")


CLAIM_SENTENCES: Mapping[type[Exception], Sentence] = {
    ReferenceClaimed: _claimed,
    ProofMissing: _no_proof,
    ClaimNotUnderstood: _not_understood,
    TooManyClaims: _too_many,
    ClaimDecided: _decided,
    PromiseDecided: _promise_decided,
    NothingToPromise: _nothing,
    NothingToPay: _nothing_to_pay,
    DayOutOfReach: _out_of_reach,
}
