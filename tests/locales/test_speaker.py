"""How numbers, money, times and texts are said, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import N_, Catalogues, LanguageUnknown, Safe, Speaker, escape

KOLKATA = ZoneInfo("Asia/Kolkata")
CATALOGUES = Catalogues()
LATE = datetime(2026, 11, 12, 18, 29, 41, tzinfo=UTC)
NOVEMBER_12 = date(2026, 11, 12)

both = pytest.mark.parametrize("language", ["en", "hi"])


def speaker(language: str = "en", zone: ZoneInfo = KOLKATA) -> Speaker:
    return CATALOGUES.speaker(language, zone)


@both
@pytest.mark.parametrize(
    ("paise", "said"),
    [
        (12345678, "₹1,23,456.78"),
        (-7670, "−₹76.70"),
        (0, "₹0.00"),
        (5, "₹0.05"),
        (1234567890123456789, "₹12,34,56,78,90,12,34,567.89"),
    ],
)
def test_money_is_grouped_by_lakhs(language: str, paise: int, said: str) -> None:
    assert speaker(language).money(paise) == said


def test_money_of_another_currency_has_its_own_decimals() -> None:
    assert speaker().money(123456, "USD") == "$1,234.56"
    assert speaker().money(1234, "JPY") == "JP¥1,234"


@both
@pytest.mark.parametrize(
    ("rate_paise", "said"),
    [("650", "₹6.50"), ("650.5", "₹6.505"), ("650.55", "₹6.5055"), ("0", "₹0.00")],
)
def test_a_rate_is_said_to_its_fraction(language: str, rate_paise: str, said: str) -> None:
    assert speaker(language).rate(Decimal(rate_paise)) == said


def test_a_rate_of_another_currency_is_exact() -> None:
    assert speaker().rate(Decimal("12.34"), "USD") == "$0.1234"


@both
@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("11.800", "kWh", "11.8 kWh"),
        ("1450", "kWh", "1,450.0 kWh"),
        ("123456.125", "kWh", "1,23,456.125 kWh"),
        ("12.30", "m³", "12.3 m³"),
        ("640.4", "W", "640 W"),
        ("-0.5", "kWh", "−0.5 kWh"),
    ],
)
def test_a_quantity_has_its_unit_and_no_idle_zeros(
    language: str, value: str, unit: str, said: str
) -> None:
    assert speaker(language).quantity(Decimal(value), unit) == said


def test_saying_a_quantity_does_not_change_how_the_next_is_said() -> None:
    assert speaker().number(Decimal(1450)) == "1,450.0"
    assert speaker().count(1450) == "1,450"


def test_percent_keeps_its_fraction() -> None:
    assert speaker().percent(18) == "18%"
    assert speaker().percent(Decimal("-4.5")) == "−4.5%"


def test_days_and_times_are_those_of_the_zone() -> None:
    assert speaker().day_and_time(LATE) == "12 Nov · 23:59"
    assert speaker().clock_time(LATE) == "23:59:41"
    assert speaker(zone=ZoneInfo("Asia/Tokyo")).day_and_time(LATE) == "13 Nov · 03:29"


def test_dates_are_said_in_english() -> None:
    assert speaker().date(NOVEMBER_12) == "12 Nov"
    assert speaker().full_date(NOVEMBER_12) == "12 Nov 2026"
    assert speaker().month(NOVEMBER_12) == "November"


def test_dates_are_said_in_hindi_with_latin_digits() -> None:
    assert speaker("hi").date(NOVEMBER_12) == "12 नव॰"
    assert speaker("hi").full_date(NOVEMBER_12) == "12 नव॰ 2026"
    assert speaker("hi").month(NOVEMBER_12) == "नवंबर"


@pytest.mark.parametrize(
    ("span", "english", "hindi"),
    [
        (timedelta(seconds=-3), "0 seconds", "0 सेकंड"),
        (timedelta(seconds=1), "1 second", "1 सेकंड"),
        (timedelta(seconds=59, milliseconds=900), "59 seconds", "59 सेकंड"),
        (timedelta(minutes=6, seconds=20), "6 min", "6 मिनट"),
        (timedelta(hours=5), "5 h", "5 घंटे"),
        (timedelta(days=3, hours=20), "3 days", "3 दिन"),
    ],
)
def test_a_duration_is_said_in_its_largest_unit(span: timedelta, english: str, hindi: str) -> None:
    assert speaker().duration(span) == english
    assert speaker("hi").duration(span) == hindi


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (Decimal("6.58"), "7 days"),
        (Decimal("0.55"), "13 h"),
        (Decimal("0.01"), "1 h"),
        (1234, "1,234 days"),
    ],
)
def test_days_are_said_to_the_nearest(days: int | Decimal, said: str) -> None:
    assert speaker().days(days) == said


def test_values_are_escaped() -> None:
    said = speaker().text("<b>{room}</b>", room='<A & "B">')

    assert said == "<b>&lt;A &amp; &quot;B&quot;&gt;</b>"


def test_a_text_inside_a_text_is_escaped_once() -> None:
    inner = speaker().text("{room}", room="A & B")

    assert speaker().text("<i>{inner}</i>", inner=inner) == "<i>A &amp; B</i>"


def test_braces_in_a_value_stay() -> None:
    assert speaker().text("{room}", room="{zone}") == "{zone}"


def test_plain_text_is_not_escaped() -> None:
    assert speaker().plain.text("{room}", room="A & B") == "A & B"


def test_safe_text_is_put_in_as_it_stands() -> None:
    assert speaker().text("{link}", link=Safe("<a>")) == "<a>"
    assert escape(escape("&")) == "&amp;"


def test_a_count_chooses_the_form() -> None:
    assert speaker().plural("{n} day", "{n} days", 1) == "1 day"
    assert speaker().plural("{n} day", "{n} days", 2500) == "2,500 days"
    assert speaker("hi").plural("{n} day", "{n} days", 2500) == "2,500 दिन"


def test_a_marked_text_is_translated_when_it_is_said() -> None:
    assert speaker("hi").text(N_("{hours} h"), hours=2) == "2 घंटे"


def test_languages_are_named_by_their_speakers() -> None:
    names = {language.code: language.own_name for language in CATALOGUES.languages()}

    assert next(iter(names)) == "en"
    assert (names["en"], names["hi"]) == ("English", "हिन्दी")


@pytest.mark.parametrize(
    ("reported", "spoken"),
    [("hi", "hi"), ("hi-IN", "hi"), ("EN_us", "en"), ("xx", "hi"), (None, "hi"), ("", "hi")],
)
def test_the_language_of_a_phone_is_matched(reported: str | None, spoken: str) -> None:
    assert CATALOGUES.match(reported, "hi") == spoken


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(LanguageUnknown) as refused:
        speaker("xx")

    assert refused.value.language == "xx"
