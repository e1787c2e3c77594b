"""A promise to pay: the day, the summary, and how staff decide it."""

from collections.abc import Sequence
from datetime import date

from bot.domain.claim import PaymentPromise, RequestStatus, promise_days
from bot.domain.people import Actor, Permission
from bot.i18n import Safe, Speaker
from bot.services.book import LeaseBook
from bot.services.owing import to_pay_paise
from bot.services.promise import PromiseOffer
from bot.services.promise_word import PromiseView
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.room import room_label, room_title


def promise_press(lease_id: int) -> Press:
    """Return the way to say when one will pay."""
    return press(Action.PROMISE, lease_id)


def promise_button(lease_id: int, speaker: Speaker) -> Button:
    """Return the way to say when one will pay."""
    return Button(label=speaker.plain.text("I will pay on …"), press=promise_press(lease_id))


def promise_days_screen(offer: PromiseOffer, speaker: Speaker) -> Screen:
    """Return the question on which day."""
    lease_id = offer.book.lease.id
    return Screen(
        html=blocks(
            [line(bold(room_title(offer.book.room.name, speaker)), _owed(offer.book, speaker))],
            [_standing(offer.standing, speaker)] if offer.standing is not None else [],
            [speaker.text("<b>When will you pay?</b> Your manager decides whether power stays.")],
        ),
        buttons=(
            *_days(offer.days, Action.PROMISE, lease_id, speaker),
            (_cancel(speaker),),
        ),
    )


def promise_confirm_screen(
    book: LeaseBook, pay_on: date, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether this is sent."""
    send = Button(
        label=speaker.plain.text("Send"),
        press=press(Action.PROMISE_CONFIRM, book.lease.id, pay_on.isoformat(), nonce=nonce),
    )
    back = Button(label=speaker.plain.text("‹ Back"), press=promise_press(book.lease.id))
    return Screen(
        html=lines(
            speaker.text(
                "Tell your manager that you will pay by <b>{day}</b>?", day=_day(pay_on, speaker)
            ),
            line(room_title(book.room.name, speaker), _owed(book, speaker)),
            speaker.text("If they accept, power stays on until that day is over."),
        ),
        buttons=((send,), (back, _cancel(speaker))),
    )


def promise_sent_screen(promise: PaymentPromise, speaker: Speaker) -> Screen:
    """Return the word that a promise waits for the staff."""
    return Screen(
        html=lines(
            speaker.text("⏳ You will pay by <b>{day}</b>", day=_day(promise.pay_on, speaker)),
            speaker.text("Your manager has been asked. Until they accept nothing changes."),
        ),
        buttons=((home_button(speaker, promise.lease_id),),),
    )


def promise_screen(view: PromiseView, actor: Actor, speaker: Speaker) -> Screen:
    """Return a promise as staff see it."""
    promise = view.promise
    return Screen(
        html=lines(
            speaker.text(
                "🤝 {name} will pay by <b>{day}</b>",
                name=view.tenant,
                day=_day(promise.pay_on, speaker),
            ),
            _whose(view, speaker),
            status_text(promise.status, view.by, speaker),
        ),
        buttons=_buttons(view, actor, speaker),
    )


def promise_other_screen(view: PromiseView, today_on: date, speaker: Speaker) -> Screen:
    """Return the question until which day instead."""
    promise = view.promise
    days = promise_days(today_on)
    return Screen(
        html=lines(_whose(view, speaker), speaker.text("<b>Until the end of which day?</b>")),
        buttons=(
            *_days(days, Action.PROMISE_ACCEPT, promise.id, speaker),
            (_back(promise, speaker), _cancel(speaker)),
        ),
    )


def promise_accept_screen(
    view: PromiseView, pay_on: date, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether power stays so long."""
    promise = view.promise
    accept = Button(
        label=speaker.plain.text("Accept"),
        press=press(Action.PROMISE_GRANT, promise.id, pay_on.isoformat(), nonce=nonce),
    )
    link = view.book.supply_meter
    is_off = link is not None and link.supply is not None and not link.supply.desired_on
    return Screen(
        html=lines(
            speaker.text("Keep power on until 24:00 on <b>{day}</b>?", day=_day(pay_on, speaker)),
            _whose(view, speaker),
            speaker.text("⏳ Power will be switched on again.") if is_off else None,
            speaker.text("If nothing has come by then, the rules decide again."),
        ),
        buttons=((accept,), (_back(promise, speaker), _cancel(speaker))),
    )


def promise_refuse_screen(view: PromiseView, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question whether the promise is refused."""
    promise = view.promise
    refuse = Button(
        label=speaker.plain.text("Refuse"),
        press=press(Action.PROMISE_DENY, promise.id, nonce=nonce),
    )
    return Screen(
        html=lines(
            speaker.text("Refuse that {name} pays later?", name=view.tenant),
            _whose(view, speaker),
            speaker.text("The rules go on as they are, and the tenant is told."),
        ),
        buttons=((refuse,), (_back(promise, speaker), _cancel(speaker))),
    )


def status_text(status: RequestStatus, by: str | None, speaker: Speaker) -> Safe | None:
    """Return what became of a promise."""
    name = by or "?"
    match status:
        case RequestStatus.ACCEPTED:
            return speaker.text("✅ Accepted by {name}: power stays until then", name=name)
        case RequestStatus.REFUSED if by is None:
            return speaker.text("Another day was asked for since.")
        case RequestStatus.REFUSED:
            return speaker.text("❌ Refused by {name}", name=name)
        case RequestStatus.KEPT:
            return speaker.text("✅ Paid meanwhile")
        case RequestStatus.BROKEN:
            return speaker.text("🔴 The day has passed, nothing has come")
        case RequestStatus.WAITING:
            return None


def _whose(view: PromiseView, speaker: Speaker) -> Safe:
    book = view.book
    return line(
        room_label(book.room.name), book.lease.tenant_name, _owed(book, speaker), book.place.name
    )


def _owed(book: LeaseBook, speaker: Speaker) -> Safe | None:
    paise = to_pay_paise(book)
    if not paise:
        return None
    return speaker.text("{amount} to pay", amount=speaker.money(paise, book.place.currency))


def _standing(standing: PaymentPromise, speaker: Speaker) -> Safe:
    day = _day(standing.pay_on, speaker)
    if standing.status is RequestStatus.ACCEPTED:
        return speaker.text("✅ Until {day} your power stays already.", day=day)
    return speaker.text("⏳ {day} waits for your manager; another day replaces it.", day=day)


def _days(days: Sequence[date], action: Action, subject_id: int, speaker: Speaker) -> Rows:
    return rows_of(
        *(
            Button(label=_day(each, speaker), press=press(action, subject_id, each.isoformat()))
            for each in days
        )
    )


def _day(on: date, speaker: Speaker) -> str:
    return f"{speaker.weekday(on)} {speaker.date(on)}"


def _buttons(view: PromiseView, actor: Actor, speaker: Speaker) -> Rows:
    say, promise = speaker.plain.text, view.promise
    room = Button(label=say("Open room"), press=press(Action.ROOM, promise.lease_id))
    inbox = Button(label=say("‹ Inbox"), press=press(Action.INBOX))
    decides = actor.may(Permission.SWITCH_POWER, promise.place_id)
    if promise.status is not RequestStatus.WAITING or not decides:
        return rows_of(room, inbox)
    accept = press(Action.PROMISE_ACCEPT, promise.id, promise.pay_on.isoformat())
    return rows_of(
        Button(label=say("Accept …"), press=accept),
        Button(label=say("Other day …"), press=press(Action.PROMISE_OTHER, promise.id)),
        Button(label=say("Refuse …"), press=press(Action.PROMISE_REFUSE, promise.id)),
        room,
        inbox,
    )


def _back(promise: PaymentPromise, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("‹ Back"), press=press(Action.PROMISE_VIEW, promise.id))


def _cancel(speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.CANCEL))
