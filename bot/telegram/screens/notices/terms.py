"""What holds for a tenant changes: a term of the lease, or what a unit costs."""

from datetime import date, datetime, time, timedelta

from bot.domain.lease import CheckInterval
from bot.domain.period import local_date
from bot.domain.protection import ProtectedHours
from bot.domain.rule import Rule, Value
from bot.domain.service_kind import Medium, ServiceKind
from bot.i18n import N_, Safe
from bot.i18n.service_names import medium_name
from bot.services.tariff_terms import version_from
from bot.telegram.callbacks import Action
from bot.telegram.screen import Screen, rows_of
from bot.telegram.screens.html import bold, line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader
from bot.telegram.screens.price import price_brief
from bot.telegram.screens.rule_text import day_text, name_text, value_text


def terms_changed(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a term that is another from now on, from what to what."""
    speaker, rule = reader.speaker, Rule(facts.word("rule"))
    today_on = local_date(facts.created_at, speaker.zone)
    was, is_now = (
        value_text(
            rule,
            _value(rule, facts.values.get(name)),
            facts.word("currency"),
            speaker,
            today_on=today_on,
        )
        for name in ("was", "value")
    )
    head = speaker.text("📋 New terms: {room}", room=reader.room(facts))
    change = line(was, bold(is_now), between=" → ")
    said = line(name_text(rule, speaker), change, between="  ")
    return _screen(facts, reader, head, said, speaker.text("It holds from now on."))


def price_changed(facts: Facts, reader: Reader) -> Screen:
    """Return the word on another price, from what to what and from which day."""
    speaker = reader.speaker
    medium = Medium(service=ServiceKind(facts.word("service")), unit=facts.word("unit"))
    from_on = date.fromisoformat(facts.word("from_on"))
    today_on = local_date(facts.created_at, speaker.zone)
    day = day_text(from_on, speaker, today_on=today_on)
    values = {"room": reader.room(facts), "medium": medium_name(medium, speaker)}
    before, after = (_price(facts, name, from_on, reader) for name in ("before", "after"))
    if facts.is_true("is_withdrawn"):
        head = speaker.text("📋 The price stays: {room} · {medium}", **values)
        said = speaker.text("The change of {day} does not come.", day=day)
        return _screen(facts, reader, head, said, bold(after or ""))
    head = speaker.text("📋 New price: {room} · {medium}", **values)
    change = bold(after or "")
    if before is not None:
        change = line(before, change, between=" → ")
    since = speaker.text("It holds from {day}. Days before keep the old price.", day=bold(day))
    return _screen(facts, reader, head, change, since)


def _screen(facts: Facts, reader: Reader, *said: Safe) -> Screen:
    lease_id = facts.whole("lease_id")
    home = reader.button(N_("Balance"), Action.HOME, lease_id)
    return Screen(html=lines(*said, facts.maybe_word("place")), buttons=rows_of(home))


def _price(facts: Facts, name: str, on: date, reader: Reader) -> Safe | None:
    terms = facts.values.get(name)
    if not isinstance(terms, dict):
        return None
    version = version_from(terms, version_id=0, from_on=on)
    return price_brief(version, facts.word("currency"), reader.speaker, unit=facts.word("unit"))


def _value(rule: Rule, fact: object) -> Value:
    """Return a value as it was before it became a fact."""
    if isinstance(fact, list) and rule is Rule.PROTECTED_HOURS:
        return tuple(_hours(each) for each in fact)
    if isinstance(fact, list):
        return frozenset(map(date.fromisoformat, fact))
    if isinstance(fact, str) and rule is Rule.CHECK_INTERVAL:
        return CheckInterval(fact)
    if isinstance(fact, str) and fact.endswith(" h"):
        return timedelta(hours=int(fact[:-2]))
    if isinstance(fact, str):
        return datetime.fromisoformat(fact)
    return fact if isinstance(fact, int) else None


def _hours(fact: dict[str, str | list[int]]) -> ProtectedHours:
    return ProtectedHours(
        start=time.fromisoformat(str(fact["start"])),
        end=time.fromisoformat(str(fact["end"])),
        weekdays=frozenset(map(int, fact["weekdays"])),
    )
