"""How money came."""

from bot.i18n.markup import Safe
from bot.i18n.speaker import Speaker


def method_text(method: str, speaker: Speaker) -> Safe:
    """Return what a way to pay is called; nothing for one that has no name."""
    names = {
        "upi": speaker.text("UPI"),
        "cash": speaker.text("cash"),
        "bank": speaker.text("bank transfer"),
        "gateway": speaker.text("online payment"),
    }
    return names.get(method, Safe(""))
