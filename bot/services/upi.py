"""Where tenants pay to, and the link that carries an amount there."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from bot.domain.money import rupees_from_paise


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """A UPI address, and the name that a payer's app shows beside it."""

    upi_id: str
    name: str


UPI_CURRENCY = "INR"
MOST_NOTE = 50
_UNUSABLE = re.compile(r"[^\w.-]+|_+")


def payee_in(payee: Payee | None, currency: str) -> Payee | None:
    """Return to whom an amount of a currency is paid: UPI knows rupees alone."""
    return payee if currency == UPI_CURRENCY else None


def room_note(room: str, place: str) -> str:
    """Return a note by which staff find the room: plain, and no longer than banks pass on."""
    return _UNUSABLE.sub(" ", f"{room} {place}").strip()[:MOST_NOTE].strip()


def upi_link(payee: Payee, *, amount_paise: int, note: str) -> str:
    """Return what a QR code holds for a phone to pay an amount in rupees.

    The note comes back on the bank's statement.
    """
    values = {
        "pa": payee.upi_id,
        "pn": payee.name,
        "am": f"{rupees_from_paise(amount_paise):f}",
        "cu": UPI_CURRENCY,
        "tn": note,
    }
    return "upi://pay?" + "&".join(
        f"{name}={quote(each, safe='@')}" for name, each in values.items()
    )
