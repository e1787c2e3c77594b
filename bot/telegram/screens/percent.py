"""Parts of a whole, as people say them."""

from decimal import Decimal
from fractions import Fraction

from bot.i18n import Speaker


def share_text(share_ppm: int, speaker: Speaker) -> str:
    """Return millionths in percent, to the last digit: 333333 is 33.3333%."""
    return speaker.percent(Decimal(share_ppm).scaleb(-4).normalize())


def part_text(part: Fraction, speaker: Speaker) -> str:
    """Return a part in percent, to the nearest millionth."""
    return share_text(round(part * 1_000_000), speaker)
