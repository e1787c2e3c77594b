"""What was given back before, as everybody who counts it says it. Rules 2.5 and 3.8."""

from collections.abc import Mapping
from typing import Any

from bot.i18n.markup import Safe
from bot.i18n.speaker import Speaker
from bot.services.store import BookedEntry


def source_text(dispute: str | None, credit_note: str | None, speaker: Speaker) -> Safe:
    """Return by what something was given back."""
    if dispute is not None:
        return speaker.text("question {number}", number=dispute)
    return speaker.text("credit note {number}", number=credit_note or "")


def given_before(
    paise: int, dispute: str | None, credit_note: str | None, currency: str, speaker: Speaker
) -> Safe:
    """Return what of a correction was given back before, or holds again with a charge that rose."""
    amount = speaker.money(abs(paise), currency)
    source = source_text(dispute, credit_note, speaker)
    if paise < 0:
        return speaker.text(
            "{amount} given back before holds again ({source})", amount=amount, source=source
        )
    return speaker.text(
        "{amount} of it was given back before ({source})", amount=amount, source=source
    )


def favour_change(entry: BookedEntry, currency: str, speaker: Speaker) -> Safe | None:
    """Return why an entry counts what was given back before; None for every other one."""
    why: Mapping[str, Any] = entry.why
    if "favour" not in why:
        return None
    said = {
        "given": speaker.money(why["given_paise"], currency),
        "source": source_text(why["dispute"], why["credit_note"], speaker),
        "amount": speaker.money(abs(entry.tenant_paise), currency),
    }
    if entry.tenant_paise > 0:
        return speaker.text(
            "{given} was given back before ({source}). The charge has risen again, so {amount} of "
            "it holds again.",
            **said,
        )
    return speaker.text(
        "{given} was given back before ({source}). The charge itself has now come down, so "
        "{amount} of it counts towards that.",
        **said,
    )
