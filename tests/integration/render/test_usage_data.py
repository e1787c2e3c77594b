"""What the usage picture says, in words and heights, before it is drawn."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import Catalogues
from bot.render.usage import average_kwh, extremes, usage_data
from bot.services.ports import UsageChart
from bot.services.usage_chart import marked_chart

from .charts import chart, day, month, week

CATALOGUES = Catalogues()


def said(drawn: UsageChart, language: str = "en") -> dict[str, Any]:
    return usage_data(drawn, CATALOGUES.speaker(language, ZoneInfo("UTC")).plain)


def test_the_title_tells_whose_and_how_much() -> None:
    data = said(week())

    assert data["owner"] == "Room 302 · Lakeside Apartments"
    assert data["period"] == "6 Nov – 12 Nov"
    assert (data["energy"], data["cost"]) == ("75.4 kWh", "₹490.10")


def test_the_title_tells_of_the_days_that_are_asked_about() -> None:
    week_on = week().days[0].on

    def asked(first: int, last: int) -> UsageChart:
        begin, end = week_on + timedelta(days=first), week_on + timedelta(days=last)
        return marked_chart(week(previous_total_kwh="60"), begin, end)

    data = said(asked(1, 2))
    assert data["period"] == "7 Nov – 8 Nov"
    assert (data["energy"], data["cost"], data["change"]) == ("22.0 kWh", "₹143.00", None)
    assert [bar["marked"] for bar in data["bars"]] == [False, True, True] + 4 * [False]
    assert said(asked(3, 3))["period"] == "9 Nov"


def test_days_without_a_reading_do_not_make_less_of_what_was_charged() -> None:
    days = week()
    gap = replace(days, days=(replace(days.days[0], energy_kwh=None), *days.days[1:]))
    begin, end = days.days[0].on, days.days[1].on

    assert said(marked_chart(gap, begin, end, charged_kwh=Decimal("23.5")))["energy"] == "23.5 kWh"
    whole = marked_chart(days, begin, end, charged_kwh=Decimal("23.5"))
    assert said(whole)["energy"] == said(marked_chart(days, begin, end))["energy"] != "23.5 kWh"


def test_energy_in_the_title_is_rounded_half_up() -> None:
    assert said(chart(day(0, "75.45")))["energy"] == "75.5 kWh"


def test_names_are_not_escaped_in_a_picture() -> None:
    assert said(chart(room="A & B", place="<C>"))["owner"] == "A & B · <C>"


@pytest.mark.parametrize(
    ("before", "tone", "english", "hindi"),
    [
        ("60", "more", "26% more than the 7 days before", "26% ज़्यादा"),
        ("100", "less", "25% less than the 7 days before", "25% कम"),
        ("75.4", "same", "as much as the 7 days before", "दिनों जितना ही"),
    ],
)
def test_the_difference_to_the_period_before_is_said(
    before: str, tone: str, english: str, hindi: str
) -> None:
    drawn = week(previous_total_kwh=before)

    assert said(drawn)["change"] == {"tone": tone, "text": english}
    assert said(drawn, "hi")["change"]["text"].endswith(hindi)


@pytest.mark.parametrize("before", [None, "0"])
def test_nothing_is_compared_with_an_unknown_or_empty_period(before: str | None) -> None:
    assert said(week(previous_total_kwh=before))["change"] is None


def test_the_extremes_and_today_tell_their_cost() -> None:
    labels = [bar["label"] for bar in said(week())["bars"]]

    assert labels == [None, "₹58.50", None, None, "₹91.00", None, "₹41.60"]


def test_an_unfinished_day_is_no_extreme() -> None:
    most, least = extremes(week())

    assert (most.energy_kwh, least.energy_kwh) == (Decimal(14), Decimal(9))


def test_a_day_without_use_is_no_extreme() -> None:
    assert [d.energy_kwh for d in extremes(chart(day(2, "0"), day(1, "5")))] == [Decimal(5)]


def test_a_day_whose_cost_is_unknown_has_no_label() -> None:
    unknown = chart(day(1, None), day(0, None))

    assert [bar["label"] for bar in said(unknown)["bars"]] == [None, None]


def test_the_average_leaves_out_today_and_gaps() -> None:
    drawn = chart(day(3, "10"), day(2, None), day(1, "5"), day(0, "1"))

    assert average_kwh(drawn) == Decimal("7.5")
    assert said(drawn)["average"]["text"] == "average 7.5 kWh a day"
    assert said(drawn)["average"]["height"] == 7500


def test_without_a_finished_day_there_is_no_average() -> None:
    assert said(chart(day(0, "5")))["average"] is None


def test_a_gap_has_no_height_and_no_use_has_height_zero() -> None:
    drawn = chart(day(2, None), day(1, "0"), day(0, "10"))

    assert [bar["height"] for bar in said(drawn)["bars"]] == [None, 0, 10_000]


def test_a_week_is_captioned_with_its_days() -> None:
    assert [bar["caption"] for bar in said(week())["bars"]][-2:] == [["Wed", "11"], ["Today", "12"]]
    assert said(week(), "hi")["bars"][0]["caption"] == ["शुक्र", "6"]


def test_a_month_is_captioned_once_a_week_back_from_today() -> None:
    captions = [bar["caption"] for bar in said(month())["bars"]]

    assert [caption[0] for caption in captions if caption] == [
        "15 Oct",
        "22 Oct",
        "29 Oct",
        "5 Nov",
        "12 Nov",
    ]


def test_days_before_the_lease_are_left_blank() -> None:
    data = said(chart(day(1, None, lived_in=False), day(0, "5")))

    assert [bar["blank"] for bar in data["bars"]] == [True, False]
    assert data["legend"] == {}


def test_the_legend_explains_only_what_is_drawn() -> None:
    assert said(week())["legend"] == {}
    assert said(month())["legend"] == {
        "recharged": "recharged ₹2,000.00",
        "cut": "power was off",
        "missing": "no reading",
    }
