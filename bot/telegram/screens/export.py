"""Which table to take out of the store, of which month, as which kind of file."""

from collections.abc import Iterator
from datetime import date

from bot.domain.account import month_before
from bot.domain.period import first_of_month
from bot.domain.place import Place
from bot.i18n import N_, Safe, Speaker
from bot.services.exchange.files import FileForm, TableFile
from bot.services.exchange.tables import Table
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.report import month_code

EVER = 0
"""Stands in a button for no month."""

TABLE_NAMES = {
    Table.TRIAL: N_("Trial balance"),
    Table.COLLECTIONS: N_("Payments"),
    Table.INVOICES: N_("Bills"),
    Table.CONSUMPTION: N_("Consumption"),
    Table.DUES: N_("Dues"),
    Table.LEDGER: N_("Ledger"),
    Table.BALANCES: N_("Balances"),
    Table.READINGS: N_("Readings"),
    Table.METERS: N_("Meters"),
}
TABLE_WORDS = {
    Table.TRIAL: N_("Every account: what it held, what was posted, what it holds."),
    Table.COLLECTIONS: N_("All money that came in or was given back, with its reference."),
    Table.INVOICES: N_("All bills and credit notes; a workbook has a column for each tax."),
    Table.CONSUMPTION: N_("What each service and meter used, whose it was, and what got lost."),
    Table.DUES: N_("Who owes what today, by age."),
    Table.LEDGER: N_("Every entry with its reason, and what it posted to which account."),
    Table.BALANCES: N_("What each room holds, and whether it has power."),
    Table.READINGS: N_("All readings of all meters."),
    Table.METERS: N_("All meters; this file can be brought in again."),
}


def tables_screen(place: Place, month_on: date | None, speaker: Speaker) -> Screen:
    """Return the choice of a table; of a month only what goes by months."""
    code = EVER if month_on is None else month_code(month_on)
    buttons = (
        Button(
            label=speaker.plain.text(name),
            press=press(Action.EXPORT_TABLE, place.id, table.value, code),
        )
        for table, name in TABLE_NAMES.items()
        if table.is_monthly or month_on is None
    )
    month = None if month_on is None else speaker.month_of_year(month_on)
    back = (
        home_button(speaker)
        if month_on is None
        else Button(label=speaker.plain.text("‹ Back"), press=press(Action.REPORT, place.id, code))
    )
    return Screen(
        html=blocks(
            [line(bold(place.name), month)],
            [speaker.text("<b>What shall the file hold?</b>")],
        ),
        buttons=(*rows_of(*buttons), (back,)),
    )


def form_screen(
    place: Place, table: Table, month_on: date | None, today_on: date, speaker: Speaker
) -> Screen:
    """Return what a file will hold, the months that it may be of, and how it may be written."""
    code = EVER if month_on is None else month_code(month_on)
    forms = (
        Button(
            label=form.value.upper(),
            press=press(Action.EXPORT_FILE, place.id, table.value, code, form.value),
        )
        for form in (FileForm.XLSX, FileForm.CSV)
    )
    back = press(Action.EXPORT, place.id, code)
    return Screen(
        html=blocks(
            [bold(place.name), line(_name(table, speaker), _period(table, month_on, speaker))],
            [speaker.text(TABLE_WORDS[table])],
        ),
        buttons=(
            *rows_of(*forms),
            *rows_of(*_months(place, table, month_on, today_on, speaker)),
            (Button(label=speaker.plain.text("‹ Back"), press=back),),
        ),
    )


def _name(table: Table, speaker: Speaker) -> Safe:
    return speaker.text(TABLE_NAMES[table])


def _period(table: Table, month_on: date | None, speaker: Speaker) -> str | Safe | None:
    if month_on is not None:
        return speaker.month_of_year(month_on)
    return speaker.text("everything") if table.is_monthly else None


def _months(
    place: Place, table: Table, month_on: date | None, today_on: date, speaker: Speaker
) -> Iterator[Button]:
    """Yield this month, the one before it and, where that makes sense, all of them."""
    if not table.is_monthly:
        return
    this_on = first_of_month(today_on)
    for each in (this_on, month_before(this_on)):
        if each != month_on:
            go = press(Action.EXPORT_TABLE, place.id, table.value, month_code(each))
            yield Button(label=speaker.month(each), press=go)
    if month_on is not None and not table.is_of_a_month:
        go = press(Action.EXPORT_TABLE, place.id, table.value, EVER)
        yield Button(label=speaker.plain.text("Everything"), press=go)


def sent_text(made: TableFile, speaker: Speaker) -> str:
    """Return what is said over the chat when a file comes."""
    if not made.rows:
        return str(speaker.plain.text("There is nothing in it yet."))
    return str(speaker.plain.plural("{n} row", "{n} rows", made.rows))
