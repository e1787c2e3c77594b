"""One update on its way: who is it, which row answers, what is shown."""

import logging
from dataclasses import dataclass, field, replace

from telegram import Bot, Update
from telegram.error import Forbidden

from bot.domain.people import Actor
from bot.i18n import Catalogues, Speaker
from bot.services.bills import InvoiceUnknown
from bot.services.cause import AlreadyHandled
from bot.services.claim import ClaimUnknown
from bot.services.dialog import QuestionOver
from bot.services.dispute_case import DisputeUnknown
from bot.services.dispute_item import ItemUnknown
from bot.services.payment import EntryUnknown, LeaseUnknown
from bot.services.promise import PromiseUnknown
from bot.services.rooms import RoomUnknown
from bot.services.rules import PlaceUnknown
from bot.telegram.access import Doorkeeper
from bot.telegram.callbacks import Action, ButtonUnknown, decode
from bot.telegram.context import Context, Services
from bot.telegram.errors import ANTICIPATED, Apologies, sentence
from bot.telegram.menus import Menus
from bot.telegram.request import Kind, Request, request_of
from bot.telegram.routing import Handler, Routes
from bot.telegram.screen import MAX_TOAST_CHARACTERS, Button, Screen, Window
from bot.telegram.screens.greeting import (
    greeting,
    not_understood,
    not_yours,
    old_button,
    only_private,
    unknown_command,
)
from bot.telegram.screens.help import home_button

_LOG = logging.getLogger(__name__)
_OVER = (
    ButtonUnknown,
    QuestionOver,
    LeaseUnknown,
    EntryUnknown,
    RoomUnknown,
    PlaceUnknown,
    InvoiceUnknown,
    ClaimUnknown,
    PromiseUnknown,
    DisputeUnknown,
    ItemUnknown,
)
_ENDS_ITS_DIALOG = {"cancel"}
_AT_ANY_TIME = {Kind.DOCUMENT, Kind.PHOTO}


@dataclass(slots=True)
class _Voice:
    """How a person is spoken to, once it is known who they are: also when all else fails."""

    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Takes every update from Telegram to the handler that answers it, and its answer back.

    `questions` are the messages in which people are asked something, by person.
    """

    bot: Bot
    routes: Routes
    menus: Menus
    services: Services
    catalogues: Catalogues
    doorkeeper: Doorkeeper
    apologies: Apologies
    questions: dict[int, int] = field(default_factory=dict)

    async def dispatch(self, update: Update) -> None:
        """This function will handle one update; nothing that goes wrong leaves it."""
        voice = _Voice()
        try:
            await self._take(update, voice)
        except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the person hears of it
            await self.apologies.handle(update, error, voice.speaker)

    async def _take(self, update: Update, voice: _Voice) -> None:
        if update.my_chat_member is not None:
            await self.doorkeeper.note_membership(update.my_chat_member)
            return
        request = request_of(update)
        if request is None:
            return
        try:
            window = Window(self.bot, request.chat.id, request.query)
            await self._answer(request, window, voice)
        except Forbidden:
            if request.is_private:
                await self.services.access.lose(telegram_id=request.user.id)

    async def _answer(self, request: Request, window: Window, voice: _Voice) -> None:
        try:
            if not request.is_private:
                await self._decline(request, window)
                return
            context = await self._enter(request, window, voice)
            screen = await self._respond(context)
            await self._show(context, screen)
        finally:
            await window.toast()

    async def _show(self, context: Context, screen: Screen | None) -> None:
        """Show what answers, and take the buttons off a question that it leaves behind.

        What is forgotten with the process keeps its buttons: each of them is answered anyway.
        """
        window, person_id = context.window, context.person.id
        is_asked = self.services.dialogs.moved(person_id=person_id)
        left_id = None if is_asked is None else self.questions.pop(person_id, None)
        if screen is None:
            return
        pressed_id = None if window.pressed is None else window.pressed.message_id
        if left_id is not None and left_id != pressed_id:
            await window.disarm(left_id)
        message_id = await window.show(screen)
        await window.toast(screen.toast)
        if is_asked:
            self.questions[person_id] = message_id

    async def _enter(self, request: Request, window: Window, voice: _Voice) -> Context:
        known = await self.doorkeeper.identify(request)
        speaker = voice.speaker = self.doorkeeper.speaker(known, request.user)
        await self.menus.keep(self.bot, request.chat.id, known.actor, speaker)
        return Context(
            request=request,
            services=self.services,
            catalogues=self.catalogues,
            menus=self.menus,
            person=known.person,
            actor=known.actor,
            speaker=speaker,
            window=window,
            bot=self.bot,
            find_home=self.home,
            open_dialog=known.dialog,
        )

    async def _respond(self, context: Context) -> Screen | None:
        try:
            return await self._handle(context)
        except AlreadyHandled:
            return None
        except _OVER:
            return old_button(await self.home(context), context.speaker)
        except ANTICIPATED as error:
            return await self._refuse(error, context)

    async def _refuse(self, error: Exception, context: Context) -> Screen | None:
        """Over the chat if it was a tap, so that the card stays; else as a message."""
        plain = sentence(error, context.speaker.plain)
        if context.request.kind is Kind.TAP and len(plain) <= MAX_TOAST_CHARACTERS:
            await context.window.toast(plain, alert=True)
            return None
        refused = Screen(html=sentence(error, context.speaker))
        if context.request.kind is Kind.COMMAND and not context.actor.is_stranger:
            refused = replace(refused, buttons=((home_button(context.speaker),),))
        await context.window.show(refused, fresh=True)
        return None

    async def _handle(self, context: Context) -> Screen | None:
        kind = context.request.kind
        if kind is Kind.TAP:
            return await self._tapped(context)
        if kind is Kind.COMMAND:
            return await self._commanded(context)
        return await self._sent(context)

    async def _tapped(self, context: Context) -> Screen | None:
        press = decode(context.request.data)
        context.window.leaves_pressed = press.aside
        handler = self._find(press.action, context.actor)
        if handler is None:
            raise ButtonUnknown(context.request.data)
        tapped = replace(context, press=press)
        if press.answers_question:
            asked_at = context.request.shown_at
            await context.services.dialogs.require_fresh(cause=tapped.cause, asked_at=asked_at)
        return await handler(tapped)

    async def _commanded(self, context: Context) -> Screen | None:
        command = context.request.command or ""
        handler = self._find(command, context.actor)
        if context.open_dialog is not None and command not in _ENDS_ITS_DIALOG:
            # Else the next text would answer a question that nobody sees any more.
            await context.services.dialogs.end(person_id=context.person.id)
        if handler is not None:
            return await handler(context)
        if context.actor.is_stranger:
            return greeting(context.speaker)
        told = not_yours if self.routes.knows(command) else unknown_command
        return told(command, await self._help(context), context.speaker)

    async def _sent(self, context: Context) -> Screen | None:
        if context.actor.is_stranger:
            return greeting(context.speaker)
        kind = context.request.kind
        dialog = context.open_dialog
        if dialog is not None:
            at_any_time = [(kind, None)] if kind in _AT_ANY_TIME else []
            steps = ((kind, dialog.step), *at_any_time, (Kind.TEXT, dialog.step))
            found = (self._find(step, context.actor) for step in steps)
            handler = next(filter(None, found), None)
            if handler is not None:
                return await handler(replace(context, dialog=dialog))
        handler = self._find((kind, None), context.actor)
        if handler is not None:
            return await handler(context)
        home = await self.home(context)
        return not_understood(home, context.speaker) if kind is Kind.TEXT else home

    async def home(self, context: Context) -> Screen | None:
        """This function will return the card that a person begins with."""
        handler = self._find(Action.HOME, context.actor)
        if handler is None:
            return greeting(context.speaker)
        return await handler(replace(context, press=None))

    async def _help(self, context: Context) -> Screen | None:
        handler = self._find(Action.HELP, context.actor)
        return None if handler is None else await handler(context)

    def _find(self, key: str | Action | tuple[Kind, str | None], actor: Actor) -> Handler | None:
        route = self.routes.find(key, actor)
        return None if route is None else route.handler

    async def _decline(self, request: Request, window: Window) -> None:
        """Money is nobody else's business: in a group the bot only says where it can be found."""
        speaker = self.doorkeeper.phone_speaker(request.user)
        username = self.bot.username
        if request.kind is Kind.TAP:
            await window.toast(only_private(speaker.plain), alert=True)
        elif request.kind is Kind.COMMAND and request.addressee in {None, username}:
            link = Button(label=f"@{username}", url=f"https://t.me/{username}")
            await window.show(Screen(html=only_private(speaker), buttons=((link,),)))
