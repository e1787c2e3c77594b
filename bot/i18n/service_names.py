"""How what a building is served with is called."""

from collections.abc import Mapping
from enum import Enum

from bot.domain.service_kind import Medium, ServiceKind
from bot.i18n.markup import Safe
from bot.i18n.speaker import N_, Speaker

SERVICE_NAMES: Mapping[Enum, str] = {
    ServiceKind.ELECTRICITY: N_("Electricity"),
    ServiceKind.GENERATOR: N_("Generator"),
    ServiceKind.GAS: N_("Gas"),
    ServiceKind.WATER: N_("Water"),
    ServiceKind.HOT_WATER: N_("Hot water"),
    ServiceKind.HEATING: N_("Heating"),
    ServiceKind.COOLING: N_("Cooling"),
}


def service_name(service: ServiceKind, speaker: Speaker) -> Safe:
    """Return what a service is called."""
    return speaker.text(SERVICE_NAMES[service])


def medium_name(medium: Medium, speaker: Speaker) -> Safe:
    """Return what a service is called, with the unit in which it is priced."""
    return Safe(f"{service_name(medium.service, speaker)} · {medium.unit}")
