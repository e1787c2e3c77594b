"""What was charged and paid, and the arithmetic of each entry."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.deduction import day_of_end
from bot.domain.ledger import EntryKind
from bot.domain.period import local_date, start_of
from bot.domain.service_kind import ServiceKind
from bot.i18n import Safe, Speaker
from bot.i18n.service_names import service_name
from bot.services.home_card import service_of
from bot.services.report import StatementPage
from bot.services.store import BookedEntry
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.bills import document_title
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_title

PLUS = "+"
_NEARLY = timedelta(hours=1)


def statement_screen(page: StatementPage, speaker: Speaker) -> Screen:
    """Return a page of entries; each opens with a tap."""
    book, currency = page.book, page.book.place.currency
    head = speaker.text(
        "<b>Statement</b> · {room}\nBalance <b>{balance}</b>",
        room=room_title(book.room.name, speaker),
        balance=speaker.money(book.balance_paise, currency),
    )
    entries = list(_entries(page, speaker))
    none = [speaker.text("There are no entries yet.")]
    return Screen(html=blocks([head], entries or none), buttons=_buttons(page, speaker))


def _entries(page: StatementPage, speaker: Speaker) -> Iterator[Safe]:
    """Yield the entries, those of one bill or credit note under its number."""
    currency, documents = page.book.place.currency, page.documents
    groups = groupby(page.entries, key=lambda entry: documents.get(entry.id))
    for document, entries in groups:
        if document is not None:
            yield document_title(document, speaker)
        yield from (_line(entry, currency, speaker) for entry in entries)


def kind_text(entry: BookedEntry, speaker: Speaker) -> Safe:
    """Return what kind of event an entry is, in a word or two."""
    match entry.kind:
        case EntryKind.DEDUCTION:
            return _charged_for(entry, speaker)
        case EntryKind.PAYMENT:
            return speaker.text("Payment")
        case EntryKind.OPENING:
            return speaker.text("Opening balance")
        case EntryKind.REVERSAL:
            return speaker.text("Taken back")
        case EntryKind.ADJUSTMENT:
            counted = "favour" in entry.why
            return speaker.text("Given back before") if counted else speaker.text("Adjustment")
        case EntryKind.SHARE:
            return speaker.text("Share of common use")


def _charged_for(entry: BookedEntry, speaker: Speaker) -> Safe:
    """Return what a deduction is for; a day without use may still cost a standing charge."""
    service = service_of(entry)
    is_electric = service is ServiceKind.ELECTRICITY
    if _is_standing_alone(entry):
        standing = speaker.text("Standing charge")
        return standing if is_electric else line(service_name(service, speaker), standing)
    return speaker.text("Use") if is_electric else service_name(service, speaker)


def _is_standing_alone(entry: BookedEntry) -> bool:
    why: Mapping[str, Any] = entry.why
    kinds = {each["kind"] for each in why.get("lines", ())}
    return "standing" in kinds and "energy" not in kinds


def _line(entry: BookedEntry, currency: str, speaker: Speaker) -> Safe:
    amount = bold(signed(entry.tenant_paise, currency, speaker))
    return line(_day(entry, speaker), kind_text(entry, speaker), amount, between="  ")


def _day(entry: BookedEntry, speaker: Speaker) -> str:
    """Return the day of an entry, or the days of use; what ends at midnight is of the day that
    ends there."""
    if entry.kind is EntryKind.DEDUCTION:
        last_on = day_of_end(entry.occurred_at, speaker.zone)
        first_on = _first_day(entry, last_on, speaker.zone)
        return speaker.date(last_on) if first_on == last_on else speaker.dates(first_on, last_on)
    return speaker.date(local_date(entry.occurred_at, speaker.zone))


def _first_day(entry: BookedEntry, last_on: date, zone: ZoneInfo) -> date:
    """Return on which day use began; a check shortly before midnight opens the day after it."""
    from_at = entry.why.get("from_at")
    if from_at is None:
        return last_on
    return min(local_date(datetime.fromisoformat(str(from_at)) + _NEARLY, zone), last_on)


def moment_text(entry: BookedEntry, speaker: Speaker) -> str:
    """Return when something happened; of use the days, and up to which time of the last one."""
    at = entry.occurred_at
    is_close = at == start_of(local_date(at, speaker.zone), speaker.zone)
    if entry.kind is EntryKind.DEDUCTION and is_close:
        return f"{_day(entry, speaker)} · 24:00"
    return f"{_day(entry, speaker)} · {speaker.time(at)}"


def signed(paise: int, currency: str, speaker: Speaker) -> str:
    """Return an amount with its sign, which a plus is too."""
    said = speaker.money(paise, currency)
    return f"{PLUS}{said}" if paise > 0 else said


def _buttons(page: StatementPage, speaker: Speaker) -> Rows:
    say, lease_id = speaker.plain.text, page.book.lease.id
    entries = [_entry_button(entry, page, speaker) for entry in page.entries]
    newest = Button(label=say("‹ Newest"), press=press(Action.STATEMENT, lease_id))
    older = Button(
        label=say("Older ›"), press=press(Action.STATEMENT, lease_id, page.older_before_id or 0)
    )
    return (
        *rows_of(*entries),
        *rows_of(
            newest if page.before_id is not None else None,
            older if page.older_before_id is not None else None,
        ),
        (home_button(speaker, lease_id),),
    )


def _entry_button(entry: BookedEntry, page: StatementPage, speaker: Speaker) -> Button:
    day = _day(entry, speaker)
    amount = signed(entry.tenant_paise, page.book.place.currency, speaker)
    return Button(
        label=f"{day} · {amount}", press=press(Action.ENTRY, entry.id, page.before_id or 0)
    )
