"""All tables in one place."""

from sqlalchemy import MetaData

from bot.db import (
    accounted,
    allocation,
    audit,
    chat,
    claim,
    device,
    dispute,
    entry,
    invoice_rows,
    job,
    lease,
    lease_tariff,
    metering,
    outbox,
    people,
    photo,
    place,
    reading,
    reading_round,
    recharge,
    request_budget,
    room_size,
    supply,
    tariff,
)
from bot.db.metadata import metadata

_SLICES = (
    allocation,
    accounted,
    audit,
    chat,
    claim,
    device,
    dispute,
    entry,
    invoice_rows,
    job,
    lease,
    lease_tariff,
    metering,
    outbox,
    people,
    photo,
    place,
    reading,
    reading_round,
    recharge,
    request_budget,
    room_size,
    supply,
    tariff,
)


def all_tables() -> MetaData:
    """Return the metadata with every slice's tables in it."""
    assert _SLICES
    return metadata
