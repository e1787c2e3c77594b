"""What waits for a decision, the most urgent first."""

from datetime import timedelta

from bot.i18n import Safe, Speaker
from bot.services.inbox import PAGE, InboxItem, InboxKind, InboxPage
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.notices.payment import short_reference
from bot.telegram.screens.room import room_label

_A_MINUTE = timedelta(minutes=1)


def inbox_screen(page: InboxPage, speaker: Speaker) -> Screen:
    """Return what waits, with a button for each."""
    count = speaker.count(page.total)
    head = speaker.text("📥 <b>Inbox</b> · {count}", count=count)
    if not page.items:
        nothing = speaker.text("🟢 Nothing waits for you.")
        return Screen(html=blocks([head], [nothing]), buttons=((home_button(speaker),),))
    numbered = list(enumerate(page.items, start=page.offset + 1))
    return Screen(
        html=blocks([head], [_line(number, each, page, speaker) for number, each in numbered]),
        buttons=(
            *rows_of(*(_open(number, each, speaker) for number, each in numbered)),
            *rows_of(_page(page, -PAGE, speaker), _page(page, PAGE, speaker)),
            (home_button(speaker),),
        ),
    )


def _line(number: int, each: InboxItem, page: InboxPage, speaker: Speaker) -> Safe:
    span = None if each.since_at is None else page.now - each.since_at
    since = speaker.duration(span) if span is not None and span >= _A_MINUTE else None
    return line(
        line(bold(speaker.count(number)), _what(each, speaker), between="  "), _where(each), since
    )


def _what(each: InboxItem, speaker: Speaker) -> Safe:
    match each.kind:
        case InboxKind.DARK:
            return speaker.text("🔦 In order, still dark")
        case InboxKind.CLAIM:
            amount = speaker.money(each.amount_paise or 0, each.currency)
            said = speaker.text("💰 {amount} reported", amount=amount)
            return line(said, None if each.note is None else short_reference(each.note))
        case InboxKind.PROMISE:
            day = None if each.pay_on is None else speaker.date(each.pay_on)
            return line(speaker.text("🤝 Will pay later"), day)
        case InboxKind.DISPUTE:
            return line(speaker.text("❓ Question"), each.note)
        case InboxKind.HELD:
            return line(speaker.text("⚖️ Reading held"), each.note)
        case InboxKind.OFFLINE:
            return line(speaker.text("⚠️ Meter offline"), None if each.room else each.note)


def _where(each: InboxItem) -> str:
    return room_label(each.room) if each.room is not None else each.place


def _open(number: int, each: InboxItem, speaker: Speaker) -> Button:
    name = room_label(each.room) if each.room is not None else each.note or each.place
    return Button(label=f"{speaker.count(number)} · {name}", press=_press(each))


def _press(each: InboxItem) -> Press:
    match each.kind:
        case InboxKind.DARK:
            return press(Action.ROOM, each.subject_id)
        case InboxKind.CLAIM:
            return press(Action.CLAIM_VIEW, each.subject_id)
        case InboxKind.PROMISE:
            return press(Action.PROMISE_VIEW, each.subject_id)
        case InboxKind.DISPUTE:
            return press(Action.DISPUTE_CARD, each.subject_id)
        case InboxKind.HELD:
            return press(Action.READING, each.subject_id)
        case InboxKind.OFFLINE:
            return press(Action.METER, each.subject_id)


def _page(page: InboxPage, step: int, speaker: Speaker) -> Button | None:
    offset = page.offset + step
    if not 0 <= offset < page.total:
        return None
    label = speaker.plain.text("More ›") if step > 0 else speaker.plain.text("‹ Before")
    return Button(label=label, press=press(Action.INBOX, offset))
