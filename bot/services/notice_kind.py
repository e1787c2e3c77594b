"""What unasked-for messages are about."""

from enum import Enum


class NoticeKind(Enum):
    """What an unasked-for message is about."""

    LOW = "low"
    LAST_WARNING = "last_warning"
    POWER = "power"
    PAYMENT = "payment"
    PAYMENT_REVERSED = "payment_reversed"
    ADJUSTMENT = "adjustment"
    STILL_DARK = "still_dark"
    DEVICE_OFFLINE = "device_offline"
    DEVICE_REPLACED = "device_replaced"
    DEVICE_TROUBLE = "device_trouble"
    INVOICE = "invoice"
    INVOICE_WAITS = "invoice_waits"
    READING_HELD = "reading_held"
    READING_FELL = "reading_fell"
    READING_UNUSUAL = "reading_unusual"
    UNUSUAL_USES = "unusual_uses"
    READING_OUTCOME = "reading_outcome"
    PRICE_MISSING = "price_missing"
    PRICE_CHANGED = "price_changed"
    TERMS_CHANGED = "terms_changed"
    INSPECTIONS = "inspections"
    READING_DUE = "reading_due"
    ROUND_DONE = "round_done"
    SWITCH_BY_HAND = "switch_by_hand"
    KEY_REJECTED = "key_rejected"
    UNREACHABLE = "unreachable"
