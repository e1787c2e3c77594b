"""Nobody reaches a handler before it is known who they are."""

from zoneinfo import ZoneInfo

from telegram import ChatMember, ChatMemberUpdated, User

from bot.i18n import Catalogues, Speaker
from bot.services.access import Access, Caller, Known
from bot.telegram.request import Request

_GONE = (ChatMember.BANNED, ChatMember.LEFT)


class Doorkeeper:
    """Resolves who speaks, in which language they are spoken to."""

    def __init__(
        self,
        access: Access,
        catalogues: Catalogues,
        *,
        default_language: str,
        default_zone: ZoneInfo,
    ) -> None:
        self._access = access
        self._catalogues = catalogues
        self._default_language = default_language
        self._default_zone = default_zone

    async def identify(self, request: Request) -> Known:
        """This function will return the person behind a request in a private chat."""
        user = request.user
        caller = Caller(
            telegram_id=user.id,
            chat_id=request.chat.id,
            name=user.full_name,
            language=self.language_of(user),
        )
        return await self._access.identify(caller=caller)

    def language_of(self, user: User) -> str:
        """Return the language of a phone, as far as it is spoken here."""
        return self._catalogues.match(user.language_code, self._default_language)

    def phone_speaker(self, user: User) -> Speaker:
        """Return a speaker for somebody of whom only the phone is known."""
        return self._catalogues.speaker(self.language_of(user), self._default_zone)

    def speaker(self, known: Known, user: User) -> Speaker:
        """Return a speaker of the person's language; strangers hear that of their phone."""
        if known.actor.is_stranger:
            return self.phone_speaker(user)
        language = self._catalogues.match(known.person.language, self._default_language)
        return self._catalogues.speaker(language, self._default_zone)

    async def note_membership(self, change: ChatMemberUpdated) -> None:
        """This function will note that a person has blocked the bot; they come back by writing."""
        if change.chat.type == change.chat.PRIVATE and change.new_chat_member.status in _GONE:
            await self._access.lose(telegram_id=change.from_user.id)
