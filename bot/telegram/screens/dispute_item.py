"""What a question is about, in a line."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.dispute import ItemKind
from bot.domain.invoice import DocumentKind
from bot.domain.ledger import EntryKind
from bot.domain.service_kind import ServiceKind
from bot.i18n import N_, Safe, Speaker
from bot.i18n.service_names import service_name
from bot.telegram.screens.html import line

_ALERTS = {
    "low": N_("Low balance"),
    "last_warning": N_("Last warning"),
    "power": N_("Power switched"),
}
_ENTRIES = {
    EntryKind.DEDUCTION: N_("Use"),
    EntryKind.SHARE: N_("Share of common use"),
    EntryKind.PAYMENT: N_("Payment"),
    EntryKind.ADJUSTMENT: N_("Adjustment"),
    EntryKind.OPENING: N_("Opening balance"),
    EntryKind.REVERSAL: N_("Taken back"),
}


def item_text(facts: Mapping[str, Any], currency: str, speaker: Speaker) -> Safe:
    """Return what it is, of when, and how much."""
    day = speaker.day_and_time(datetime.fromisoformat(facts["at"]))
    match ItemKind(facts["item"]):
        case ItemKind.ENTRY:
            amount = speaker.money(facts["amount_paise"], currency)
            return line(_entry(facts, speaker), day, amount)
        case ItemKind.INVOICE:
            amount = speaker.money(facts["amount_paise"], currency)
            return line(_document(facts, speaker), amount)
        case ItemKind.READING:
            value = speaker.quantity(Decimal(facts["value"]), facts.get("unit") or "")
            return line(speaker.text("Reading {value}", value=value), day)
        case ItemKind.ALERT:
            said = _ALERTS[facts["alert"]]
            return line(speaker.text(said), day)


def _entry(facts: Mapping[str, Any], speaker: Speaker) -> Safe:
    service, kind = facts.get("service"), EntryKind(facts["entry_kind"])
    if kind is EntryKind.DEDUCTION and service not in {None, ServiceKind.ELECTRICITY.value}:
        return service_name(ServiceKind(service), speaker)
    return speaker.text(_ENTRIES[kind])


def _document(facts: Mapping[str, Any], speaker: Speaker) -> Safe:
    number = facts["number"]
    if facts["document"] == DocumentKind.CREDIT_NOTE.value:
        return speaker.text("Credit note {number}", number=number)
    return speaker.text("Bill {number}", number=number)
