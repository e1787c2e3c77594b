"""Nobody learns or touches what is not theirs, whatever they send."""

import pytest

from bot.domain.people import Role
from bot.i18n import Catalogues
from bot.sandbox.telegram import TelegramWorld
from bot.services.access import Access
from bot.services.cause import Cause
from bot.services.invitation import VALID_FOR, Invitations
from bot.telegram.application import TelegramBot
from bot.telegram.callbacks import Action, encode, press
from tests.driver import Chat
from tests.integration.telegram.conftest import OWNER
from tests.lakeside import KOLKATA, Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

GREETING = (
    "This bot is for tenants of buildings that use it.\nAsk your manager for your invitation link."
)
OLD = "This button is from an older message. Here is the current one:"
EVERY_COMMAND = [
    "/start",
    "/balance",
    "/usage",
    "/statement",
    "/language",
    "/help",
    "/cancel",
    "/rooms",
    "/relay 302 off",
    "/pay 302 500",
    "/import",
    "/status",
    "hello",
    "302",
]


async def test_a_stranger_hears_one_greeting_whatever_they_say(stranger: Chat, asha: Chat) -> None:
    for said in EVERY_COMMAND:
        assert (await stranger.say(said)).text == GREETING
    assert [command.name for command in stranger.menu] == ["start"]


async def test_a_stranger_is_greeted_in_the_language_of_the_phone(
    world: TelegramWorld, telegram: TelegramBot
) -> None:
    hindi = Catalogues().speaker("hi", KOLKATA)
    chat = Chat(world.person("Vijay", "hi-IN"))

    answer = await chat.say("/start")

    assert answer.text == hindi.text(GREETING)
    assert answer.text != GREETING


async def test_a_strangers_forged_buttons_all_meet_the_greeting(
    stranger: Chat, asha: Chat, lakeside: Lakeside
) -> None:
    await stranger.say("/start")

    for action in Action:
        await stranger.forge(encode(press(action, lakeside.lease_id("Room #302"), 1, nonce="n")))

    assert {message.text for message in stranger.all} <= {GREETING, f"{OLD}\n\n{GREETING}"}


async def test_another_tenant_cannot_see_a_lease_by_forging_buttons(
    world: TelegramWorld, asha: Chat, lakeside: Lakeside
) -> None:
    await lakeside.let("Room #118", tenant="Vikram", balance_paise=123_456)
    other = Chat(world.person("Vikram"))
    await lakeside.join("Room #118", other.person.user_id, name="Vikram")
    await other.say("/balance")
    foreign = lakeside.lease_id("Room #302")
    async with lakeside.transactions.read() as unit:
        (entry,) = await unit.ledger.page(foreign)

    for action in Action:
        subject = entry.id if action is Action.ENTRY else foreign
        await other.forge(encode(press(action, subject, 7, nonce="n")))

    assert [m.text for m in other.person.visible if "302" in m.text or "3,000" in m.text] == []
    assert "₹1,234.56" in other.text
    assert lakeside.gateway.asked == []


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "9:h::1",
        "1:h::",
        "1:h::x",
        "1:h::-1",
        "1:h::0",
        "1:h::999999999999999999",
        "1:u::1:8",
        "1:e::99",
        "1:l::xx",
        "1:r:",
        "1:s::1:zzz",
        "\x00",
        "🙂",
    ],
)
async def test_an_invented_button_is_answered_with_the_current_card(asha: Chat, data: str) -> None:
    card = await asha.say("/balance")

    await asha.forge(data)

    assert asha.last.message_id == card.message_id
    assert asha.text in {f"{OLD}\n\n{card.text}", card.text}


async def test_a_role_that_was_taken_away_makes_its_buttons_old(
    asha: Chat, lakeside: Lakeside
) -> None:
    card = await asha.say("/balance")

    await asha.forge(encode(press(Action.STATUS)))

    assert asha.text == f"{OLD}\n\n{card.text}"


async def test_an_invitation_lets_in_one_person_once(
    world: TelegramWorld, telegram: TelegramBot, lakeside: Lakeside
) -> None:
    await lakeside.let("Room #302")
    invitations = Invitations(lakeside.transactions, lakeside.clock)
    ticket = await invitations.to_lease(cause=None, lease_id=lakeside.lease_id("Room #302"))
    asha, mallory = Chat(world.person("Asha")), Chat(world.person("Mallory"))

    card = await asha.say(f"/start {ticket.token}")
    refused = await mallory.say(f"/start {ticket.token}")

    assert card.text.startswith("Welcome! This is where you begin:\n\nRoom 302")
    assert "balance" in [command.name for command in asha.menu]
    assert "Somebody else has used this invitation link." in refused.text
    assert (await mallory.say("/balance")).text == GREETING
    assert (await asha.say(f"/start {ticket.token}")).text.startswith("Room 302")


async def test_a_wrong_or_old_invitation_says_what_to_do(
    stranger: Chat, lakeside: Lakeside, clock: object
) -> None:
    await lakeside.let("Room #302")
    invitations = Invitations(lakeside.transactions, lakeside.clock)
    ticket = await invitations.to_lease(cause=None, lease_id=lakeside.lease_id("Room #302"))

    wrong = await stranger.say("/start nonsense")
    lakeside.clock.step(VALID_FOR)  # type: ignore[attr-defined]
    old = await stranger.say(f"/start {ticket.token}")

    assert "This invitation link does not work." in wrong.text
    assert "This invitation link is too old." in old.text


async def test_an_invitation_into_a_role_makes_staff(
    world: TelegramWorld, telegram: TelegramBot, lakeside: Lakeside
) -> None:
    owner = Chat(world.person("Meera", user_id=OWNER))
    await owner.say("/start")
    access = Access(lakeside.transactions, lakeside.clock)
    meera_id = await lakeside.meet(OWNER, name="Meera")
    actor = await access.actor(person_id=meera_id)
    ticket = await Invitations(lakeside.transactions, lakeside.clock).to_role(
        cause=Cause(actor=actor), place_id=lakeside.place.id, role=Role.MANAGER
    )
    ravi = Chat(world.person("Ravi"))

    welcome = await ravi.say(f"/start {ticket.token}")

    assert welcome.text.startswith("Welcome!")
    assert "rooms" in [command.name for command in ravi.menu]


async def test_an_owner_of_the_settings_is_one_from_the_first_word(
    world: TelegramWorld, telegram: TelegramBot
) -> None:
    owner = Chat(world.person("Meera", user_id=OWNER))

    answer = await owner.say("/start")

    assert answer.text != GREETING
    assert "status" in [command.name for command in owner.menu]


async def test_in_a_group_the_bot_only_says_that_it_speaks_in_private(
    world: TelegramWorld, asha: Chat
) -> None:
    group = world.group("Lakeside neighbours")
    seen = world.changes.seq

    asha.person.send_text("good morning", in_chat=group)
    asha.person.send_text("/balance", in_chat=group)
    while not (said := [m for m in world.conversations[group].messages if m.from_bot]):
        seen = await world.changed(seen)

    assert [message.text for message in said] == [
        "I speak only in private, because it is about your money. Write to me there."
    ]
    assert said[0].keyboard[0][0].url == "https://t.me/lakeside_bot"


async def test_who_blocks_the_bot_is_noted_and_comes_back_by_writing(
    asha: Chat, lakeside: Lakeside
) -> None:
    person_id = await lakeside.meet(asha.person.user_id, name="Asha")
    await asha.say("/start")

    asha.person.block()
    while await is_reachable(lakeside, person_id):
        pass
    card = await asha.say("/start")

    assert "₹3,000.00 left" in card.text
    assert await is_reachable(lakeside, person_id)


async def is_reachable(lakeside: Lakeside, person_id: int) -> bool:
    async with lakeside.transactions.read() as unit:
        return (await unit.people.get([person_id]))[person_id].is_reachable
