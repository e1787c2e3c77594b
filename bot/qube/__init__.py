"""The meter vendor, behind the port `MeterGateway`: `connect` is the way in."""

from bot.qube.gateway import QubeGateway, connect

__all__ = ["QubeGateway", "connect"]
