"""Taking tables out of the store as files."""

from datetime import date

from telegram import InputFile

from bot.domain.place import Place
from bot.i18n.explanation import explain
from bot.services.exchange.files import FileForm
from bot.services.exchange.selection import Selection
from bot.services.exchange.tables import Table
from bot.services.store import BookedEntry
from bot.telegram.callbacks import Action, ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.export import EVER, form_screen, sent_text, tables_screen
from bot.telegram.staff.report import month_of, opening


async def export(context: Context) -> Screen:
    """This function will ask which table is wanted, or first of which place."""
    return await opening(context, Action.EXPORT, _tables)


async def table(context: Context) -> Screen:
    """This function will tell what a file will hold, and ask how it shall be written."""
    month = await context.services.accounts.running(
        actor=context.actor, place_id=context.tap.integer(0)
    )
    wanted, month_on = _table_of(context), _month_of(context, 2)
    if wanted.is_of_a_month:
        month_on = month_on or month.month_on
    place = month.place
    return form_screen(place, wanted, month_on, month.last_on, context.speaker_in(place.zone))


async def file(context: Context) -> None:
    """This function will send a file, below the card that it was asked from."""

    def why(entry: BookedEntry, place: Place) -> str:
        return explain(entry, context.speaker_in(place.zone).plain, place.currency)

    made = await context.services.files.make(
        actor=context.actor,
        table=_table_of(context),
        selection=Selection(place_id=context.tap.integer(0), month_on=_month_of(context, 2)),
        form=_form_of(context),
        explain=why,
    )
    await context.window.toast(sent_text(made, context.speaker))
    await context.window.give(InputFile(made.content, filename=made.name))


async def _tables(context: Context, place_id: int, month_on: date | None) -> Screen:
    month = await context.services.accounts.running(actor=context.actor, place_id=place_id)
    return tables_screen(month.place, month_on, context.speaker_in(month.place.zone))


def _month_of(context: Context, index: int) -> date | None:
    return None if context.tap.integer(index) == EVER else month_of(context, index)


def _table_of(context: Context) -> Table:
    try:
        return Table(context.tap.text(1))
    except ValueError:
        raise ButtonUnknown(context.request.data) from None


def _form_of(context: Context) -> FileForm:
    try:
        return FileForm(context.tap.text(3))
    except ValueError:
        raise ButtonUnknown(context.request.data) from None
