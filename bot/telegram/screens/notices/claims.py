"""A tenant says that they have paid; how that was decided. Rule 9.2."""

from bot.domain.claim import RequestStatus
from bot.domain.people import Permission
from bot.i18n import N_, Safe
from bot.i18n.payment_methods import method_text
from bot.telegram.callbacks import Action
from bot.telegram.screen import Rows, Screen, rows_of
from bot.telegram.screens.html import line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.payment import short_reference
from bot.telegram.screens.notices.reader import Reader


def payment_claim(facts: Facts, reader: Reader) -> Screen:
    """Return the question to the staff whether a payment has come, or how it was decided."""
    said = [_head(facts, reader), line(reader.room(facts), reader.whose(facts))]
    return Screen(
        html=lines(*said, _how(facts, reader), _decided(facts, reader)),
        buttons=_buttons(facts, reader),
    )


def claim_outcome(facts: Facts, reader: Reader) -> Screen:
    """Return what became of a claim, for who made it."""
    speaker, reason = reader.speaker, facts.maybe_word("reason")
    amount, how = reader.money(facts, "amount_paise"), _how(facts, reader)
    lease_id = facts.whole("lease_id")
    home = reader.button(N_("Balance"), Action.HOME, lease_id)
    if facts.word("status") == RequestStatus.ACCEPTED.value:
        said = speaker.text("✅ <b>{amount}</b> has come. Thank you!", amount=amount)
        if facts.whole("recorded_paise") != facts.whole("amount_paise"):
            said = speaker.text(
                "✅ <b>{recorded}</b> has come, not {amount}",
                recorded=reader.money(facts, "recorded_paise"),
                amount=amount,
            )
        statement = reader.button(N_("Statement"), Action.STATEMENT, lease_id)
        return Screen(html=lines(said, how), buttons=rows_of(home, statement))
    return Screen(
        html=lines(
            speaker.text("❌ <b>{amount}</b> was not recorded", amount=amount),
            how,
            None
            if reason is None
            else speaker.text("Reason: {reason}", reason=speaker.reason(reason)),
            speaker.text("If you did pay, look at the number and report it again."),
        ),
        buttons=rows_of(reader.button(N_("I have paid"), Action.CLAIM, lease_id), home),
    )


def _head(facts: Facts, reader: Reader) -> Safe:
    values = {
        "amount": reader.money(facts, "amount_paise"),
        "name": facts.word("claimant"),
        "number": str(facts.whole("claim_id")),
    }
    return reader.speaker.text("💰 {name} reports <b>{amount}</b>, no. {number}", **values)


def _how(facts: Facts, reader: Reader) -> Safe:
    reference = facts.maybe_word("reference")
    picture = None
    if facts.maybe_whole("photo_id") is not None:
        picture = reader.speaker.text("with a picture")
    shown = (
        reference if reference is None or not reader.rents(facts) else short_reference(reference)
    )
    return line(method_text(facts.word("method"), reader.speaker), shown, picture)


def _decided(facts: Facts, reader: Reader) -> Safe | None:
    speaker, name = reader.speaker, facts.maybe_word("by") or "?"
    if facts.word("status") == RequestStatus.REFUSED.value:
        reason = facts.maybe_word("reason") or ""
        return speaker.text(
            "❌ Rejected by {name}: {reason}", name=name, reason=speaker.reason(reason)
        )
    if facts.word("status") == RequestStatus.ACCEPTED.value:
        amount = reader.money(facts, "recorded_paise")
        return speaker.text("✅ {amount} recorded by {name}", amount=amount, name=name)
    return None


def _buttons(facts: Facts, reader: Reader) -> Rows:
    claim_id = facts.whole("claim_id")
    room = reader.button(N_("Open room"), Action.ROOM, facts.whole("lease_id"))
    waits = facts.word("status") == RequestStatus.WAITING.value
    if not waits or not reader.actor.may(Permission.TAKE_PAYMENT):
        return rows_of(room)
    has_picture = facts.maybe_whole("photo_id") is not None
    look = reader.button(N_("See the picture"), Action.CLAIM_VIEW, claim_id)
    return rows_of(
        reader.button(N_("Approve …"), Action.CLAIM_APPROVE, claim_id, facts.whole("amount_paise")),
        reader.button(N_("Other amount …"), Action.CLAIM_OTHER, claim_id),
        reader.button(N_("Reject …"), Action.CLAIM_REJECT, claim_id),
        look if has_picture else room,
    )
