"""How one locale writes numbers, money and dates. Decimals in, text out, never a float."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.localedata import exists
from babel.numbers import (
    NumberPattern,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    parse_pattern,
)

MINUS = "\N{MINUS SIGN}"
THOUSANDTH = Decimal("0.001")

# Several Indian locales lose the grouping by lakhs in CLDR's own pattern for currencies.
_RUPEES = parse_pattern("¤#,##,##0.00")
_RUPEES_EXACT = parse_pattern("¤#,##,##0.00##")


def locale_of(language: str) -> Locale:
    """Return the Indian variety of a language where there is one, else the language itself."""
    indian = f"{language}_IN"
    return Locale.parse(indian if exists(indian) else language)


def count_text(value: int, locale: Locale) -> str:
    """Return a whole number, grouped."""
    return _signed(Decimal(value), format_decimal(abs(value), locale=locale))


def decimal_text(value: Decimal, locale: Locale, *, decimals_at_least: int = 1) -> str:
    """Return a number to the thousandth, without idle zeros beyond `decimals_at_least`."""
    exact = abs(value).quantize(THOUSANDTH, ROUND_HALF_UP)
    pattern = parse_pattern(locale.decimal_formats[None].pattern)
    pattern.frac_prec = (decimals_at_least, 3)
    return _signed(value, pattern.apply(exact, locale))


def money_text(minor_units: int, currency: str, locale: Locale) -> str:
    """Return an amount of money given in minor units (paise)."""
    amount = Decimal(abs(minor_units)).scaleb(-get_currency_precision(currency))
    if currency == "INR":
        text = format_currency(amount, currency, _RUPEES, locale=locale, currency_digits=False)
    else:
        text = format_currency(amount, currency, locale=locale)
    return _signed(Decimal(minor_units), text)


def rate_text(minor_units: Decimal, currency: str, locale: Locale) -> str:
    """Return a rate given in minor units per unit, with up to four decimals of the major unit."""
    rate = abs(minor_units).scaleb(-get_currency_precision(currency))
    text = format_currency(
        rate, currency, _exact_pattern(currency, locale), locale=locale, currency_digits=False
    )
    return _signed(minor_units, text)


def percent_text(value: Decimal, locale: Locale) -> str:
    """Return a number of percent: 18 is 18%."""
    text = format_percent(abs(value) / 100, locale=locale, decimal_quantization=False)
    return _signed(value, text)


def day_text(on: date, locale: Locale) -> str:
    """Return the day and the short month."""
    return format_skeleton("MMMd", _midnight(on), locale=locale)


def full_day_text(on: date, locale: Locale) -> str:
    """Return the day, the short month and the year."""
    return format_skeleton("yMMMd", _midnight(on), locale=locale)


def days_text(first_on: date, last_on: date, locale: Locale) -> str:
    """Return the first and the last of some days, with short months."""
    return format_interval(first_on, last_on, "MMMd", locale=locale)


def weekday_text(on: date, locale: Locale) -> str:
    """Return the short name of the day of the week."""
    return format_date(on, "ccc", locale=locale)


def month_text(on: date, locale: Locale) -> str:
    """Return the name of the month standing alone."""
    return format_date(on, "LLLL", locale=locale)


def month_of_year_text(on: date, locale: Locale) -> str:
    """Return the month and the year."""
    return format_skeleton("yMMMM", _midnight(on), locale=locale)


def _exact_pattern(currency: str, locale: Locale) -> NumberPattern:
    if currency == "INR":
        return _RUPEES_EXACT
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (get_currency_precision(currency), 4)
    return pattern


def _signed(value: Decimal, text_of_magnitude: str) -> str:
    return MINUS + text_of_magnitude if value < 0 else text_of_magnitude


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day)  # noqa: DTZ001 - a calendar day has no zone
