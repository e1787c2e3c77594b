"""People: the Telegram side of the product. Start at `application`, the one table of handlers."""
