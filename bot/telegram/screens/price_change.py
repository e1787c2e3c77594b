"""What a change of price does, old to new."""

from bot.i18n import Safe, Speaker
from bot.services.tariff import ChangePreview
from bot.telegram.screens.html import bold, line
from bot.telegram.screens.price import (
    day_text,
    month_with,
    price_lines,
    slab_lines,
    standing_or_none,
    taxes_or_none,
    unit_price,
)


def differences(preview: ChangePreview, speaker: Speaker) -> list[Safe]:
    """Return what changes, old to new; slabs that are new stand below each other."""
    before, after, card = preview.before, preview.after, preview.card
    currency, unit = card.place.currency, card.tariff.medium.unit
    if before is None:
        return list(price_lines(after, currency, speaker, unit=unit))
    said: list[Safe] = []
    if before.slabs != after.slabs:
        old = unit_price(before.slabs, currency, speaker, unit=unit)
        new = slab_lines(after.slabs, currency, speaker, unit=unit)
        is_one = len(after.slabs) == 1
        said += [_arrow(old, next(new))] if is_one else [_arrow(old, ""), *map(bold, new)]
    if before.standing != after.standing:
        charges = (standing_or_none(each.standing, currency, speaker) for each in (before, after))
        said.append(speaker.text("Standing charge {amount}", amount=_arrow(*charges)))
    if before.taxes != after.taxes:
        taxes = (taxes_or_none(each.taxes, speaker) for each in (before, after))
        said.append(speaker.text("Taxes {change}", change=_arrow(*taxes)))
    return said


def _arrow(old: Safe, new: object) -> Safe:
    return line(old, bold(new) if new else "", between=" → ")


def example(preview: ChangePreview, speaker: Speaker) -> Safe:
    """Return what the example month costs before and after."""
    currency = preview.card.place.currency
    cost: Safe = bold(speaker.money(preview.after_paise, currency))
    if preview.before_paise is not None:
        cost = line(speaker.money(preview.before_paise, currency), cost, between=" → ")
    return month_with(cost, preview.card.tariff.medium, speaker)


def consequences(preview: ChangePreview, speaker: Speaker) -> list[Safe]:
    """Return what the change leaves, replaces, and until when it holds."""
    said = [speaker.text("Days before keep the old price.")]
    today_on = preview.card.today_on
    if preview.replaces is not None:
        said.append(speaker.text("It replaces the price that was to come that day."))
    if preview.until_on is not None:
        day = day_text(preview.until_on, speaker, today_on=today_on)
        said.append(speaker.text("It holds until {day}, when the next price comes.", day=day))
    return said
