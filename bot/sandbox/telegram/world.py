"""Everything that the stand-in knows: the bot, the people, their chats, and what is to go wrong."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any, TypeAlias

from bot.sandbox.telegram.changes import ChangeKind, Changes
from bot.sandbox.telegram.conversation import Conversation
from bot.sandbox.telegram.faults import Fault, FaultPlan, PlannedRefusal
from bot.sandbox.telegram.files import FileShelf
from bot.sandbox.telegram.limits import Pacer, RateLimits
from bot.sandbox.telegram.menus import CommandMenus
from bot.sandbox.telegram.payloads import membership_payload, message_payload, unix
from bot.sandbox.telegram.person import SandboxPerson
from bot.sandbox.telegram.presses import PressDesk
from bot.sandbox.telegram.profile import BotProfile
from bot.sandbox.telegram.records import Chat, ChatKind, Content, Message, User
from bot.sandbox.telegram.refusals import bad_request, too_many_requests
from bot.sandbox.telegram.updates import UpdateKind, UpdateQueue
from bot.sandbox.telegram.webhook import Webhook
from bot.sandbox.telegram.wire import Violation, Wire

Validate: TypeAlias = Callable[[str, dict[str, Any]], str | None]
"""Takes a method and its parameters (uploads as `Upload`); returns why it refuses, or None."""

_FIRST_USER_ID = 700_000_001
_FIRST_GROUP_ID = -4_000_000_001
_FIRST_SUPERGROUP_ID = -1_001_000_000_001


class PersonExists(Exception):
    """A second person was to get a user id that is taken."""

    def __init__(self, user_id: int) -> None:
        super().__init__(user_id)
        self.user_id = user_id


class NotAGroup(Exception):
    """Only a group can become a supergroup."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(chat_id)
        self.chat_id = chat_id


class TelegramWorld:
    """One bot and the people around it. `clock` returns aware instants; waits use real time."""

    def __init__(
        self,
        bot_token: str,
        bot_username: str,
        clock: Callable[[], datetime],
        *,
        bot_name: str | None = None,
        limits: RateLimits | None = None,
        validate: Validate | None = None,
        wire_capacity: int = 2_000,
        callback_lifetime_s: float = 60,
    ) -> None:
        self.bot_token = bot_token
        self.bot = User(
            user_id=int(bot_token.partition(":")[0]),
            first_name=bot_name or bot_username,
            username=bot_username,
            is_bot=True,
        )
        self.validate = validate
        self.changes = Changes()
        self.files = FileShelf()
        self.updates = UpdateQueue()
        self.webhook = Webhook(self.updates, clock)
        self.menus = CommandMenus()
        self.profile = BotProfile(self.bot.first_name)
        self.presses = PressDesk(self.changes, lifetime_s=callback_lifetime_s)
        self.faults = FaultPlan()
        self.pacer = Pacer(limits)
        self.wire = Wire(wire_capacity)
        self.violations: list[Violation] = []
        self.people: dict[int, SandboxPerson] = {}
        self.conversations: dict[int, Conversation] = {}
        self.closed = False
        self._clock = clock
        self._user_ids = count(_FIRST_USER_ID)
        self._group_ids = count(_FIRST_GROUP_ID, -1)
        self._supergroup_ids = count(_FIRST_SUPERGROUP_ID, -1)
        self._albums = count(13_000_000_000_000_001)

    def now(self) -> datetime:
        """This function will return the world's instant."""
        return self._clock()

    # People and chats

    def person(
        self,
        first_name: str,
        language_code: str = "en",
        user_id: int | None = None,
        *,
        last_name: str | None = None,
        username: str | None = None,
    ) -> SandboxPerson:
        """This function will add a person who has not met the bot yet; raises PersonExists."""
        if user_id in self.people:
            raise PersonExists(user_id)
        user = User(
            user_id=user_id or next(n for n in self._user_ids if n not in self.people),
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
        )
        chat = Chat(chat_id=user.user_id, kind=ChatKind.PRIVATE, person=user)
        self.conversations[chat.chat_id] = Conversation(chat, self.changes)
        person = SandboxPerson(self, user)
        self.people[user.user_id] = person
        self.changes.note(ChangeKind.PERSON, chat.chat_id)
        return person

    def group(self, title: str) -> int:
        """This function will open a group with the bot in it and return its chat id."""
        chat = Chat(chat_id=next(self._group_ids), kind=ChatKind.GROUP, title=title)
        self.conversations[chat.chat_id] = Conversation(chat, self.changes)
        return chat.chat_id

    def migrate(self, chat_id: int) -> int:
        """This function will turn a group into a supergroup and return its new chat id.

        Raises NotAGroup.
        """
        old = self.conversations[chat_id]
        if old.chat.kind is not ChatKind.GROUP:
            raise NotAGroup(chat_id)
        new_id = next(self._supergroup_ids)
        chat = Chat(chat_id=new_id, kind=ChatKind.SUPERGROUP, title=old.chat.title)
        new = self.conversations[new_id] = Conversation(chat, self.changes)
        self.receive(old, self.bot, Content(migrated_to=new_id))
        self.receive(new, self.bot, Content(migrated_from=chat_id))
        old.migrated_to = new_id
        return new_id

    def next_album(self) -> str:
        """This function will return a media group id that was never used."""
        return str(next(self._albums))

    # What people do, as updates

    def receive(
        self, conversation: Conversation, sender: User, content: Content, **details: Any
    ) -> Message:
        """This function will put a message into a chat and tell the bot of it."""
        message = conversation.post(sender, content, self.now(), **details)
        self.updates.add(UpdateKind.MESSAGE, message_payload(message))
        return message

    def set_blocked(self, user_id: int, blocked: bool) -> None:
        """This function will let a person block or unblock the bot and tell the bot of it."""
        conversation = self.conversations[user_id]
        if conversation.blocked == blocked:
            return
        conversation.blocked = blocked
        self.changes.note(ChangeKind.PERSON, user_id)
        user = self.people[user_id].user
        payload = membership_payload(conversation.chat, user, self.bot, blocked, unix(self.now()))
        self.updates.add(UpdateKind.MY_CHAT_MEMBER, payload)

    # What goes wrong on order

    def block(self, person: "SandboxPerson | int") -> None:
        """This function will let a person block the bot."""
        self.set_blocked(_user_id(person), blocked=True)

    def unblock(self, person: "SandboxPerson | int") -> None:
        """This function will let a person unblock the bot."""
        self.set_blocked(_user_id(person), blocked=False)

    def deactivate(self, person: "SandboxPerson | int") -> None:
        """This function will delete a person's account."""
        self.conversations[_user_id(person)].deactivated = True
        self.changes.note(ChangeKind.PERSON, _user_id(person))

    def fail_next(
        self, method: str, fault: Fault | str | int, times: int = 1, *, retry_after_s: int = 1
    ) -> None:
        """This function will let the next calls of a method fail: with an error code or a Fault."""
        if isinstance(fault, int):
            planned = PlannedRefusal(error_code=fault, retry_after_s=retry_after_s)
            self.faults.add(method, planned, times)
        else:
            self.faults.add(method, Fault(fault), times)

    def duplicate_next_update(self) -> None:
        """This function will deliver the next update once more after it was confirmed."""
        self.updates.duplicate_next()

    def redeliver(self, update_id: int) -> None:
        """This function will deliver an old update again; raises UnknownUpdate."""
        self.updates.redeliver(update_id)

    # Waiting and ending

    async def changed(self, after: int) -> int:
        """This function will wait for a change after a sequence number; returns the last one."""
        return await self.changes.after(after)

    def close(self) -> None:
        """This function will end every waiting poll and stream and stop pushing to a webhook."""
        self.closed = True
        self.updates.end_poll()
        self.webhook.clear()
        self.changes.note(ChangeKind.CLOSED)

    async def aclose(self) -> None:
        """This function will close the world and wait for what runs in the background."""
        self.close()
        await self.webhook.aclose()

    # What the methods of the Bot API need

    def conversation(self, chat_id: int) -> Conversation:
        """This function will find a chat; raises Refusal (chat not found)."""
        found = self.conversations.get(chat_id)
        if found is None:
            raise bad_request("chat not found")
        return found

    def writable(self, chat_id: int) -> Conversation:
        """This function will find a chat into which the bot may write; raises Refusal."""
        found = self.conversation(chat_id)
        obstacle = found.obstacle()
        if obstacle is not None:
            raise obstacle
        return found

    def pace(self, chat_id: int, messages: int = 1) -> None:
        """This function will spend room for messages; raises Refusal (429) when there is none."""
        wait_s = self.pacer.wait_s(chat_id, messages)
        if wait_s is not None:
            raise too_many_requests(wait_s)

    def violated(self, method: str, params: Mapping[str, Any], reason: str) -> None:
        """This function will remember a request that the validator refused."""
        self.violations.append(Violation(method=method, params=params, reason=reason))


def _user_id(person: "SandboxPerson | int") -> int:
    return person if isinstance(person, int) else person.user_id
