"""Describing a meter: the attributes, the question for each, and the confirmation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.meter import MeterSheet
from bot.i18n import Safe, Speaker
from bot.services.meter import MeterCard
from bot.services.meter_edit import MeterChange
from bot.services.meter_field import SheetField, word_of
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.meter_draft import MeterDraft, is_asked
from bot.telegram.meter_filter import NOTHING
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.meter_question import question_text
from bot.telegram.screens.meter_words import (
    SIGNS,
    field_name,
    kind_of,
    labelled,
    name_of,
    value_text,
)
from bot.telegram.screens.room import room_label

PAGES: tuple[tuple[SheetField, ...], ...] = (
    (
        SheetField.NAME,
        SheetField.ROOM,
        SheetField.BILLING,
        SheetField.KEY,
        SheetField.STATUS,
        SheetField.MAIN,
        SheetField.PARENT,
        SheetField.NOTES,
    ),
    (
        SheetField.TYPE,
        SheetField.UNIT,
        SheetField.SERVICE,
        SheetField.SERIAL,
        SheetField.MANUFACTURER,
        SheetField.MODEL,
        SheetField.INSTALLED,
        SheetField.LAST_INSPECTION,
        SheetField.NEXT_INSPECTION,
        SheetField.DECIMALS,
        SheetField.UDF1,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An answer to tap."""

    label: str
    value: object


def fields_screen(card: MeterCard, number: int, speaker: Speaker) -> Screen:
    """Return what can be changed of a meter, and as what it is known."""
    say, sheet, is_last = speaker.plain.text, card.sheet, number == len(PAGES)
    fields = [each for each in PAGES[number - 1] if is_asked(each, sheet)]
    more = Button(
        label=say("More …") if not is_last else say("‹ Previous"),
        press=press(Action.METER_FIELDS, sheet.id, number + 1 if not is_last else number - 1),
    )
    delete = Button(label=say("Delete …"), press=press(Action.METER_DELETE, sheet.id))
    return Screen(
        html=blocks(
            [line(SIGNS[sheet.type], bold(sheet.name), between=" ")],
            [
                line(
                    field_name(each, speaker),
                    _value(each, sheet, speaker, room=card.room, parent=card.parent),
                    between=": ",
                )
                for each in fields
            ],
            [speaker.text("<b>What is to be changed?</b>")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=field_name(each, speaker.plain),
                        press=press(Action.METER_FIELDS, sheet.id, each.value),
                    )
                    for each in fields
                ),
                more,
                delete if is_last else None,
            ),
            (_to_card(sheet.id, say("‹ Back")),),
        ),
    )


def question_screen(
    draft: MeterDraft,
    at: SheetField,
    found: MeterChange,
    options: Sequence[Option],
    speaker: Speaker,
) -> Screen:
    """Return the question for one attribute, with the likely answers to tap."""
    now = None
    if found.before is not None or at.value in draft.words:
        value = _value(at, found.after, speaker, room=found.room, parent=found.parent)
        now = speaker.text("Now: {value}", value=value)
    return Screen(
        html=blocks(
            [_title(found, speaker)], [now] if now else [], question_text(at, found, speaker)
        ),
        buttons=(
            *rows_of(*(_option(draft, at, each) for each in options)),
            _ways(draft, at, found, speaker),
        ),
    )


def confirm_screen(
    draft: MeterDraft, found: MeterChange, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return what would be made or changed, with what follows from it."""
    say = speaker.plain.text
    label = say("Make it") if found.before is None else say("Set it")
    confirm = Button(label=label, press=press(Action.METER_SAVE, draft.id, nonce=nonce))
    told = _made(found, speaker) if found.before is None else _changed(found, speaker)
    return Screen(
        html=blocks([_title(found, speaker)], list(told), _consequences(found, speaker)),
        buttons=((confirm,), _ways(draft, None, found, speaker)),
    )


def delete_screen(sheet: MeterSheet, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question whether a meter is to be deleted."""
    confirm = Button(
        label=speaker.plain.text("Delete it"),
        press=press(Action.METER_DELETE, sheet.id, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [speaker.text("Delete the meter “{meter}”?", meter=sheet.name)],
            [speaker.text("It was never read and counts for nobody.")],
        ),
        buttons=((confirm, _to_card(sheet.id, speaker.plain.text("Cancel"))),),
    )


def _title(found: MeterChange, speaker: Speaker) -> Safe:
    if found.before is None:
        return line(bold(speaker.text("New meter")), found.place.name)
    return line(SIGNS[found.before.type], bold(found.before.name), between=" ")


def _value(
    field: SheetField,
    sheet: MeterSheet,
    speaker: Speaker,
    *,
    room: str | None,
    parent: MeterSheet | None,
) -> object:
    label = None if room is None else room_label(room)
    return value_text(field, field.of(sheet), speaker, room=label, parent=parent)


def _option(draft: MeterDraft, at: SheetField, each: Option) -> Button:
    word = word_of(each.value)
    answer = press(Action.METER_FORM, draft.id, at.value, NOTHING if word is None else word)
    return Button(label=each.label, press=answer)


def _made(found: MeterChange, speaker: Speaker) -> Iterator[Safe]:
    sheet = found.after
    room = None if found.room is None else room_label(found.room)
    yield line(line(labelled(sheet), room), line(kind_of(sheet, speaker), sheet.unit, between=", "))
    yield line(name_of(sheet.billing_type, speaker))
    for field in (SheetField.SERIAL, SheetField.INSTALLED):
        if field.of(sheet) is not None:
            value = value_text(field, field.of(sheet), speaker)
            yield line(field_name(field, speaker), value, between=": ")


def _changed(found: MeterChange, speaker: Speaker) -> Iterator[Safe]:
    before = found.before
    assert before is not None
    for field in found.fields:
        after = _value(field, found.after, speaker, room=found.room, parent=found.parent)
        if field in {SheetField.ROOM, SheetField.PARENT, SheetField.NOTES}:
            yield line(field_name(field, speaker), bold(after), between=": ")
            continue
        old = value_text(field, field.of(before), speaker)
        step = line(old, bold(after), between=" → ")
        yield line(field_name(field, speaker), step, between=": ")


def _consequences(found: MeterChange, speaker: Speaker) -> list[Safe]:
    rooms = ", ".join(room_label(share.room) for share in found.shares)
    said: list[Safe] = []
    if found.stops_charging:
        said.append(
            speaker.text(
                "⚠️ It counts for {rooms}. From now on it is neither read nor charged: what was "
                "used since the last charge is not charged either.",
                rooms=rooms,
            )
        )
    if found.unlinks:
        said.append(speaker.text("It counts for {rooms} no more. Say anew who pays.", rooms=rooms))
    return said


def _ways(
    draft: MeterDraft, at: SheetField | None, found: MeterChange, speaker: Speaker
) -> tuple[Button, ...]:
    say, before = speaker.plain.text, draft.before(at, found.after)
    cancel = Button(label=say("Cancel"), press=_cancelled(draft))
    if before is not None:
        back = press(Action.METER_FORM, draft.id, before.value)
        return Button(label=say("‹ Back"), press=back), cancel
    if draft.meter_id is not None:
        page = next((n for n, page in enumerate(PAGES, 1) if at in page), 1)
        fields = press(Action.METER_FIELDS, draft.meter_id, page)
        return Button(label=say("‹ Back"), press=fields), cancel
    return (cancel,)


def _cancelled(draft: MeterDraft) -> Press:
    if draft.meter_id is not None:
        return press(Action.METER, draft.meter_id)
    return press(Action.METERS, draft.place_id, NOTHING)


def _to_card(meter_id: int, label: str) -> Button:
    return Button(label=label, press=press(Action.METER, meter_id))
