"""The port `Papers`, printed with Typst."""

from zoneinfo import ZoneInfo

from bot.i18n import Catalogues
from bot.render.bill import bill_data
from bot.render.paper import document
from bot.services.ports import BillPaper


class TypstPapers:
    """Prints off the event loop; every text in the language asked for."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    async def bill(self, paper: BillPaper, *, language: str) -> bytes:
        """Return a bill or a credit note as a PDF, with the clock of its place."""
        zone = ZoneInfo(str(paper.document.facts["zone"]))
        speaker = self._catalogues.speaker(language, zone)
        return await document("bill.typ", bill_data(paper, speaker.plain))
