"""What the picture of a meter's readings shows; readings.typ only draws it."""

from decimal import ROUND_HALF_UP, Decimal

from bot.i18n import Speaker
from bot.render.scale import scale_for
from bot.services.ports import ReadingBar, ReadingsChart

_HUNDREDTH = Decimal("0.01")


def readings_data(chart: ReadingsChart, speaker: Speaker) -> dict[str, object]:
    """Return the data of readings.typ: finished texts, and heights in ten-thousandths."""
    mean = chart.mean_per_day
    largest = max((each.per_day for each in chart.bars), default=Decimal(0))
    scale = scale_for(max(largest, mean or Decimal(0)))
    return {
        "language": speaker.language,
        "meter": chart.meter,
        "place": chart.place,
        "unit": speaker.text("{unit} a day", unit=chart.unit),
        "grid": [
            {"height": scale.height(value), "text": _number(value, speaker)}
            for value in scale.values()
        ],
        "mean": None
        if not mean
        else {
            "height": scale.height(mean),
            "text": speaker.text("usual {amount}", amount=_number(mean, speaker)),
        },
        "bars": [
            {
                "height": scale.height(each.per_day),
                "caption": speaker.date(each.on),
                "label": _number(each.per_day, speaker),
                "tone": _tone(each),
            }
            for each in chart.bars
        ],
    }


def _tone(bar: ReadingBar) -> str:
    if bar.is_asked:
        return "asked"
    return "strange" if bar.is_anomalous else "usual"


def _number(value: Decimal, speaker: Speaker) -> str:
    """Small uses keep two decimals, large ones none: a label is as wide as its bar."""
    if value >= 100 or value == value.to_integral_value():
        return speaker.count(int(value.to_integral_value(ROUND_HALF_UP)))
    places = Decimal("0.1") if value >= 1 else _HUNDREDTH
    return speaker.number(value.quantize(places, ROUND_HALF_UP))
