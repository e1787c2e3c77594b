"""A line of a bill, as everybody who shows one says it. Rules 2.5 and 7.2."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.domain.service_kind import ServiceKind
from bot.i18n.markup import Safe, escape
from bot.i18n.service_names import service_name
from bot.i18n.share_words import share_lines
from bot.i18n.speaker import Speaker


def line_name(line: Mapping[str, Any], speaker: Speaker) -> Safe:
    """Return what a line is for."""
    said = _name(line, speaker)
    if line.get("share"):
        said = speaker.text("Shared: {name}", name=said)
    if line.get("of") is not None:
        return speaker.text("{name}, taken back from {number}", name=said, number=line["of"])
    return said


def line_note(
    line: Mapping[str, Any], currency: str, speaker: Speaker, *, names_meter: bool = True
) -> str | None:
    """Return by which price, or by which key, a line comes about."""
    share: Mapping[str, Any] | None = line.get("share")
    said: list[str] = []
    if share and "quantity" in line:
        said += share_lines(share, currency, speaker)
    elif line.get("meter") and names_meter:
        said.append(str(line["meter"]))
    if line.get("tariff"):
        said.append(str(speaker.text("Tariff “{name}”", name=line["tariff"])))
    return " · ".join(said) or None


def arithmetic(line: Mapping[str, Any], currency: str, speaker: Speaker) -> str | None:
    """Return quantity times rate, where a line is that; of a part of the whole its quantity."""
    if "quantity" not in line:
        return None
    quantity = speaker.quantity(Decimal(line["quantity"]), line["unit"])
    if line.get("share"):
        return quantity
    return f"{quantity} × {speaker.rate(Decimal(line['rate']), currency)}"


def _name(line: Mapping[str, Any], speaker: Speaker) -> Safe:
    match line["kind"]:
        case "energy":
            service = service_name(ServiceKind(line["service"]), speaker)
            if line.get("generator"):
                return speaker.text("{service}, generator", service=service)
            return service
        case "standing":
            return _standing(line, speaker)
        case "tax":
            return _typed(line["name"], speaker)
        case "share":
            return speaker.text("Share of common use")
        case "favour":
            return speaker.text("Given back before ({number})", number=line["name"])
        case _:
            said = line.get("reason") or line.get("name")
            if said:
                return _typed(speaker.reason(str(said)), speaker)
            return speaker.text("Adjustment")


def _standing(line: Mapping[str, Any], speaker: Speaker) -> Safe:
    standing = speaker.text("Standing charge")
    service = line.get("service")
    if service in {None, ServiceKind.ELECTRICITY.value}:
        return standing
    return Safe(f"{service_name(ServiceKind(service), speaker)}, {standing}")


def _typed(said: object, speaker: Speaker) -> Safe:
    """Return what a person has typed, as it may stand in the reader's medium."""
    return escape(said) if speaker.escapes else Safe(str(said))
