"""The bot to hold ours against: what one writes in the first three lines with the library."""

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was said."""
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


def main(token: str, api_url: str) -> None:
    """Answer until the process is ended."""
    built: Application[Any, Any, Any, Any, Any, Any] = (
        Application.builder().token(token).base_url(f"{api_url}/bot").build()
    )
    built.add_handler(CommandHandler("balance", echo))
    built.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
