"""Facts for screens, as the services hand them over."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.lease import BillingMode
from bot.domain.supply import SupplyReason
from bot.domain.warning import Forecast
from bot.i18n import Catalogues, Speaker
from bot.services.home_card import Freshness, HomeCard, Power
from bot.services.home_day import Spent
from bot.telegram.screen import Screen

KOLKATA = ZoneInfo("Asia/Kolkata")
CATALOGUES = Catalogues()
NOW = datetime(2026, 11, 12, 13, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 11, 18, 30, tzinfo=UTC)
NOVEMBER = datetime(2026, 10, 31, 18, 30, tzinfo=UTC)


def speaker(language: str = "en") -> Speaker:
    """Return a reader in the building's zone."""
    return CATALOGUES.speaker(language, KOLKATA)


def card(**changes: Any) -> HomeCard:
    """Return the card of the design's example, changed."""
    facts: dict[str, Any] = {
        "lease_id": 7,
        "room": "Room #302",
        "place": "Lakeside Apartments",
        "currency": "INR",
        "zone": KOLKATA,
        "mode": BillingMode.PREPAID,
        "balance_paise": 128_450,
        "cut_off_paise": 10_000,
        "low_balance_paise": 50_000,
        "forecast": Forecast(lasts=timedelta(days=16), daily_cost_paise=7_400),
        "today": Spent(since_at=MIDNIGHT, energy_kwh=Decimal("6.4"), cost_paise=4_160),
        "month": Spent(since_at=NOVEMBER, energy_kwh=Decimal("118.2"), cost_paise=76_830),
        "today_on": date(2026, 11, 12),
        "usual_paise": 72_000,
        "power": Power.ON,
        "power_reason": SupplyReason.IN_ORDER,
        "power_w": Decimal(640),
        "read_at": NOW,
        "freshness": Freshness.LIVE,
        "has_ended": False,
    }
    return HomeCard(**{**facts, **changes})


def labels(screen: Screen) -> list[str]:
    """Return what the buttons say, in reading order."""
    return [button.label for row in screen.buttons for button in row]
