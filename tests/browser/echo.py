"""A small bot to have somebody to talk to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.sandbox.world import SandboxWorld

Context: TypeAlias = ContextTypes.DEFAULT_TYPE
CARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Refresh", callback_data="refresh"),
            InlineKeyboardButton("Why?", callback_data="why"),
        ],
        [InlineKeyboardButton("Copy UPI id", copy_text=CopyTextButton("lakeside@upi"))],
    ]
)


async def welcome(update: Update, context: Context) -> None:
    """This function will greet, and name what the invitation carried."""
    assert update.effective_message
    await update.effective_message.reply_text(f"Welcome! {' '.join(context.args or [])}".strip())


async def balance(update: Update, _context: Context) -> None:
    """This function will show a card with buttons."""
    assert update.effective_message
    await update.effective_message.reply_html("<b>₹1,284.50</b> left", reply_markup=CARD)


async def invite(update: Update, context: Context) -> None:
    """This function will write a link that opens this bot."""
    assert update.effective_message
    await update.effective_message.reply_text(f"https://t.me/{context.bot.username}?start=room-304")


async def statement(update: Update, _context: Context) -> None:
    """This function will send a file."""
    assert update.effective_message
    await update.effective_message.reply_document(b"at,amount\n", filename="statement.csv")


async def press(update: Update, _context: Context) -> None:
    """This function will edit the card, or answer with an alert."""
    query = update.callback_query
    assert query
    if query.data == "why":
        await query.answer("Because you used it.", show_alert=True)
        return
    await query.edit_message_text("<b>₹1,280.00</b> left", parse_mode="HTML", reply_markup=CARD)
    await query.answer("Read just now")


async def photo(update: Update, _context: Context) -> None:
    """This function will send a photo back."""
    message = update.effective_message
    assert message
    await message.reply_photo(message.photo[-1], caption=f"Thank you for “{message.caption}”")


async def echo(update: Update, _context: Context) -> None:
    """This function will repeat a text."""
    message = update.effective_message
    assert message
    await message.reply_text(f"You wrote: {message.text}")


@asynccontextmanager
async def echoing(world: SandboxWorld, token: str) -> AsyncIterator[None]:
    """This function will run the bot in a world until it is left."""
    builder = ApplicationBuilder().token(token).base_url(f"{world.telegram_url}/bot")
    application: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    commands = {"start": welcome, "balance": balance, "invite": invite, "statement": statement}
    for name, answer in commands.items():
        application.add_handler(CommandHandler(name, answer))
    application.add_handler(CallbackQueryHandler(press))
    application.add_handler(MessageHandler(filters.PHOTO, photo))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    assert application.updater
    async with application:
        await application.bot.set_my_commands(
            [("balance", "What is left"), ("bills", "Invoices"), ("statement", "Every entry")]
        )
        await application.bot.set_my_description("I keep your account.")
        await application.start()
        await application.updater.start_polling(poll_interval=0)
        yield
        await application.updater.stop()
        await application.stop()
