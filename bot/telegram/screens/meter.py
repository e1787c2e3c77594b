"""One meter: how its counter is read, and what of it can be set. Rules 3.1, 3.2 and 3.5."""

from decimal import Decimal

from bot.domain.people import Permission
from bot.i18n import Safe, Speaker
from bot.services.meter import MeterCard, TermsChange, TermsField
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.meter_words import SIGNS
from bot.telegram.screens.room import room_label
from bot.telegram.screens.room_card import clock_text
from bot.telegram.staff.typed_number import number_word

CODES = {
    "m": TermsField.MULTIPLIER,
    "c": TermsField.MODULUS,
    "l": TermsField.LIMIT,
}
MOST_PRESETS = 3
UNKNOWN = "-"
"""Stands in a button for a counter whose end is not known."""
PRESETS = {
    TermsField.MULTIPLIER: (1, 10, 20, 40),
    TermsField.MODULUS: (10_000, 100_000, 1_000_000, 10_000_000),
    TermsField.LIMIT: (5, 15, 30, 60),
}


def counter_press(card: MeterCard) -> Press:
    """Return the way to a meter's counter."""
    return press(Action.METER_COUNTER, card.meter.id)


def counter_screen(card: MeterCard, speaker: Speaker) -> Screen:
    """Return how the counter of a meter is read, with what can be set."""
    terms, unit = card.meter.terms, card.meter.unit
    return Screen(
        html=blocks(
            [meter_title(card, speaker), card.place.name],
            [device_text(card, speaker), shown_text(card, speaker)],
            [
                speaker.text("Multiplier {value}", value=_times(terms.multiplier, speaker)),
                _counts_to(terms.max_value, speaker),
                speaker.text(
                    "Up to {limit} an hour is plausible",
                    limit=_quantity(terms.limit_per_hour, unit, speaker),
                ),
            ],
        ),
        buttons=(*rows_of(*_actions(card, speaker)), _ways_out(card, speaker)),
    )


def terms_value_screen(card: MeterCard, field: TermsField, speaker: Speaker) -> Screen:
    """Return the question for a value, with the usual ones to tap."""
    now = speaker.text("Now: {value}", value=_said(card, _present(card, field), speaker))
    options = [
        Button(label=_option(card, change, speaker.plain), press=edit_press(card, change))
        for change in _usual(card, field)
    ]
    return Screen(
        html=blocks([meter_title(card, speaker)], [now], [_question(field, speaker)]),
        buttons=(*rows_of(*options), (_cancel(card, speaker),)),
    )


def terms_confirm_screen(
    card: MeterCard, change: TermsChange, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question: from what to what, and from when on."""
    say, before = speaker.plain, _said(card, _present(card, change.field), speaker)
    step = line(before, bold(_said(card, change, speaker)), between=" → ")
    label = say.text("Set it to {value}", value=_said(card, change, say))
    if change.value is None:
        label = say.text("It is not known")
    confirm = Button(label=label, press=_carrying(Action.METER_CONFIRM, card, change, nonce))
    back = press(Action.METER_EDIT, card.meter.id, _code(change.field))
    return Screen(
        html=blocks(
            [meter_title(card, speaker)],
            [line(_name(change.field, speaker), step, between=": ")],
            _consequences(card, change, speaker),
        ),
        buttons=(
            (confirm,),
            (Button(label=say.text("‹ Back"), press=back), _cancel(card, speaker)),
        ),
    )


def _present(card: MeterCard, field: TermsField) -> TermsChange:
    return TermsChange(field=field, value=getattr(card.meter.terms, field.value))


def _usual(card: MeterCard, field: TermsField) -> list[TermsChange]:
    """Return what one would tap: other values than the present one, and no impossible ones."""
    shows, known = card.last_value or Decimal(0), _present(card, field).value
    values = [
        Decimal(each)
        for each in PRESETS[field]
        if each != known and (field is not TermsField.MODULUS or each > shows)
    ]
    usual = [TermsChange(field=field, value=value) for value in values[:MOST_PRESETS]]
    if field is TermsField.MODULUS and known is not None:
        usual.append(TermsChange(field=field, value=None))
    return usual


def _option(card: MeterCard, change: TermsChange, speaker: Speaker) -> Safe:
    return speaker.text("Not known") if change.value is None else _said(card, change, speaker)


def edit_press(card: MeterCard, change: TermsChange) -> Press:
    """Return the way to the confirmation of a change."""
    return _carrying(Action.METER_EDIT, card, change, None)


def _carrying(action: Action, card: MeterCard, change: TermsChange, nonce: str | None) -> Press:
    said = UNKNOWN if change.value is None else number_word(change.value)
    return press(action, card.meter.id, _code(change.field), said, nonce=nonce)


def _code(field: TermsField) -> str:
    return next(code for code, each in CODES.items() if each is field)


def meter_title(card: MeterCard, speaker: Speaker) -> Safe:
    """Return which meter it is, and in which room."""
    room = None if card.room is None else bold(room_label(card.room))
    sheet = card.sheet
    if sheet.name == sheet.udf1:
        return line(room, speaker.text("Meter {name}", name=sheet.name))
    return line(room, line(SIGNS[sheet.type], bold(sheet.name), between=" "))


def device_text(card: MeterCard, speaker: Speaker) -> Safe:
    """Return which device of the vendor is in the meter."""
    if card.meter.udf1 is None:
        return speaker.text("It is read by people.")
    installed = card.installation
    if installed is None or installed.device_id is None:
        return speaker.text("No device has this meter's name.")
    return speaker.text(
        "Device {id}, since {day}",
        id=installed.device_id,
        day=speaker.date(installed.opened_at.astimezone(speaker.zone).date()),
    )


def shown_text(card: MeterCard, speaker: Speaker) -> Safe:
    """Return what the meter showed last."""
    if card.last_value is None or card.read_at is None:
        return speaker.text("It has not been read yet.")
    return speaker.text(
        "Shows {value}, read {time}",
        value=speaker.quantity(card.last_value, card.meter.unit),
        time=clock_text(card.read_at, speaker, now=card.now),
    )


def _actions(card: MeterCard, speaker: Speaker) -> list[Button | None]:
    say, meter_id = speaker.plain.text, card.meter.id
    labels = {
        "m": say("Multiplier …"),
        "c": say("Counts to …"),
        "l": say("Plausible …"),
    }
    found: list[Button | None] = []
    if Permission.ONBOARD in card.may:
        found += [
            Button(label=label, press=press(Action.METER_EDIT, meter_id, code))
            for code, label in labels.items()
        ]
    if card.replaced is not None and card.installation and Permission.TAKE_PAYMENT in card.may:
        found.append(
            Button(
                label=say("Old and new device …"),
                press=press(Action.SWAP, card.installation.id),
            )
        )
    return found


def _ways_out(card: MeterCard, speaker: Speaker) -> tuple[Button, ...]:
    back = press(Action.METER, card.meter.id)
    return Button(label=speaker.plain.text("‹ Back"), press=back), home_button(speaker)


def _cancel(card: MeterCard, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=counter_press(card))


def _question(field: TermsField, speaker: Speaker) -> Safe:
    if field is TermsField.MULTIPLIER:
        return lines(
            speaker.text("<b>What is a counted unit multiplied by?</b> Tap or type it."),
            speaker.text("It is 1 unless the meter measures through a transformer."),
        )
    if field is TermsField.MODULUS:
        return lines(
            speaker.text("<b>Where does the counter begin anew?</b> Tap or type it."),
            speaker.text("One with five digits before the point begins anew at 100000."),
        )
    return lines(
        speaker.text("<b>How much can be used in an hour?</b> Tap or type it."),
        speaker.text("A reading that shows more is not charged before you have accepted it."),
    )


def _name(field: TermsField, speaker: Speaker) -> Safe:
    names = {
        TermsField.MULTIPLIER: speaker.text("Multiplier"),
        TermsField.MODULUS: speaker.text("The counter begins anew at"),
        TermsField.LIMIT: speaker.text("Plausible in an hour"),
    }
    return names[field]


def _consequences(card: MeterCard, change: TermsChange, speaker: Speaker) -> list[Safe]:
    if change.field is not TermsField.MULTIPLIER:
        return [speaker.text("It holds for the readings that come. Nothing is charged again.")]
    limit = _quantity(card.meter.terms.limit_per_hour, card.meter.unit, speaker)
    return [
        speaker.text(
            "The meter is read first: what was used until then is charged as before. "
            "Nothing is charged again."
        ),
        speaker.text("See whether {limit} an hour is still plausible then.", limit=limit),
    ]


def _counts_to(modulus: Decimal | None, speaker: Speaker) -> Safe:
    if modulus is None:
        return speaker.text("Where the counter begins anew is not known")
    return speaker.text("The counter begins anew at {value}", value=_figure(modulus, speaker))


def _said(card: MeterCard, change: TermsChange, speaker: Speaker) -> Safe:
    """Return what a change sets, as it is said."""
    field, value = change.field, change.value
    if value is None:
        return speaker.text("not known")
    if field is TermsField.MULTIPLIER:
        return _times(value, speaker)
    if field is TermsField.LIMIT:
        return Safe(_quantity(value, card.meter.unit, speaker))
    return Safe(_figure(value, speaker))


def _times(value: Decimal, speaker: Speaker) -> Safe:
    return Safe(f"× {_figure(value, speaker)}")


def _quantity(value: Decimal, unit: str, speaker: Speaker) -> str:
    return f"{_figure(value, speaker)} {unit}"


def _figure(value: Decimal, speaker: Speaker) -> str:
    """Return a number without idle decimals."""
    whole = value.to_integral_value()
    return speaker.count(int(whole)) if whole == value else speaker.number(value)
