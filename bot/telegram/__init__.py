"""People: the Telegram side of the product. Start at `application`, the one table of handlers."""

import os

# The library warns whenever it tells a span of time as a number; this lets it tell a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "true")
