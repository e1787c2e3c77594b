"""Common areas, step by step: which meter, which days, by what, at which price."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.allocation import MeasureUnknown, Span
from bot.domain.place import Place
from bot.i18n import N_, Safe, Speaker
from bot.i18n.share_words import span_text
from bot.services.allocation_look import MeterChoice, SharedMeter, SharedMeters, months_before
from bot.services.allocation_plan import keys_of
from bot.services.allocation_use import UseUnknown
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.meter_words import called, kind_of, name_of
from bot.telegram.screens.room import room_label
from bot.telegram.sharing_draft import CODE_OF, REST, CommonDraft, one_step_back, scopes_of

MOST_NAMED = 5
MONTHS = 3


def common_places_screen(places: Sequence[Place], speaker: Speaker) -> Screen:
    """Return the choice of a place."""
    buttons = [Button(label=each.name, press=press(Action.COMMON, each.id)) for each in places]
    return Screen(
        html=speaker.text("<b>Common areas</b>\n\nOf which building?"),
        buttons=(*rows_of(*buttons), (home_button(speaker),)),
    )


def common_screen(found: SharedMeters, speaker: Speaker) -> Screen:
    """Return the meters whose use rooms share, and what else there is to it."""
    place, say = found.place, speaker.plain.text
    asked = speaker.text("<b>Which meter?</b> What it counted is split among the rooms.")
    if not found.meters:
        asked = speaker.text(
            "No meter is shared here. Set “Who pays” of one to “The whole building pays” or "
            "“Some tenants share it”, or put sub-meters below a main one."
        )
    return Screen(
        html=blocks(
            [line(bold(speaker.text("Common areas")), place.name)],
            [asked],
            [loss_text(place, speaker)],
        ),
        buttons=(
            *rows_of(*(_meter_button(each) for each in found.meters)),
            *rows_of(
                Button(label=say("Past splits"), press=press(Action.COMMON_PAST, place.id)),
                Button(label=say("People and areas"), press=press(Action.COMMON_SIZES, place.id)),
                Button(label=say("Loss alert …"), press=press(Action.COMMON_LOSS, place.id)),
            ),
            (home_button(speaker),),
        ),
    )


def loss_text(place: Place, speaker: Speaker) -> Safe:
    """Return above what part staff are told of a loss."""
    if place.loss_percent is None:
        return speaker.text("You are not told of losses.")
    return speaker.text(
        "You are told when more than {percent} of a main meter is counted by no sub-meter.",
        percent=speaker.percent(place.loss_percent),
    )


def common_what_screen(draft: CommonDraft, choice: MeterChoice, speaker: Speaker) -> Screen:
    """Return the question what of a main meter is split."""
    labels = {
        REST: speaker.plain.text("What no sub-meter counted"),
    }
    everything = speaker.plain.text("All that it counted")
    buttons = [
        Button(
            label=labels.get(scope, everything),
            press=step_press(replace(draft, scope=scope)),
        )
        for scope in scopes_of(choice)
    ]
    asked = speaker.text("<b>What is split?</b>")
    return _question(draft, choice, asked, rows_of(*buttons, width=1), speaker)


def common_days_screen(draft: CommonDraft, choice: MeterChoice, speaker: Speaker) -> Screen:
    """Return the question of which days; the dialog takes what is typed."""
    buttons = [
        Button(
            label=_begun(span_text(span.from_on, span.to_on, speaker.plain)),
            press=step_press(replace(draft, span=span)),
        )
        for span in months_before(choice.today_on, MONTHS)
    ]
    asked = speaker.text(
        "<b>Of which days?</b> Tap a month, or type the days, for example 8–12 Nov."
    )
    return _question(draft, choice, asked, rows_of(*buttons), speaker)


def common_key_screen(draft: CommonDraft, choice: MeterChoice, speaker: Speaker) -> Screen:
    """Return the question by what it is split."""
    buttons = [
        Button(label=name_of(key, speaker.plain), press=step_press(replace(draft, key=key)))
        for key in keys_of(choice.meter.sheet)
    ]
    asked = lines(
        speaker.text("<b>How is it split?</b>"),
        speaker.text("Always by days; while a room is vacant, its part is the owner's."),
    )
    return _question(draft, choice, asked, rows_of(*buttons), speaker)


def common_tariff_screen(draft: CommonDraft, choice: MeterChoice, speaker: Speaker) -> Screen:
    """Return the question at which price, or that there is none."""
    buttons = [
        Button(label=each.name, press=step_press(replace(draft, tariff_id=each.id)))
        for each in choice.tariffs
    ]
    asked = speaker.text("<b>At which price?</b>")
    if not buttons:
        asked = speaker.text(
            "There is no tariff for {what} here. Make one with /tariffs, then come back.",
            what=line(kind_of(choice.meter.sheet, speaker), choice.meter.sheet.unit),
        )
    return _question(draft, choice, asked, rows_of(*buttons), speaker)


def common_missing_screen(
    draft: CommonDraft, choice: MeterChoice, error: UseUnknown, speaker: Speaker
) -> Screen:
    """Return which readings are missing; nothing is charged."""
    return _question(draft, choice, lines(*_missing_lines(error, speaker)), (), speaker)


def common_unsized_screen(
    draft: CommonDraft, choice: MeterChoice, error: MeasureUnknown, speaker: Speaker
) -> Screen:
    """Return of which rooms it is not known by what they share."""
    named = line(*(room_label(each) for each in error.rooms[:MOST_NAMED]), between=", ")
    more = len(error.rooms) - MOST_NAMED
    if more > 0:
        named = line(named, speaker.text("{n} more", n=speaker.count(more)), between=", ")
    asked = lines(
        speaker.text("⚠️ Not known of: {rooms}", rooms=named),
        speaker.text(_UNSIZED[CODE_OF[error.key]]),
    )
    sizes: Rows = ()
    if CODE_OF[error.key] in {"h", "f"}:
        to = press(Action.COMMON_SIZES, choice.place.id, CODE_OF[error.key])
        sizes = ((Button(label=speaker.plain.text("People and areas"), press=to),),)
    return _question(draft, choice, asked, sizes, speaker)


_UNSIZED = {
    "h": N_("Say how many people live there. Nothing is charged before."),
    "f": N_("Say how many square metres they have. Nothing is charged before."),
    "o": N_("No meter of their own measures them. Choose another key."),
}


def step_press(draft: CommonDraft) -> Press:
    """Return the way to the next question."""
    return press(Action.COMMON_STEP, *draft.words)


def ways_back(draft: CommonDraft, choice: MeterChoice, speaker: Speaker) -> tuple[Button, ...]:
    """Return the way one question back, and the way out."""
    before = one_step_back(draft, choice)
    out = press(Action.COMMON, choice.place.id)
    back = out if before is None else step_press(before)
    say = speaker.plain.text
    return Button(label=say("‹ Back"), press=back), Button(label=say("Cancel"), press=out)


def head_of(draft: CommonDraft, choice: MeterChoice, speaker: Speaker) -> Safe:
    """Return what is known so far."""
    sheet, span = choice.meter.sheet, draft.span
    what = speaker.text("what no sub-meter counted") if draft.scope == REST else None
    days = None if span is None else span_text(span.from_on, span.to_on, speaker)
    key = None if draft.key is None else name_of(draft.key, speaker)
    return lines(
        line(bold(sheet.name), what, between=", "),
        line(choice.place.name, days, key),
    )


def _question(
    draft: CommonDraft, choice: MeterChoice, asked: Safe, buttons: Rows, speaker: Speaker
) -> Screen:
    return Screen(
        html=blocks([head_of(draft, choice, speaker)], [asked]),
        buttons=(*buttons, ways_back(draft, choice, speaker)),
    )


def _missing_lines(error: UseUnknown, speaker: Speaker) -> Iterator[Safe]:
    yield speaker.text("⚠️ <b>Readings are missing.</b> Nothing is charged.")
    for each in error.missing[:MOST_NAMED]:
        meter = called(each.sheet, error.rooms.get(each.sheet.room_id or 0))
        if each.fell:
            yield speaker.text("{meter}: it shows less than before", meter=meter)
        else:
            yield speaker.text(
                "{meter}: at the end of {day}", meter=meter, day=speaker.date(each.on)
            )
    more = len(error.missing) - MOST_NAMED
    if more > 0:
        yield speaker.text("{n} more", n=speaker.count(more))
    yield speaker.text("Enter them with /readings, or try again when Qube answers.")


def _meter_button(each: SharedMeter) -> Button:
    return Button(label=each.sheet.name, press=press(Action.COMMON_STEP, each.sheet.id))


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def month_of(span: Span, speaker: Speaker) -> Safe:
    """Return the days of a span."""
    return span_text(span.from_on, span.to_on, speaker)
