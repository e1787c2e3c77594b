"""The demonstration as somebody plays it: a room goes dark, is paid for, and has light again."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo.house import House, open_house
from bot.demo.show import people_come
from bot.demo.tenants import EVERYBODY, VACANT
from tests.driver import refusal_of

from .conftest import OpenPage, Screenshot, phone

pytestmark = pytest.mark.slow

DAY_MS = 60_000
METER = "lakeside.floor-2.room-203"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """What `python -m bot demo` shows."""
    async with open_house(EVERYBODY, vacant=[VACANT], validate=refusal_of) as opened:
        await people_come(opened)
        yield opened
        assert opened.world.telegram.violations == []


async def a_day_passes(page: Page) -> None:
    clock = page.get_by_role("region", name="Simulated time")
    await clock.get_by_role("button", name="+1 day").click()
    await expect(clock).to_contain_text("moving to")
    await expect(clock).not_to_contain_text("moving to", timeout=DAY_MS)


async def tap(chat: Locator, name: str) -> None:
    await chat.get_by_role("button", name=name).last.click()


async def test_a_room_goes_dark_is_paid_for_and_has_light_again(
    house: House, open_page: OpenPage, screenshot: Screenshot
) -> None:
    page = await open_page(house.world.page_url)
    tenant, manager = phone(page, "tenant"), phone(page, "manager")
    people = tenant.get_by_label("Whose phone")
    gurpreet = people.locator("option", has_text="Gurpreet")
    await people.select_option(value=await gurpreet.get_attribute("value"))
    await expect(tenant.get_by_text("Room 203")).to_be_visible()
    await screenshot(page, "purchase-1-before")

    await a_day_passes(page)
    await expect(tenant.get_by_text("Power will be cut")).to_be_visible()
    await a_day_passes(page)
    await expect(tenant.get_by_text("Power is off")).to_be_visible()
    assert not house.world.building.meter(METER).is_flowing
    await screenshot(page, "purchase-2-dark")

    await tap(manager, "Rooms")
    await tap(manager, "🔴 203")
    await expect(manager.get_by_text("Gurpreet Singh").last).to_be_visible()
    await screenshot(page, "purchase-3-room")
    await tap(manager, "Take payment")
    await tap(manager, "₹1,000.00")
    await tap(manager, "Cash")
    await tap(manager, "Record ₹1,000.00")

    await expect(manager.get_by_text("Power is on again")).to_be_visible()
    await expect(tenant.get_by_text("Power is on again")).to_be_visible()
    assert house.world.building.meter(METER).is_flowing
    await tap(tenant, "Balance")
    await expect(tenant.get_by_text("Read at").last).to_be_visible()
    await screenshot(page, "purchase-4-light")


async def test_a_tenant_reads_hindi_and_looks_at_the_usage(
    house: House, open_page: OpenPage, screenshot: Screenshot
) -> None:
    page = await open_page(house.world.page_url)
    tenant = phone(page, "tenant")
    people = tenant.get_by_label("Whose phone")
    sunita = people.locator("option", has_text="Sunita")
    await people.select_option(value=await sunita.get_attribute("value"))
    await expect(tenant.get_by_text("कमरा 101")).to_be_visible()
    await tenant.get_by_role("button", name="खपत").last.click()
    await expect(tenant.get_by_role("img").last).to_be_visible()
    await screenshot(page, "purchase-5-hindi-usage")
    await tenant.get_by_role("button", name="हिसाब").last.click()
    await expect(tenant.get_by_text("शेष").last).to_be_visible()
    await screenshot(page, "purchase-6-hindi-statement")
