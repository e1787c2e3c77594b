"""References of payments: written in one way, and never twice. Rule 9.1."""

import unicodedata
from zoneinfo import ZoneInfo

from bot.domain.ledger import PaymentMethod
from bot.services.store import BookedEntry
from bot.services.stores import Unit

MAX_REFERENCE_LENGTH = 64


class BadReference(ValueError):
    """A payment reference has 1 to 64 printable characters."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


class DuplicateReference(Exception):
    """A payment with this reference and method is in the books already. Rule 9.1.

    `zone` and `currency` are those of the place in which it is.
    """

    def __init__(self, *, entry: BookedEntry, room: str, currency: str, zone: ZoneInfo) -> None:
        super().__init__(entry.id, room)
        self.entry = entry
        self.room = room
        self.currency = currency
        self.zone = zone


def clean_reference(reference: str) -> str:
    """Return a reference as it is compared: one case, no spaces, nothing that cannot be seen.

    Dashes between digits only group them, like spaces; with letters they are part of it.
    Raises BadReference.
    """
    plain = unicodedata.normalize("NFKC", reference)
    seen = (each for each in plain if unicodedata.category(each) != "Cf")
    bare = "".join("".join(seen).split()).upper()
    digits = "".join(each for each in bare if unicodedata.category(each) != "Pd")
    bare = digits if digits.isdigit() else bare
    if not bare or len(bare) > MAX_REFERENCE_LENGTH or not bare.isprintable():
        raise BadReference(reference)
    return bare


async def refuse_known_reference(unit: Unit, method: PaymentMethod, reference: str | None) -> None:
    """Raises DuplicateReference when a payment by this method has the reference. Rule 9.1."""
    known = None
    if reference is not None:
        known = await unit.ledger.find_reference(method, reference)
    if known is None:
        return
    book = await unit.books.look(known.lease_id, now=known.recorded_at)
    if book is None:
        raise LookupError(known.lease_id)
    raise DuplicateReference(
        entry=known, room=book.room.name, currency=book.place.currency, zone=book.place.zone
    )
