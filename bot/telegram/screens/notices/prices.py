"""What staff are told of use that has no price."""

from datetime import date

from bot.domain.people import Permission
from bot.domain.service_kind import Medium, ServiceKind
from bot.i18n import N_
from bot.i18n.service_names import medium_name
from bot.telegram.callbacks import Action
from bot.telegram.screen import Screen, rows_of
from bot.telegram.screens.html import lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader


def price_missing(facts: Facts, reader: Reader) -> Screen:
    """Return the word on readings that nobody is charged for yet."""
    speaker, lease_id = reader.speaker, facts.whole("lease_id")
    medium = Medium(service=ServiceKind(facts.word("service")), unit=facts.word("unit"))
    since = date.fromisoformat(facts.word("since"))
    choose = None
    if reader.actor.may(Permission.SET_TARIFFS):
        choose = reader.button(N_("Choose a tariff …"), Action.ROOM_TARIFF, lease_id)
    return Screen(
        html=lines(
            speaker.text(
                "⚠️ No tariff: {room} · {medium}",
                room=reader.room(facts),
                medium=medium_name(medium, speaker),
            ),
            reader.whose(facts),
            speaker.text(
                "“{meter}” is read since {day}. What it counts is kept, and charged from there "
                "once the room has a tariff for it.",
                meter=facts.word("meter"),
                day=speaker.date(since),
            ),
        ),
        buttons=rows_of(choose, reader.button(N_("Open room"), Action.ROOM, lease_id)),
    )
