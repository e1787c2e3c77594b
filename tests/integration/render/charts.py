"""Charts to draw: a finished week or month, with whatever a test wants to be different."""

from datetime import date, timedelta
from decimal import Decimal

from bot.services.ports import UsageChart, UsageDay

TODAY = date(2026, 11, 12)


def day(
    days_ago: int,
    energy_kwh: str | None,
    *,
    cost_paise: int | None = None,
    recharged_paise: int = 0,
    was_cut: bool = False,
    lived_in: bool = True,
) -> UsageDay:
    """Return a day; without a cost given it costs ₹6.50 per kWh."""
    energy = None if energy_kwh is None else Decimal(energy_kwh)
    if cost_paise is None and energy is not None:
        cost_paise = int(energy * 650)
    return UsageDay(
        on=TODAY - timedelta(days=days_ago),
        energy_kwh=energy,
        cost_paise=cost_paise,
        recharged_paise=recharged_paise,
        dark=((0, 10_000),) if was_cut else (),
        lived_in=lived_in,
    )


def chart(
    *days: UsageDay,
    room: str = "Room 302",
    place: str = "Lakeside Apartments",
    previous_total_kwh: str | None = None,
) -> UsageChart:
    """Return the chart of the days, with their sums as totals."""
    return UsageChart(
        room=room,
        place=place,
        currency="INR",
        days=days,
        today_on=TODAY,
        total_kwh=sum((d.energy_kwh or Decimal(0) for d in days), Decimal(0)),
        total_paise=sum(d.cost_paise or 0 for d in days),
        previous_total_kwh=None if previous_total_kwh is None else Decimal(previous_total_kwh),
    )


def week(*, previous_total_kwh: str | None = None) -> UsageChart:
    """Return a week of 12, 9, 13, 10, 14, 11 and, so far today, 6.4 kWh."""
    energies = ("12", "9", "13", "10", "14", "11", "6.4")
    days = (day(6 - index, energy) for index, energy in enumerate(energies))
    return chart(*days, previous_total_kwh=previous_total_kwh)


def month() -> UsageChart:
    """Return thirty days with a cut, a recharge, a gap and a day without use."""
    odd = {
        11: day(11, "3", was_cut=True),
        10: day(10, "2", was_cut=True, recharged_paise=200_000),
        20: day(20, None),
        25: day(25, "0"),
    }
    return chart(*(odd.get(ago, day(ago, f"{8 + ago % 5}")) for ago in range(29, -1, -1)))
