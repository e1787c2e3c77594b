"""What anybody who is known here can ask, whatever their role."""

from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.greeting import greeting, welcome
from bot.telegram.screens.help import cancelled, help_screen
from bot.telegram.screens.language import language_screen


async def start(context: Context) -> Screen | None:
    """This function will let in whoever brings an invitation, and show where to begin."""
    token = context.request.text
    if token:
        return await _let_in(context, token)
    if context.actor.is_stranger:
        return greeting(context.speaker)
    return await (await context.become(person=context.person, actor=context.actor)).home()


async def _let_in(context: Context, token: str) -> Screen | None:
    welcomed = await context.services.invitations.redeem(cause=context.cause, token=token)
    actor = await context.services.access.actor(person_id=context.person.id)
    inside = await context.become(person=context.person, actor=actor)
    home = await inside.home()
    return welcome(home, inside.speaker) if welcomed.is_new else home


async def help_(context: Context) -> Screen:
    """This function will show what the person can do."""
    return help_screen(context.menus.of(context.actor, context.speaker), context.speaker)


async def language(context: Context) -> Screen | None:
    """This function will show the languages, or speak the chosen one from now on."""
    if context.press is None or not context.press.arguments:
        return language_screen(context.catalogues.languages(), context.speaker)
    chosen = context.press.text(0)
    if chosen not in {each.code for each in context.catalogues.languages()}:
        raise ButtonUnknown(context.request.data)
    person = await context.services.access.choose_language(
        person_id=context.person.id, language=chosen
    )
    return await (await context.become(person=person, actor=context.actor)).home()


async def cancel(context: Context) -> Screen | None:
    """This function will end the dialog that is under way, or leave the card with the button."""
    had_dialog = await context.services.dialogs.end(person_id=context.person.id)
    left_something = had_dialog or context.press is not None
    return cancelled(await context.home(), context.speaker, left_something=left_something)
