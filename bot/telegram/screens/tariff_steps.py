"""Setting a price, step by step, to the confirmation."""

from datetime import date, timedelta

from bot.domain.period import next_month
from bot.domain.place import Place
from bot.domain.service_kind import ELECTRIC
from bot.domain.tariff import TariffVersion
from bot.i18n import Safe, Speaker
from bot.i18n.service_names import medium_name
from bot.services.tariff import ChangePreview, TariffCard, TariffMedia
from bot.services.tariff_example import example_cost
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.price import (
    UNIT,
    day_text,
    month_with,
    price_lines,
    slab_lines,
    standing_or_none,
    taxes_or_none,
    unit_price,
)
from bot.telegram.screens.price_change import consequences, differences, example
from bot.telegram.screens.tariff import rooms_text, to_tariff
from bot.telegram.tariff_draft import MEDIA, PriceDraft, Step

KEEP = "k"
NONE = "n"


def step_press(draft: PriceDraft, step: Step, answer: str = "") -> Press:
    """Return the way to a step, or on from it with an answer."""
    return press(Action.TARIFF_STEP, draft.id, step.value, *([answer] if answer else []))


def day_screen(draft: PriceDraft, card: TariffCard, speaker: Speaker) -> Screen:
    """Return the question from which day."""
    through_on = card.charged_through_on
    presets = (
        Button(label=label, press=step_press(draft, Step.DAY, on.isoformat()))
        for on, label in preset_days(card.today_on, through_on, speaker)
    )
    return Screen(
        html=blocks(
            [line(bold(card.tariff.name), card.place.name)],
            charged_lines(through_on, speaker, today_on=card.today_on),
            [speaker.text("<b>From which day?</b> Tap or type it, for example 1.12. or 1 Dec.")],
        ),
        buttons=(*rows_of(*presets), (_cancel(draft, speaker),)),
    )


def charged_lines(through_on: date | None, speaker: Speaker, *, today_on: date) -> list[Safe]:
    """Return up to when all is settled, if anything is."""
    if through_on is None:
        return []
    day = day_text(through_on, speaker, today_on=today_on)
    return [speaker.text("Charged through {day}: what was charged stays.", day=day)]


def preset_days(
    today_on: date, through_on: date | None, speaker: Speaker
) -> tuple[tuple[date, str], ...]:
    """Return the days that are likely meant: tomorrow and the first of next month."""
    tomorrow = today_on + timedelta(days=1)
    first = next_month(today_on)
    said = {first: speaker.date(first)}
    said[tomorrow] = speaker.plain.text("Tomorrow, {day}", day=speaker.date(tomorrow))
    return tuple((on, said[on]) for on in sorted(said) if through_on is None or on > through_on)


def medium_screen(draft: PriceDraft, found: TariffMedia, speaker: Speaker) -> Screen:
    """Return the question what a new tariff prices."""
    buttons = (
        Button(
            label=medium_name(each, speaker.plain),
            press=step_press(draft, Step.MEDIUM, code),
        )
        for each in found.media
        for code, medium in MEDIA.items()
        if medium == each
    )
    return Screen(
        html=blocks(
            [line(bold(speaker.text("New tariff")), found.place.name)],
            [speaker.text("<b>What is it a price for?</b>")],
        ),
        buttons=(*rows_of(*buttons), (_cancel(draft, speaker),)),
    )


def name_screen(draft: PriceDraft, place: Place, speaker: Speaker) -> Screen:
    """Return the question how a new tariff is called."""
    medium = None if draft.medium == ELECTRIC else medium_name(draft.medium, speaker)
    keep = None
    if draft.name is not None:
        label = speaker.plain.text("Keep {value}", value=draft.name)
        keep = Button(label=label, press=step_press(draft, Step.NAME, KEEP))
    return Screen(
        html=blocks(
            [line(bold(speaker.text("New tariff")), medium, place.name)],
            [speaker.text("<b>How is it called?</b> Type it, for example Shops 2026.")],
        ),
        buttons=(*rows_of(keep), _ways(draft, Step.NAME, speaker)),
    )


def price_screen(draft: PriceDraft, place: Place, head: Safe, speaker: Speaker) -> Screen:
    """Return the question what a unit costs."""
    version, unit, keep = draft.version, draft.medium.unit, None
    if version is not None:
        value = unit_price(version.slabs, place.currency, speaker.plain, unit=unit)
        keep = _keep(draft, Step.PRICE, value, speaker)
    return Screen(
        html=blocks(
            [head],
            []
            if version is None
            else slab_lines(version.slabs, place.currency, speaker, unit=unit),
            [
                _what_costs(unit, speaker),
                speaker.text("Or slabs of a month: <code>100: 5.00, 300: 7.25, rest: 9.00</code>"),
            ],
        ),
        buttons=(*rows_of(keep), _ways(draft, Step.PRICE, speaker)),
    )


def _what_costs(unit: str, speaker: Speaker) -> Safe:
    if unit == UNIT:
        return speaker.text("<b>What does a unit cost?</b> Type it, for example 6.50.")
    return speaker.text("<b>What does 1 {unit} cost?</b> Type it, for example 45.00.", unit=unit)


def standing_screen(draft: PriceDraft, place: Place, head: Safe, speaker: Speaker) -> Screen:
    """Return the question for a standing charge."""
    standing = None if draft.version is None else draft.version.standing
    value = standing_or_none(standing, place.currency, speaker.plain)
    return Screen(
        html=blocks(
            [head],
            [
                speaker.text("<b>Standing charge: is there one, whatever is used?</b>"),
                speaker.text("Type an amount, for example 150 a month, 5 a day or none."),
            ],
        ),
        buttons=(
            *rows_of(*_answers(draft, Step.STANDING, value, speaker, has=standing is not None)),
            _ways(draft, Step.STANDING, speaker),
        ),
    )


def taxes_screen(draft: PriceDraft, head: Safe, speaker: Speaker) -> Screen:
    """Return the question for taxes."""
    taxes = () if draft.version is None else draft.version.taxes
    value = taxes_or_none(taxes, speaker.plain)
    return Screen(
        html=blocks(
            [head],
            [
                speaker.text("<b>Taxes: which, in percent of what the energy costs?</b>"),
                speaker.text("Type names and percents, for example GST 18, or none."),
            ],
        ),
        buttons=(
            *rows_of(*_answers(draft, Step.TAXES, value, speaker, has=bool(taxes))),
            _ways(draft, Step.TAXES, speaker),
        ),
    )


def change_confirm_screen(
    draft: PriceDraft, preview: ChangePreview, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question: old and new, what a month costs by each, and for whom."""
    card, after = preview.card, preview.after
    day = day_text(after.from_on, speaker, today_on=card.today_on)
    confirm = Button(
        label=speaker.plain.text("Set from {day}", day=day),
        press=press(Action.TARIFF_CONFIRM, draft.id, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [speaker.text("Change “{name}” from <b>{day}</b>?", name=card.tariff.name, day=day)],
            differences(preview, speaker),
            [
                example(preview, speaker),
                rooms_text(card.rooms, speaker) if card.rooms else None,
                *consequences(preview, speaker),
            ],
        ),
        buttons=((confirm,), _ways(draft, Step.CONFIRM, speaker)),
    )


def new_confirm_screen(
    draft: PriceDraft,
    version: TariffVersion,
    place: Place,
    speaker: Speaker,
    *,
    today_on: date,
    nonce: str,
) -> Screen:
    """Return the question whether a tariff is to be made."""
    confirm = Button(
        label=speaker.plain.text("Make it"),
        press=press(Action.TARIFF_CONFIRM, draft.id, nonce=nonce),
    )
    medium = draft.medium
    cost = bold(speaker.money(example_cost(version, today_on, medium), place.currency))
    made = speaker.text("Make the tariff “{name}” at {place}?", name=draft.name, place=place.name)
    return Screen(
        html=blocks(
            [made, None if medium == ELECTRIC else medium_name(medium, speaker)],
            price_lines(version, place.currency, speaker, unit=medium.unit),
            [month_with(cost, medium, speaker)],
            [speaker.text("No room has it until you use it for rooms.")],
        ),
        buttons=((confirm,), _ways(draft, Step.CONFIRM, speaker)),
    )


def draft_head(draft: PriceDraft, name: str, speaker: Speaker, *, today_on: date) -> Safe:
    """Return which tariff is spoken of, and from which day."""
    if draft.tariff_id is None or draft.version is None:
        return bold(name)
    day = day_text(draft.version.from_on, speaker, today_on=today_on)
    return line(bold(name), speaker.text("from {day}", day=day))


def _answers(
    draft: PriceDraft, step: Step, value: Safe, speaker: Speaker, *, has: bool
) -> tuple[Button | None, ...]:
    """Return the way to keep what there is, and to have none instead."""
    none = Button(label=speaker.plain.text("None"), press=step_press(draft, step, NONE))
    return (_keep(draft, step, value, speaker), none) if has else (none,)


def _keep(draft: PriceDraft, step: Step, value: Safe, speaker: Speaker) -> Button:
    label = speaker.plain.text("Keep {value}", value=value)
    return Button(label=label, press=step_press(draft, step, KEEP))


def _ways(draft: PriceDraft, step: Step, speaker: Speaker) -> tuple[Button, ...]:
    before = draft.before(step)
    if before is None:
        return (_cancel(draft, speaker),)
    back = Button(label=speaker.plain.text("‹ Back"), press=step_press(draft, before))
    return back, _cancel(draft, speaker)


def _cancel(draft: PriceDraft, speaker: Speaker) -> Button:
    label = speaker.plain.text("Cancel")
    if draft.tariff_id is None:
        return Button(label=label, press=press(Action.TARIFFS, draft.place_id))
    return to_tariff(draft.tariff_id, label)
