"""The rows of the table of handlers for who looks after the books."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.routing import Route
from bot.telegram.staff import export, report

_SEES = staff_with(Permission.SEE_MONEY)
_CLOSES = staff_with(Permission.CLOSE_BOOKS)

REPORT_TABLE: tuple[Route, ...] = (
    Route(
        command="report",
        menu=N_("What came in and what is owed, month by month"),
        action=Action.REPORT,
        audience=_SEES,
        handler=report.report,
    ),
    Route(action=Action.REPORT_DUES, audience=_SEES, handler=report.dues),
    Route(action=Action.REPORT_BOOKS, audience=_SEES, handler=report.books),
    Route(action=Action.REPORT_USE, audience=_SEES, handler=report.consumption),
    Route(action=Action.REPORT_LOSSES, audience=_SEES, handler=report.losses),
    Route(action=Action.REPORT_CLOSE, audience=_CLOSES, handler=report.ask_close),
    Route(action=Action.REPORT_CLOSE_CONFIRM, audience=_CLOSES, handler=report.close),
    Route(
        command="export",
        menu=N_("Take tables out as files"),
        action=Action.EXPORT,
        audience=_SEES,
        handler=export.export,
    ),
    Route(action=Action.EXPORT_TABLE, audience=_SEES, handler=export.table),
    Route(action=Action.EXPORT_FILE, audience=_SEES, handler=export.file),
)
