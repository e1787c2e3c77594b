"""What needs somebody's hands: rooms still dark, switches without a relay, people, keys."""

from datetime import timedelta

from bot.domain.people import Permission
from bot.i18n import N_, Safe
from bot.telegram.callbacks import Action
from bot.telegram.screen import Rows, Screen, rows_of
from bot.telegram.screens.html import lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.power import rule_text, switched_text
from bot.telegram.screens.notices.reader import Reader
from bot.telegram.screens.room_card import SWITCHED_OFF, SWITCHED_ON


def still_dark(facts: Facts, reader: Reader) -> Screen:
    """Return the alarm for a tenant who is in order and has no power. Rule 6.5."""
    speaker = reader.speaker
    span = reader.speaker.duration(timedelta(minutes=facts.whole("minutes")))
    return Screen(
        html=lines(
            speaker.text(
                "🔦 In order, still dark: {room} · {span}", room=reader.room(facts), span=span
            ),
            reader.whose(facts),
            _why_dark(facts, reader),
        ),
        buttons=_hands(facts, reader, on=True) if _is_by_hand(facts) else _room(facts, reader),
    )


def _why_dark(facts: Facts, reader: Reader) -> Safe:
    balance = reader.money(facts, "balance_paise")
    if _is_by_hand(facts):
        return reader.speaker.text(
            "Balance {balance}. Its meter cannot switch, and nobody has said yet that it is "
            "switched on by hand.",
            balance=balance,
        )
    return reader.speaker.text(
        "Balance {balance}. The meter has not switched on yet, and is tried again and "
        "again. Look at it, or switch by hand.",
        balance=balance,
    )


def _is_by_hand(facts: Facts) -> bool:
    return facts.values.get("by_hand") is True


def switch_by_hand(facts: Facts, reader: Reader) -> Screen:
    """Return what a manager is asked to do where the device has no relay, and who has done it.

    Rule 6.7.
    """
    speaker, room = reader.speaker, reader.room(facts)
    state = facts.maybe_word("state")
    if state in {"on", "off"}:
        return _switched(facts, reader)
    if state == "dropped":
        over = (
            speaker.text(
                "{room} need not be switched on any more: something else counts", room=room
            )
            if facts.is_true("on")
            else speaker.text(
                "{room} need not be switched off any more: something else counts", room=room
            )
        )
        return Screen(html=lines(over, reader.whose(facts)), buttons=_room(facts, reader))
    head = (
        speaker.text("✋ Please switch {room} <b>ON</b> by hand", room=room)
        if facts.is_true("on")
        else speaker.text("✋ Please switch {room} <b>OFF</b> by hand", room=room)
    )
    why = speaker.text(
        "Balance {balance}: {reason}. Its meter cannot switch.",
        balance=reader.money(facts, "balance_paise"),
        reason=rule_text(facts.word("reason"), reader),
    )
    buttons = _hands(facts, reader, on=facts.is_true("on"))
    return Screen(html=lines(head, reader.whose(facts), why), buttons=buttons)


def _switched(facts: Facts, reader: Reader) -> Screen:
    html = lines(switched_text(facts, reader), reader.whose(facts))
    return Screen(html=html, buttons=_room(facts, reader))


def key_rejected(facts: Facts, reader: Reader) -> Screen:
    """Return what owners are told when the vendor does not take our key."""
    return Screen(
        html=lines(
            reader.speaker.text("🔑 <b>Qube refuses the API key</b>"),
            reader.speaker.text(
                "No meter can be read or switched until QUBE_API_KEY is right. "
                "Ask whoever runs this bot to set it and start it again."
            ),
            reader.speaker.text("Answer: {code}", code=facts.word("code")),
        )
    )


def unreachable(facts: Facts, reader: Reader) -> Screen:
    """Return what staff are told of somebody whom no message reaches."""
    speaker, name = reader.speaker, facts.word("person")
    where: Safe | None = None
    if facts.maybe_word("room") is not None:
        where = lines(reader.room(facts), facts.maybe_word("place"))
    advice = (
        speaker.text("Their account is gone. Send them a new invitation link for another one.")
        if facts.is_true("forever")
        else speaker.text("They have blocked the bot. Ask them to open it and press Start.")
    )
    head = speaker.text("🔕 <b>{name}</b> gets no messages any more, warnings neither", name=name)
    return Screen(html=lines(head, where, advice), buttons=_room(facts, reader))


def _hands(facts: Facts, reader: Reader, *, on: bool) -> Rows:
    """Return the button that says that it is done, for those who may switch, and the room."""
    order_id = facts.maybe_whole("order_id")
    if order_id is None or not reader.actor.may(Permission.SWITCH_POWER):
        return _room(facts, reader)
    done = reader.button(SWITCHED_ON if on else SWITCHED_OFF, Action.SWITCHED, order_id)
    return rows_of(done, *(button for row in _room(facts, reader) for button in row))


def _room(facts: Facts, reader: Reader) -> Rows:
    lease_id = facts.maybe_whole("lease_id")
    if lease_id is None:
        return ()
    return rows_of(reader.button(N_("Open room"), Action.ROOM, lease_id))
