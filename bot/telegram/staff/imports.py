"""Bringing rooms and tenants in from a CSV file: previewed, then confirmed once."""

from collections.abc import Mapping

from telegram import InputFile

from bot.services.exchange.meter_rows import is_of_meters
from bot.services.exchange.rows import csv_line, text_cell
from bot.services.exchange.table import LARGEST_BYTES, TableFlaw, UnreadableTable
from bot.services.onboarding import Imported
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.identity import Identity
from bot.telegram.screen import Screen
from bot.telegram.screens.imports import import_screen, imported_screen, preview_screen
from bot.telegram.screens.meter_imports import meters_imported_screen, meters_preview_screen

CONFIRMING = "import.confirm"
LINKS_FILE = "invitations.csv"
LINK_COLUMNS = ("place", "room", "tenant", "phone", "invitation")


async def ask(context: Context) -> Screen:
    """This function will say what kind of file is wanted."""
    await context.services.dialogs.end(person_id=context.person.id)
    return import_screen(context.speaker)


async def preview(context: Context) -> Screen:
    """This function will show what a file would do. Raises UnreadableTable."""
    upload = context.request.upload
    assert upload is not None
    if (upload.size_bytes or 0) > LARGEST_BYTES:
        raise UnreadableTable(TableFlaw.TOO_LARGE)
    content = await _download(context, upload.file_id)
    nonce, name = context.nonce, upload.name or "CSV"
    if is_of_meters(content):
        meters = await context.services.meter_imports.preview(cause=context.cause, content=content)
        screen = meters_preview_screen(meters, name, context.speaker, nonce=nonce)
    else:
        plan = await context.services.onboarding.preview(cause=context.cause, content=content)
        screen = preview_screen(plan, name, context.speaker, nonce=nonce)
    await context.services.dialogs.go_to(
        person_id=context.person.id,
        step=CONFIRMING,
        facts={"nonce": nonce, "file_id": upload.file_id},
    )
    return screen


async def confirm(context: Context) -> Screen | None:
    """This function will import the file that was previewed, and hand the invitations over."""
    dialog = await context.services.dialogs.current(person_id=context.person.id)
    nonce = context.tap.nonce
    if nonce is None or dialog is None or dialog.facts.get("nonce") != nonce:
        raise ButtonUnknown(context.request.data)
    content = await _download(context, str(dialog.facts["file_id"]))
    if is_of_meters(content):
        taken = await context.services.meter_imports.carry_out(cause=context.cause, content=content)
        await context.services.dialogs.end(person_id=context.person.id)
        return meters_imported_screen(taken, context.speaker)
    done = await context.services.onboarding.carry_out(cause=context.cause, content=content)
    await context.services.dialogs.end(person_id=context.person.id)
    links = _links(done, context)
    await context.window.show(imported_screen(done, links, context.speaker))
    if done.created:
        await context.bot.send_document(
            context.request.chat.id, InputFile(_csv(done, links), filename=LINKS_FILE)
        )
    return None


def _links(done: Imported, context: Context) -> Mapping[int, str]:
    bot = Identity(username=context.bot.username, name=context.bot.first_name)
    return {each.lease_id: bot.invitation_link(each.ticket.token) for each in done.created}


def _csv(done: Imported, links: Mapping[int, str]) -> bytes:
    rows = [
        (
            text_cell(each.plan.row.place),
            text_cell(each.plan.row.room),
            text_cell(each.plan.row.tenant),
            text_cell(each.plan.row.phone),
            links[each.lease_id],
        )
        for each in done.created
    ]
    text = "".join(csv_line(row) for row in (LINK_COLUMNS, *rows))
    return text.encode("utf-8-sig")


async def _download(context: Context, file_id: str) -> bytes:
    file = await context.bot.get_file(file_id)
    return bytes(await file.download_as_bytearray())
