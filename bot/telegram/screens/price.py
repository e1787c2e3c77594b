"""How prices are said: of a unit, by slabs, whatever the use, and on top."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bot.domain.service_kind import ELECTRIC, Medium
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax
from bot.i18n import Safe, Speaker
from bot.services.tariff_example import example_units
from bot.telegram.screens.html import line

UNIT = "kWh"
"""What people call a unit, and what is said as one."""


def price_brief(version: TariffVersion, currency: str, speaker: Speaker, *, unit: str) -> Safe:
    """Return all that a version says, in one line."""
    taxes = (tax_text(tax, speaker) for tax in version.taxes)
    standing = version.standing
    extras = [] if standing is None else [standing_text(standing, currency, speaker)]
    price = unit_price(version.slabs, currency, speaker, unit=unit)
    return line(price, *extras, *taxes, between=" + ")


def unit_price(slabs: tuple[Slab, ...], currency: str, speaker: Speaker, *, unit: str) -> Safe:
    """Return what a unit costs; of slabs the lowest and the highest price."""
    rates = sorted(slab.rate_paise for slab in slabs)
    low = speaker.rate(rates[0], currency)
    if rates[0] == rates[-1]:
        return _of_unit(low, unit, speaker)
    high = speaker.rate(rates[-1], currency)
    if unit == UNIT:
        return speaker.text("{low} to {high} a unit", low=low, high=high)
    return speaker.text("{low} to {high}", low=low, high=f"{high}/{unit}")


def _of_unit(rate: str, unit: str, speaker: Speaker) -> Safe:
    if unit == UNIT:
        return speaker.text("{rate} a unit", rate=rate)
    return Safe(f"{rate}/{unit}")


def month_with(cost: object, medium: Medium, speaker: Speaker) -> Safe:
    """Return what the month costs by which prices are held against each other."""
    used = speaker.count(int(example_units(medium)))
    if medium == ELECTRIC:
        return speaker.text("A month with {n} units: {cost}", n=used, cost=cost)
    return speaker.text("A month with {used}: {cost}", used=f"{used} {medium.unit}", cost=cost)


def price_lines(
    version: TariffVersion, currency: str, speaker: Speaker, *, unit: str
) -> Iterator[Safe]:
    """Yield all that a version says, a line each; slabs as a small table."""
    yield from slab_lines(version.slabs, currency, speaker, unit=unit)
    if version.standing is not None:
        said = standing_text(version.standing, currency, speaker)
        yield speaker.text("Standing charge {amount}", amount=said)
    if version.generator_rate_paise is not None:
        rate = speaker.rate(version.generator_rate_paise, currency)
        yield speaker.text("Generator {rate} a unit", rate=rate)
    if version.taxes:
        yield line(*(tax_text(tax, speaker) for tax in version.taxes), between=", ")


def slab_lines(
    slabs: tuple[Slab, ...], currency: str, speaker: Speaker, *, unit: str
) -> Iterator[Safe]:
    """Yield a line per slab, or the one price."""
    if len(slabs) == 1:
        yield _of_unit(speaker.rate(slabs[0].rate_paise, currency), unit, speaker)
        return
    low = Decimal(0)
    for slab in slabs:
        rate = speaker.rate(slab.rate_paise, currency)
        if slab.up_to is None:
            above = _units(low, speaker) if unit == UNIT else f"{_units(low, speaker)} {unit}"
            yield speaker.text("above {low}:  {rate}", low=above, rate=rate)
        else:
            span = f"{_units(low, speaker)}–{_units(slab.up_to, speaker)}"
            said = speaker.text("{span} units:  {rate}", span=span, rate=rate)
            yield said if unit == UNIT else Safe(f"{span} {unit}:  {rate}")
            low = slab.up_to


def standing_text(standing: StandingCharge, currency: str, speaker: Speaker) -> Safe:
    """Return what is charged whatever the use."""
    amount = speaker.money(standing.amount_paise, currency)
    if standing.per is StandingPer.DAY:
        return speaker.text("{amount} a day", amount=amount)
    return speaker.text("{amount} a month", amount=amount)


def tax_text(tax: Tax, speaker: Speaker) -> Safe:
    """Return a tax with its percentage."""
    return line(tax.name, speaker.percent(tax.percent), between=" ")


def standing_or_none(standing: StandingCharge | None, currency: str, speaker: Speaker) -> Safe:
    """Return a standing charge, or that there is none."""
    if standing is None:
        return speaker.text("none")
    return standing_text(standing, currency, speaker)


def taxes_or_none(taxes: tuple[Tax, ...], speaker: Speaker) -> Safe:
    """Return taxes, or that there are none."""
    if not taxes:
        return speaker.text("none")
    return line(*(tax_text(tax, speaker) for tax in taxes), between=", ")


def day_text(on: date, speaker: Speaker, *, today_on: date) -> str:
    """Return a day, with its year where that is not this one."""
    return speaker.date(on) if on.year == today_on.year else speaker.full_date(on)


def _units(value: Decimal, speaker: Speaker) -> str:
    whole = value.to_integral_value()
    return speaker.count(int(whole)) if whole == value else speaker.number(value)
