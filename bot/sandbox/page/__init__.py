"""The demonstration page: phones to chat with, a building to disturb, and a clock to wind."""

from bot.sandbox.page.app import create_page_app
from bot.sandbox.page.cast import Cast, Part
from bot.sandbox.page.stage import Stage

__all__ = ["Cast", "Part", "Stage", "create_page_app"]
