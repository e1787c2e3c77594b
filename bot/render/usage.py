"""What the usage picture shows, worked out and put into words; usage.typ only draws it."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from bot.i18n import Speaker
from bot.render.scale import Scale, scale_for
from bot.services.ports import UsageChart, UsageDay

_DAYS_WITH_ROOM_FOR_WORDS = 8
_DAYS_BETWEEN_DATES = 7
_UNIT = "kWh"


def usage_data(chart: UsageChart, speaker: Speaker) -> dict[str, object]:
    """Return the data of usage.typ: finished texts, and heights in ten-thousandths."""
    scale = scale_for(max((day.energy_kwh or Decimal(0) for day in chart.days), default=Decimal(0)))
    return {
        "language": speaker.language,
        "owner": f"{chart.room} · {chart.place}",
        "period": _period(chart, speaker),
        "energy": _energy_text(chart.total_kwh, speaker),
        "cost": speaker.money(chart.total_paise, chart.currency),
        "change": _change(chart, speaker),
        "unit": _UNIT,
        "grid": _grid(scale, speaker),
        "average": _average(chart, scale, speaker),
        "bars": _bars(chart, scale, speaker),
        "legend": _legend(chart, speaker),
    }


def extremes(chart: UsageChart) -> tuple[UsageDay, ...]:
    """Return the finished days of most and of least use; a day without use says nothing."""
    used = [day for day in _finished(chart) if day.energy_kwh]
    if len(used) < 2:
        return tuple(used)
    return max(used, key=_energy), min(used, key=_energy)


def average_kwh(chart: UsageChart) -> Decimal | None:
    """Return the mean use of the finished days that were read; None without any."""
    finished = _finished(chart)
    return sum(map(_energy, finished), Decimal(0)) / len(finished) if finished else None


def _finished(chart: UsageChart) -> list[UsageDay]:
    return [day for day in chart.days if day.energy_kwh is not None and day.on < chart.today_on]


def _energy(day: UsageDay) -> Decimal:
    return day.energy_kwh or Decimal(0)


def _period(chart: UsageChart, speaker: Speaker) -> str:
    if not chart.days:
        return ""
    first_on, last_on = chart.marked or (chart.days[0].on, chart.days[-1].on)
    if first_on == last_on:
        return speaker.date(first_on)
    return f"{speaker.date(first_on)} – {speaker.date(last_on)}"


def _change(chart: UsageChart, speaker: Speaker) -> dict[str, str] | None:
    if not chart.previous_total_kwh:
        return None
    share = chart.total_kwh * 100 / chart.previous_total_kwh - 100
    percent = int(share.to_integral_value(ROUND_HALF_UP))
    return {
        "tone": "more" if percent > 0 else "less" if percent < 0 else "same",
        "text": _change_in_words(percent, len(chart.days), speaker),
    }


def _change_in_words(percent: int, days: int, speaker: Speaker) -> str:
    said = speaker.percent(abs(percent))
    if percent > 0:
        return speaker.plural(
            "{percent} more than the day before",
            "{percent} more than the {n} days before",
            days,
            percent=said,
        )
    if percent < 0:
        return speaker.plural(
            "{percent} less than the day before",
            "{percent} less than the {n} days before",
            days,
            percent=said,
        )
    return speaker.plural("as much as the day before", "as much as the {n} days before", days)


def _grid(scale: Scale, speaker: Speaker) -> list[dict[str, object]]:
    return [
        {"height": scale.height(value), "text": _grid_text(value, speaker)}
        for value in scale.values()
    ]


def _grid_text(value: Decimal, speaker: Speaker) -> str:
    if value == value.to_integral_value():
        return speaker.count(int(value))
    return speaker.number(value)


def _average(chart: UsageChart, scale: Scale, speaker: Speaker) -> dict[str, object] | None:
    average = average_kwh(chart)
    if not average:
        return None
    shown = _energy_text(average, speaker)
    return {
        "height": scale.height(average),
        "text": speaker.text("average {energy} a day", energy=shown),
    }


def _energy_text(energy_kwh: Decimal, speaker: Speaker) -> str:
    return speaker.about(energy_kwh, _UNIT)


def _bars(chart: UsageChart, scale: Scale, speaker: Speaker) -> list[dict[str, object]]:
    words = _captions(chart, speaker)
    labelled = extremes(chart)
    return [
        {
            "height": None if day.energy_kwh is None else scale.height(day.energy_kwh),
            "today": day.on == chart.today_on,
            "caption": caption,
            "label": _label(day, chart, labelled, speaker),
            "recharged": day.recharged_paise > 0,
            "cuts": list(day.dark),
            "blank": not day.lived_in,
            "marked": _is_marked(day, chart),
        }
        for day, caption in zip(chart.days, words, strict=True)
    ]


def _is_marked(day: UsageDay, chart: UsageChart) -> bool:
    return chart.marked is not None and chart.marked[0] <= day.on <= chart.marked[1]


def _is_gap(day: UsageDay) -> bool:
    return day.energy_kwh is None and day.lived_in


def _label(
    day: UsageDay, chart: UsageChart, labelled: Sequence[UsageDay], speaker: Speaker
) -> str | None:
    if day.cost_paise is None or (day not in labelled and day.on != chart.today_on):
        return None
    return speaker.money(day.cost_paise, chart.currency)


def _captions(chart: UsageChart, speaker: Speaker) -> list[list[str]]:
    """Return the lines under each bar: weekday and day, or a date every week."""
    if len(chart.days) <= _DAYS_WITH_ROOM_FOR_WORDS:
        return [_day_caption(day, chart, speaker) for day in chart.days]
    last = len(chart.days) - 1
    return [
        [speaker.date(day.on)] if (last - index) % _DAYS_BETWEEN_DATES == 0 else []
        for index, day in enumerate(chart.days)
    ]


def _day_caption(day: UsageDay, chart: UsageChart, speaker: Speaker) -> list[str]:
    if day.on == chart.today_on:
        return [speaker.text("Today"), str(day.on.day)]
    return [speaker.weekday(day.on), str(day.on.day)]


def _legend(chart: UsageChart, speaker: Speaker) -> dict[str, str]:
    recharged_paise = sum(day.recharged_paise for day in chart.days)
    amount = speaker.money(recharged_paise, chart.currency)
    texts = {
        "recharged": (recharged_paise > 0, speaker.text("recharged {amount}", amount=amount)),
        "cut": (any(d.was_cut for d in chart.days), speaker.text("power was off")),
        "marked": (any(_is_marked(d, chart) for d in chart.days), speaker.text("questioned")),
        "missing": (any(_is_gap(day) for day in chart.days), speaker.text("no reading")),
    }
    return {sign: text for sign, (is_shown, text) in texts.items() if is_shown}
