"""One reader: how texts, money, quantities and times are said to them."""

import datetime as dt
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale

from bot.i18n import formats
from bot.i18n.markup import Safe, escape

_ONE_DAY = timedelta(days=1)
_ONE_HOUR = timedelta(hours=1)
_ONE_MINUTE = timedelta(minutes=1)
_TENTH = Decimal("0.1")
_UNITS_SHOWN_WHOLE = frozenset({"W"})


def N_(message: str) -> str:  # noqa: N802 - the name that extraction tools know
    """Mark a text for translation where it is written, to be said by a Speaker later."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One reader's language and time zone. Messages are English texts from the catalogue."""

    language: str
    zone: ZoneInfo
    locale: Locale
    translations: NullTranslations
    escapes: bool = True

    @property
    def plain(self) -> "Speaker":
        """The same reader where HTML is not understood: buttons, alerts, pictures, files."""
        return replace(self, escapes=False)

    def text(self, message: str, **values: object) -> Safe:
        """Return the message in the reader's language with its `{placeholders}` filled.

        Values are escaped for HTML unless they are Safe; what `text` returns is Safe, so one
        text can be put into another.
        """
        return self._filled(self.translations.gettext(message), values)

    def plural(self, one: str, many: str, n: int, **values: object) -> Safe:
        """Return the form of the message that fits `n`, which is also `{n}`, grouped."""
        message = self.translations.ngettext(one, many, n)
        return self._filled(message, {"n": self.count(n), **values})

    def reason(self, said: str) -> str:
        """Return a reason that somebody gave: one of a button in the reader's language.

        What a button offers is kept as the catalogues know it; what was typed stays as it is.
        """
        return self.translations.gettext(said) if said else said

    def money(self, paise: int, currency: str = "INR") -> str:
        """Return an amount given in minor units: ₹1,23,456.78, or −₹76.70."""
        return formats.money_text(paise, currency, self.locale)

    def rate(self, rate_paise: Decimal, currency: str = "INR") -> str:
        """Return a price per unit given in minor units, to the fraction: ₹6.50, ₹6.505."""
        return formats.rate_text(rate_paise, currency, self.locale)

    def quantity(self, value: Decimal, unit: str, *, decimals: int = 1) -> str:
        """Return a measured value with its unit: 11.8 kWh; watts are shown whole."""
        if unit in _UNITS_SHOWN_WHOLE:
            return f"{self.count(int(value.to_integral_value(ROUND_HALF_UP)))} {unit}"
        return f"{self.number(value, decimals=decimals)} {unit}"

    def about(self, value: Decimal, unit: str) -> str:
        """Return a sum of measured values to one decimal, which is all that a card needs."""
        return self.quantity(value.quantize(_TENTH, ROUND_HALF_UP), unit)

    def number(self, value: Decimal, *, decimals: int = 1) -> str:
        """Return a value as a meter shows it: with its decimals, at most three: 1,450.0."""
        return formats.decimal_text(value, self.locale, decimals_at_least=decimals)

    def count(self, value: int) -> str:
        """Return a whole number, grouped."""
        return formats.count_text(value, self.locale)

    def percent(self, value: Decimal | int) -> str:
        """Return a number of percent: 18 is said as 18%."""
        return formats.percent_text(Decimal(value), self.locale)

    def date(self, on: dt.date) -> str:
        """Return day and month: 12 Nov."""
        return formats.day_text(on, self.locale)

    def full_date(self, on: dt.date) -> str:
        """Return day, month and year: 12 Nov 2026."""
        return formats.full_day_text(on, self.locale)

    def dates(self, first_on: dt.date, last_on: dt.date) -> str:
        """Return some days in a row: 6–30 Nov."""
        return formats.days_text(first_on, last_on, self.locale)

    def weekday(self, on: dt.date) -> str:
        """Return the short name of the day of the week: Thu."""
        return formats.weekday_text(on, self.locale)

    def month(self, on: dt.date) -> str:
        """Return the name of the month: November."""
        return formats.month_text(on, self.locale)

    def month_of_year(self, on: dt.date) -> str:
        """Return the month and its year: November 2026."""
        return formats.month_of_year_text(on, self.locale)

    def time(self, at: datetime) -> str:
        """Return hours and minutes in the reader's zone: 23:59."""
        return at.astimezone(self.zone).strftime("%H:%M")

    def clock_time(self, at: datetime) -> str:
        """Return the time to the second in the reader's zone: 23:59:41."""
        return at.astimezone(self.zone).strftime("%H:%M:%S")

    def day_and_time(self, at: datetime) -> str:
        """Return the day and the time in the reader's zone: 12 Nov · 23:59."""
        return f"{self.date(at.astimezone(self.zone).date())} · {self.time(at)}"

    def duration(self, span: timedelta) -> str:
        """Return the span in its largest whole unit: 9 seconds, 6 min, 5 h, 3 days."""
        if span >= _ONE_DAY:
            return self.days(span // _ONE_DAY)
        if span >= _ONE_HOUR:
            return self.text("{hours} h", hours=span // _ONE_HOUR)
        if span >= _ONE_MINUTE:
            return self.text("{minutes} min", minutes=span // _ONE_MINUTE)
        seconds = max(span, timedelta()) // timedelta(seconds=1)
        return self.plural("{n} second", "{n} seconds", seconds)

    def days(self, n: int | Decimal) -> str:
        """Return a number of days, to the nearest; part of a single day is said in hours."""
        if isinstance(n, Decimal) and 0 < n < 1:
            return self.duration(max(timedelta(hours=int(n * 24)), _ONE_HOUR))
        return self.plural("{n} day", "{n} days", int(Decimal(n).to_integral_value(ROUND_HALF_UP)))

    def _filled(self, message: str, values: dict[str, object]) -> Safe:
        if self.escapes:
            values = {name: escape(value) for name, value in values.items()}
        return Safe(message.format(**values))
