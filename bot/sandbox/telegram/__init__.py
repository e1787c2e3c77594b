"""A stand-in for the Telegram Bot API, and the people who talk to the bot through it.

`TelegramWorld` holds everything that happens; `create_bot_api_app` is the side the bot talks to,
`SandboxPerson` and `chat_routes` are the side of the people. Nothing here knows the product.
"""

from bot.sandbox.telegram.chat_routes import chat_routes
from bot.sandbox.telegram.faults import Fault
from bot.sandbox.telegram.limits import RateLimits
from bot.sandbox.telegram.person import SandboxPerson
from bot.sandbox.telegram.server import create_bot_api_app
from bot.sandbox.telegram.world import TelegramWorld

__all__ = [
    "Fault",
    "RateLimits",
    "SandboxPerson",
    "TelegramWorld",
    "chat_routes",
    "create_bot_api_app",
]
