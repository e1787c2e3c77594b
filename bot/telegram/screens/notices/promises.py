"""A tenant says when they will pay; how that was decided, and whether it was kept."""

from datetime import date

from bot.domain.claim import RequestStatus
from bot.domain.people import Permission
from bot.i18n import N_, Safe
from bot.telegram.callbacks import Action
from bot.telegram.screen import Rows, Screen, rows_of
from bot.telegram.screens.html import line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader
from bot.telegram.screens.promise import status_text


def payment_promise(facts: Facts, reader: Reader) -> Screen:
    """Return the question to the staff whether power stays, or what became of it."""
    speaker = reader.speaker
    status = RequestStatus(facts.word("status"))
    return Screen(
        html=lines(
            speaker.text(
                "🤝 {name} will pay by <b>{day}</b>",
                name=facts.word("promised_by"),
                day=_day(facts, reader),
            ),
            line(reader.room(facts), reader.whose(facts)),
            _owed(facts, reader),
            status_text(status, facts.maybe_word("by"), speaker),
        ),
        buttons=_buttons(facts, reader, status),
    )


def promise_outcome(facts: Facts, reader: Reader) -> Screen:
    """Return how a promise was decided, or that its day has passed, for who made it."""
    lease_id = facts.whole("lease_id")
    return Screen(
        html=_outcome(facts, reader),
        buttons=rows_of(
            reader.button(N_("I have paid"), Action.CLAIM, lease_id),
            reader.button(N_("Balance"), Action.HOME, lease_id),
        ),
    )


def _outcome(facts: Facts, reader: Reader) -> Safe:
    speaker, day = reader.speaker, _day(facts, reader)
    match RequestStatus(facts.word("status")):
        case RequestStatus.ACCEPTED:
            return lines(
                speaker.text("🤝 Accepted: power stays until <b>{day}</b>, 24:00", day=day),
                _owed(facts, reader),
                speaker.text("Pay by then, and it stays on."),
            )
        case RequestStatus.REFUSED:
            return lines(
                speaker.text("❌ Your manager did not accept {day}", day=day),
                _owed(facts, reader),
                speaker.text("Pay as soon as you can, or talk to them."),
            )
        case RequestStatus.BROKEN:
            return lines(
                speaker.text("🔴 You promised to pay by {day}: nothing has come", day=day),
                _owed(facts, reader),
                speaker.text("Nothing keeps your power on any more."),
            )
        case _:
            return speaker.text("✅ Paid already: nothing has to keep your power on. Thank you!")


def _owed(facts: Facts, reader: Reader) -> Safe | None:
    if not facts.whole("to_pay_paise"):
        return None
    return reader.speaker.text("{amount} to pay", amount=reader.money(facts, "to_pay_paise"))


def _day(facts: Facts, reader: Reader) -> str:
    on = date.fromisoformat(facts.word("pay_on"))
    return f"{reader.speaker.weekday(on)} {reader.speaker.date(on)}"


def _buttons(facts: Facts, reader: Reader, status: RequestStatus) -> Rows:
    promise_id = facts.whole("promise_id")
    room = reader.button(N_("Open room"), Action.ROOM, facts.whole("lease_id"))
    may = reader.actor.may(Permission.SWITCH_POWER)
    if status is not RequestStatus.WAITING or not may:
        return rows_of(room)
    return rows_of(
        reader.button(N_("Accept …"), Action.PROMISE_ACCEPT, promise_id, facts.word("pay_on")),
        reader.button(N_("Other day …"), Action.PROMISE_OTHER, promise_id),
        reader.button(N_("Refuse …"), Action.PROMISE_REFUSE, promise_id),
        room,
    )
