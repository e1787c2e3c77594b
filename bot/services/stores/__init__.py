"""What the use cases ask of the store, slice by slice."""

from bot.services.stores.chat import Chats
from bot.services.stores.job import AuditTrail, JobSlots
from bot.services.stores.lease import Leases
from bot.services.stores.lease_tariff import LeaseTariffs
from bot.services.stores.ledger import Books, Ledger
from bot.services.stores.metering import Metering
from bot.services.stores.outbox import Outbox
from bot.services.stores.people import People
from bot.services.stores.place import Places
from bot.services.stores.supply import Supplies
from bot.services.stores.tariff import Tariffs
from bot.services.stores.unit import Unit

__all__ = [
    "AuditTrail",
    "Books",
    "Chats",
    "JobSlots",
    "LeaseTariffs",
    "Leases",
    "Ledger",
    "Metering",
    "Outbox",
    "People",
    "Places",
    "Supplies",
    "Tariffs",
    "Unit",
]
