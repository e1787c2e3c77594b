"""A share of common use in words: the whole, the key, and the own part. Section 8."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.allocation import Stretch
from bot.domain.meter import SplitKey
from bot.i18n.markup import Safe, escape
from bot.i18n.speaker import Speaker

FINEST = Decimal("0.001")
_HUNDREDTH = Decimal("0.01")


def share_lines(share: Mapping[str, Any], currency: str, speaker: Speaker) -> list[Safe]:
    """Return what an entry's share, or a notice's, tells: line by line."""
    return [
        line_of_days(share, speaker),
        speaker.text(
            "Whole: {quantity}, {amount}",
            quantity=speaker.quantity(Decimal(share["whole_quantity"]), share["unit"]),
            amount=speaker.money(share["whole_paise"], currency),
        ),
        key_text(share, speaker),
    ]


def line_of_days(share: Mapping[str, Any], speaker: Speaker) -> Safe:
    """Return what was shared, and of which days."""
    return Safe(f"{what_text(share, speaker)}, {days_text(share, speaker)}")


def what_text(share: Mapping[str, Any], speaker: Speaker) -> Safe:
    """Return which meter counted it, or which one's sub-meters did not."""
    if share["residual"]:
        return speaker.text("{meter}, what no sub-meter counted", meter=share["meter"])
    return escape(share["meter"]) if speaker.escapes else Safe(str(share["meter"]))


def days_text(share: Mapping[str, Any], speaker: Speaker) -> Safe:
    """Return a whole calendar month by its name, other days by the first and the last."""
    from_on, to_on = date.fromisoformat(share["from_on"]), date.fromisoformat(share["to_on"])
    return span_text(from_on, to_on, speaker)


def span_text(from_on: date, to_on: date, speaker: Speaker) -> Safe:
    """Return a whole calendar month by its name, other days by the first and the last."""
    after_on = date.fromordinal(to_on.toordinal() + 1)
    is_month = from_on.day == after_on.day == 1 and (to_on - from_on).days < 31
    if is_month:
        return Safe(speaker.month(from_on))
    return Safe(speaker.dates(from_on, to_on))


def key_text(share: Mapping[str, Any], speaker: Speaker) -> Safe:
    """Return by what it was split, and how the own part weighs in that."""
    key, weight = SplitKey(share["key"]), Decimal(share["weight"])
    measure, days = Decimal(share["measure"]), int(share["days"])
    told = share.get("stretches") or [[days, measure]]
    stretches = [Stretch(days=count, measure=Decimal(each)) for count, each in told]
    values = {
        "own": number_text(weight, speaker),
        "all": number_text(Decimal(share["weights"]), speaker),
        "days": speaker.days(days),
        "measure": measure_text(key, measure, share["unit"], speaker),
        "sum": stretches_text(key, stretches, share["unit"], speaker),
    }
    match key:
        case SplitKey.EQUAL:
            return speaker.text("Split equally by days: {own} of all rooms’ {all} days", **values)
        case SplitKey.HEADCOUNT:
            return speaker.text(
                "Split by people and days: {sum} = {own} of all rooms’ {all}", **values
            )
        case SplitKey.FLOOR_AREA:
            return speaker.text(
                "Split by floor area and days: {sum} = {own} of all rooms’ {all}", **values
            )
        case SplitKey.OWN_CONSUMPTION:
            return speaker.text(
                "Split by own use: {own} of all rooms’ {all} {unit}", unit=share["unit"], **values
            )
        case SplitKey.FIXED_RATIO:
            return speaker.text("Split by fixed shares: {measure} for {days}", **values)


def stretches_text(key: SplitKey, stretches: Sequence[Stretch], unit: str, speaker: Speaker) -> str:
    """Return by what somebody weighs and on how many days, as a sum."""
    return " + ".join(
        f"{measure_text(key, each.measure, unit, speaker)} × {speaker.days(each.days)}"
        for each in stretches
    )


def measure_text(key: SplitKey, measure: Decimal, unit: str, speaker: Speaker) -> str:
    """Return what a room weighs by."""
    match key:
        case SplitKey.HEADCOUNT:
            return speaker.plural("{n} person", "{n} people", int(measure))
        case SplitKey.FLOOR_AREA:
            return f"{number_text(measure, speaker)} m²"
        case SplitKey.OWN_CONSUMPTION:
            return speaker.quantity(measure, unit)
        case SplitKey.FIXED_RATIO:
            return speaker.percent((measure * 100).quantize(_HUNDREDTH).normalize())
        case SplitKey.EQUAL:
            return ""


def number_text(value: Decimal, speaker: Speaker) -> str:
    """Return a figure with the decimals that it has."""
    exponent = value.quantize(FINEST).normalize().as_tuple().exponent
    return speaker.number(value, decimals=max(-int(exponent), 0))
