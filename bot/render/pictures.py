"""The port `Pictures`, drawn with Typst and segno."""

import asyncio
from zoneinfo import ZoneInfo

from bot.i18n import Catalogues
from bot.render.paper import picture
from bot.render.qr import qr_png
from bot.render.readings import readings_data
from bot.render.usage import usage_data
from bot.services.ports import ReadingsChart, UsageChart

# 360 points wide, as a phone shows it, comes to the 1280 pixels that messengers keep.
_PIXELS_PER_INCH = 256
# Days of a chart are dates already: no zone has a say in them.
_ANY_ZONE = ZoneInfo("UTC")


class TypstPictures:
    """Draws off the event loop; every text in the language asked for."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    async def usage(self, chart: UsageChart, *, language: str) -> bytes:
        """Return the usage chart as a PNG, 1280 pixels wide."""
        speaker = self._catalogues.speaker(language, _ANY_ZONE)
        data = usage_data(chart, speaker.plain)
        return await picture("usage.typ", data, pixels_per_inch=_PIXELS_PER_INCH)

    async def readings(self, chart: ReadingsChart, *, language: str) -> bytes:
        """Return a meter's last readings as a PNG, 1280 pixels wide."""
        speaker = self._catalogues.speaker(language, _ANY_ZONE)
        data = readings_data(chart, speaker.plain)
        return await picture("readings.typ", data, pixels_per_inch=_PIXELS_PER_INCH)

    async def qr(self, text: str) -> bytes:
        """Return a QR code of the text as a PNG."""
        return await asyncio.to_thread(qr_png, text)
