"""A version's terms as plain values, as they are stored and put on record."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax

BEGINNING_ON = date(2000, 1, 1)
"""Since when a new tariff says what it says: before any lease."""


def terms_facts(version: TariffVersion) -> dict[str, Any]:
    """Return all that a version says of prices, as JSON values."""
    standing, generator = version.standing, version.generator_rate_paise
    return {
        "slabs": [
            [None if slab.up_to is None else str(slab.up_to), str(slab.rate_paise)]
            for slab in version.slabs
        ],
        "generator_rate_paise": None if generator is None else str(generator),
        "standing": standing and [standing.amount_paise, standing.per.value],
        "taxes": [[tax.name, str(tax.percent)] for tax in version.taxes],
    }


def version_from(terms: Mapping[str, Any], *, version_id: int, from_on: date) -> TariffVersion:
    """Return the version that says these terms."""
    standing, generator = terms["standing"], terms["generator_rate_paise"]
    return TariffVersion(
        id=version_id,
        from_on=from_on,
        slabs=tuple(
            Slab(up_to=None if up_to is None else Decimal(up_to), rate_paise=Decimal(rate))
            for up_to, rate in terms["slabs"]
        ),
        generator_rate_paise=None if generator is None else Decimal(generator),
        standing=standing
        and StandingCharge(amount_paise=standing[0], per=StandingPer(standing[1])),
        taxes=tuple(Tax(name=name, percent=Decimal(percent)) for name, percent in terms["taxes"]),
    )
