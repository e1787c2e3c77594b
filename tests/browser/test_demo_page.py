from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.page import Part
from bot.sandbox.qube.lakeside import ROOM_302
from bot.sandbox.telegram import SandboxPerson
from bot.sandbox.world import SandboxWorld, open_world
from tests.integration.sandbox_telegram.pictures import PNG

from .conftest import NARROW, OpenPage, Screenshot, phone, say

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def asha(world: SandboxWorld) -> SandboxPerson:
    return world.introduce("Asha", Part.TENANT, last_name="Rao", note="Room 302")


@pytest.fixture(autouse=True)
def ravi(world: SandboxWorld) -> SandboxPerson:
    ravi = world.introduce("Ravi", Part.MANAGER, note="Manager")
    ravi.send_text("/start")
    return ravi


async def test_a_new_person_is_greeted_and_starts_the_bot(
    browser_page: Page, screenshot: Screenshot
) -> None:
    tenant = phone(browser_page, "tenant")
    await expect(tenant.get_by_text("I keep your account.")).to_be_visible()
    await screenshot(browser_page, "page-wide-light")
    await tenant.get_by_role("button", name="Start").click()
    await expect(tenant.get_by_text("Welcome!")).to_be_visible()
    await expect(tenant.get_by_role("textbox", name="Message")).to_be_focused()


async def test_a_command_is_chosen_with_the_keyboard_from_those_that_fit(
    browser_page: Page,
) -> None:
    manager = phone(browser_page, "manager")
    line = manager.get_by_role("textbox", name="Message")
    await line.press_sequentially("/b")
    options = manager.get_by_role("listbox").get_by_role("option")
    await expect(options).to_have_text(["/balanceWhat is left", "/billsInvoices"])
    await line.press("ArrowDown")
    await line.press("Enter")
    await expect(manager.get_by_text("₹1,284.50 left")).to_be_visible()
    await expect(line).to_have_value("")
    await expect(options).to_have_count(0)


async def test_escape_closes_the_commands_and_keeps_the_words(browser_page: Page) -> None:
    manager = phone(browser_page, "manager")
    await manager.get_by_role("button", name="Menu of commands").click()
    commands = manager.get_by_role("listbox")
    await expect(commands.get_by_role("option")).to_have_count(3)
    line = manager.get_by_role("textbox", name="Message")
    await line.press("Escape")
    await expect(commands).to_be_hidden()
    await line.press_sequentially("/st")
    await line.press("Tab")
    await expect(line).to_have_value("/statement ")


async def test_a_button_edits_its_card_and_answers_with_a_toast(browser_page: Page) -> None:
    manager = phone(browser_page, "manager")
    await say(manager, "/balance")
    await manager.get_by_role("button", name="Refresh").press("Enter")
    await expect(manager.get_by_text("₹1,280.00 left")).to_be_visible()
    await expect(manager.get_by_text("Read just now")).to_be_visible()
    await expect(manager.get_by_text("edited")).to_be_visible()
    await expect(manager.get_by_text("₹1,284.50 left")).to_have_count(0)
    await expect(manager.get_by_role("button", name="Refresh")).to_be_focused()


async def test_an_alert_waits_until_it_is_acknowledged(browser_page: Page) -> None:
    manager = phone(browser_page, "manager")
    await say(manager, "/balance")
    await manager.get_by_role("button", name="Why?").click()
    alert = manager.get_by_role("alertdialog")
    await expect(alert).to_contain_text("Because you used it.")
    await browser_page.keyboard.press("Escape")
    await expect(alert).to_have_count(0)


async def test_a_copy_button_fills_the_clipboard(browser_page: Page) -> None:
    manager = phone(browser_page, "manager")
    await say(manager, "/balance")
    await manager.get_by_role("button", name="Copy UPI id").click()
    await expect(manager.get_by_text("Copied")).to_be_visible()
    assert await browser_page.evaluate("navigator.clipboard.readText()") == "lakeside@upi"


async def test_a_photo_is_sent_with_a_caption_and_can_be_enlarged(
    browser_page: Page, ravi: SandboxPerson
) -> None:
    manager = phone(browser_page, "manager")
    picture = {"name": "meter.png", "mimeType": "image/png", "buffer": PNG}
    await manager.get_by_label("Photo").set_input_files(picture)  # type: ignore[arg-type]
    await browser_page.get_by_label("Caption").fill("01462")
    await browser_page.keyboard.press("Enter")
    await expect(manager.get_by_text("Thank you for “01462”")).to_be_visible()
    assert [m.photo.data for m in ravi.messages if m.photo] == [PNG, PNG]
    await manager.get_by_role("button", name="Thank you").click()
    enlarged = browser_page.get_by_role("dialog").get_by_role("img")
    await expect(enlarged).to_be_visible()
    await browser_page.keyboard.press("Escape")
    await expect(enlarged).to_have_count(0)


async def test_a_document_is_downloaded_under_its_name(browser_page: Page, tmp_path: Path) -> None:
    manager = phone(browser_page, "manager")
    await say(manager, "/statement")
    async with browser_page.expect_download() as downloading:
        await manager.get_by_role("link", name="statement.csv").click()
    download = await downloading.value
    await download.save_as(tmp_path / download.suggested_filename)
    assert (tmp_path / "statement.csv").read_bytes() == b"at,amount\n"


async def test_an_invitation_is_opened_on_the_tenants_phone(browser_page: Page) -> None:
    await say(phone(browser_page, "manager"), "/invite")
    await phone(browser_page, "manager").get_by_role("link", name="room-304").click()
    await browser_page.get_by_role("dialog").get_by_role("button", name="Asha").click()
    tenant = phone(browser_page, "tenant")
    await tenant.get_by_role("button", name="Start").click()
    await expect(tenant.get_by_text("Welcome! room-304")).to_be_visible()


async def test_a_day_passes_hour_by_hour_while_one_watches(
    browser_page: Page, screenshot: Screenshot
) -> None:
    clock = browser_page.get_by_role("region", name="Simulated time")
    await expect(clock).to_contain_text("18:00:00")
    await clock.get_by_role("button", name="+1 day").click()
    await expect(clock).to_contain_text("moving to Mon 26 Oct, 18:00")
    await screenshot(browser_page, "page-moving")
    await expect(clock).to_contain_text("Mon, 26 Oct 2026")
    await expect(clock).to_contain_text("paused")
    await expect(clock.get_by_role("timer")).to_have_text("18:00:00")
    await expect(clock.get_by_role("button", name="Stop moving")).to_be_hidden()


async def test_the_clock_runs_and_stops(browser_page: Page, world: SandboxWorld) -> None:
    clock = browser_page.get_by_role("region", name="Simulated time")
    await clock.get_by_role("button", name="A minute in a second").click()
    await expect(clock.get_by_role("timer")).not_to_have_text("18:00:00")
    await clock.get_by_role("button", name="Pause").click()
    await expect(clock).to_contain_text("paused")
    assert world.clock.speed == 0


async def test_a_meter_is_disturbed_from_the_building(
    browser_page: Page, world: SandboxWorld
) -> None:
    meter = browser_page.locator(".meter", has_text="Room #302")
    old_device = world.building.meter(ROOM_302).device_id
    await meter.get_by_role("switch").click()
    await expect(meter.get_by_text("offline")).to_be_visible()
    assert not world.building.meter(ROOM_302).is_online
    await meter.get_by_role("button", name="More").click()
    await browser_page.get_by_role("menuitem", name="504").click()
    await expect(meter.get_by_text("will fail")).to_be_visible()
    await meter.get_by_role("button", name="More").click()
    await browser_page.get_by_role("menuitem", name="Replace").click()
    await browser_page.get_by_role("dialog").get_by_role("button", name="Replace").click()
    await expect(meter.get_by_text("0.000 kWh")).to_be_visible()
    assert world.building.meter(ROOM_302).device_id != old_device


async def test_the_log_shows_what_the_filter_leaves(browser_page: Page) -> None:
    await say(phone(browser_page, "manager"), "/balance")
    log = browser_page.get_by_role("region", name="On the wire")
    call = log.locator(".wire-line", has_text="₹1,284.50 left")
    await expect(call).to_be_visible()
    await log.get_by_label("Filter the log").fill("getMe")
    await expect(call).to_be_hidden()
    await log.get_by_label("Filter the log").fill("")
    await log.get_by_role("button", name="Telegram").click()
    await expect(call).to_be_hidden()
    await log.get_by_role("button", name="Telegram").click()
    await call.locator("summary").click()
    await expect(call.locator("pre")).to_contain_text('"parse_mode": "HTML"')


async def test_a_blocked_bot_can_be_unblocked(browser_page: Page, ravi: SandboxPerson) -> None:
    manager = phone(browser_page, "manager")
    await manager.get_by_role("button", name="More").click()
    await browser_page.get_by_role("menuitem", name="Block the bot").click()
    await manager.get_by_role("button", name="Unblock").click()
    await expect(manager.get_by_role("textbox", name="Message")).to_be_visible()
    assert not ravi.blocked


async def test_a_refusal_of_the_server_is_shown_as_a_sentence(
    world: SandboxWorld, open_page: OpenPage
) -> None:
    page = await open_page(world.page_url, may_complain=True)
    manager = phone(page, "manager")
    broken = {"name": "meter.png", "mimeType": "image/png", "buffer": b"not a picture"}
    await manager.get_by_label("Photo").set_input_files(broken)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await expect(manager.get_by_text("IMAGE_PROCESS_FAILED.")).to_be_visible()


async def test_a_page_waits_for_the_next_world_at_its_address(open_page: OpenPage) -> None:
    key, token = "a-key", "4242:other"
    async with open_world(qube_api_key=key, bot_token=token, bot_name="First") as first:
        port = urlsplit(first.page_url).port or 0
        page = await open_page(first.page_url, may_complain=True)
        await expect(phone(page, "tenant").get_by_role("heading", name="First")).to_be_visible()
    await expect(page.get_by_text("The demonstration does not answer.")).to_be_visible()
    async with open_world(qube_api_key=key, bot_token=token, bot_name="Next", page_port=port):
        await expect(phone(page, "tenant").get_by_role("heading", name="Next")).to_be_visible()
        await expect(page.get_by_text("The demonstration does not answer.")).to_be_hidden()


async def test_what_another_person_gets_is_marked_unread(
    browser_page: Page, world: SandboxWorld
) -> None:
    vikram = world.introduce("Vikram", Part.TENANT, note="Room 103")
    vikram.send_text("hello")
    await expect(browser_page).to_have_title("(1) Lakeside Apartments · demonstration")
    choice = phone(browser_page, "tenant").get_by_label("Whose phone")
    await choice.select_option(str(vikram.user_id))
    await expect(phone(browser_page, "tenant").get_by_text("You wrote: hello")).to_be_visible()
    await expect(browser_page).to_have_title("Lakeside Apartments · demonstration")


async def test_a_narrow_screen_shows_one_part_at_a_time(
    world: SandboxWorld, open_page: OpenPage, ravi: SandboxPerson, screenshot: Screenshot
) -> None:
    page = await open_page(world.page_url, viewport=NARROW, color_scheme="dark")
    await expect(phone(page, "tenant")).to_be_visible()
    await expect(phone(page, "manager")).to_be_hidden()
    ravi.send_text("hello")
    tab = page.get_by_role("tab", name="Manager")
    await expect(tab).to_contain_text("1")
    await tab.click()
    await expect(phone(page, "manager").get_by_text("You wrote: hello")).to_be_visible()
    await expect(tab).not_to_contain_text("1")
    await tab.press("ArrowRight")
    await expect(page.locator(".meter", has_text="Room #302")).to_be_visible()
    await screenshot(page, "page-narrow-dark")
    sideways = "document.documentElement.scrollWidth > innerWidth"
    assert await page.evaluate(sideways) is False
