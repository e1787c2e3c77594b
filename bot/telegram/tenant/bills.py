"""Bills: the list, the card of one, its paper, and how it is paid."""

from telegram import InputFile

from bot.services.upi import upi_link
from bot.telegram.callbacks import Action
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.bills import OF_LEASE, bill_screen, bills_screen, pay_screen
from bot.telegram.tenant.choice import lease_or_choice


async def bills(context: Context) -> Screen:
    """This function will show a page of a lease's documents, the newest first."""
    lease = await lease_or_choice(context, Action.BILLS)
    if isinstance(lease, Screen):
        return lease
    has_page = context.press is not None and len(context.press.arguments) > 1
    before_id = context.tap.integer(1) or None if has_page else None
    page = await context.services.bills.of_lease(
        actor=context.actor, lease_id=lease, before_id=before_id
    )
    return bills_screen(page, context.speaker_in(page.book.place.zone))


async def bill(context: Context) -> Screen:
    """This function will open one document."""
    tap = context.tap
    await context.services.dialogs.end(person_id=context.person.id)
    opened = await context.services.bills.bill(actor=context.actor, invoice_id=tap.integer(0))
    origin = tap.text(1) if len(tap.arguments) > 1 else OF_LEASE
    return bill_screen(opened, context.speaker_in(opened.book.place.zone), origin=origin)


async def pdf(context: Context) -> None:
    """This function will send a document as a PDF, in the person's language."""
    paper = await context.services.bills.paper(
        actor=context.actor, invoice_id=context.tap.integer(0)
    )
    await context.window.toast(context.speaker.plain.text("Here it comes …"))
    printed = await context.services.papers.bill(paper, language=context.speaker.language)
    name = f"{paper.document.number.replace('/', '-')}.pdf"
    await context.window.give(InputFile(printed, filename=name))


async def pay(context: Context) -> Screen:
    """This function will show how a bill is paid."""
    opened = await context.services.bills.bill(
        actor=context.actor, invoice_id=context.tap.integer(0)
    )
    picture = None
    if opened.payee is not None and opened.to_pay_paise:
        link = upi_link(
            opened.payee, amount_paise=opened.to_pay_paise, note=opened.bill.document.number
        )
        picture = await context.services.pictures.qr(link)
    return pay_screen(opened, context.speaker_in(opened.book.place.zone), picture=picture)
