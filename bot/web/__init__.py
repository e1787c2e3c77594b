"""What machines ask of the process: updates come in, health and figures go out."""

from bot.web.server import Health, create_web, serving

__all__ = ["Health", "create_web", "serving"]
