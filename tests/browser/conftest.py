"""A real browser at the demonstration page.

Screenshots are kept in the folder that SCREENSHOTS_DIR names, else in pytest's temporary folder.
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright

from bot.sandbox.world import SandboxWorld, open_world
from tests.browser.echo import echoing
from tests.driver import refusal_of

TOKEN = "4242:sandbox-token"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 10_000
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}

OpenPage: TypeAlias = Callable[..., Awaitable[Page]]
Screenshot: TypeAlias = Callable[[Page, str], Awaitable[None]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium from the system, without a window."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        pytest.fail(f"There is no browser: install one of {', '.join(CHROMIUMS)}.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=list(CHROMIUM_ARGUMENTS)
        )
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages of an address; unless told, none of them may complain on its console."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    async def open_address(
        url: str,
        *,
        viewport: dict[str, int] = WIDE,
        color_scheme: str = "light",
        may_complain: bool = False,
    ) -> Page:
        context = await browser.new_context(viewport=viewport, color_scheme=color_scheme)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = await context.new_page()
        if not may_complain:
            page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(url)
        await page.locator(".meter").first.wait_for(state="attached")
        return page

    yield open_address
    assert complaints == []


@pytest.fixture
def screenshot(tmp_path: Path) -> Screenshot:
    """Keeps a picture of a page under a name."""
    folder = Path(os.environ.get("SCREENSHOTS_DIR") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    async def keep(page: Page, name: str) -> None:
        await page.screenshot(path=folder / f"{name}.png")

    return keep


@pytest.fixture
async def world() -> AsyncIterator[SandboxWorld]:
    """A world in which a small bot answers; its people are to be introduced."""
    async with (
        open_world(qube_api_key="a-key", bot_token=TOKEN, validate=refusal_of) as world,
        echoing(world, TOKEN),
    ):
        yield world
    assert world.telegram.violations == []


@pytest.fixture
async def browser_page(world: SandboxWorld, open_page: OpenPage) -> Page:
    """The demonstration page of the world, on a wide screen."""
    return await open_page(world.page_url)


def phone(page: Page, whose: str) -> Locator:
    """This function will find a phone on the page: "tenant" or "manager"."""
    return page.locator(f"#{whose}")


async def say(phone: Locator, text: str) -> None:
    """This function will type a message on a phone and send it."""
    line = phone.get_by_role("textbox", name="Message")
    await line.fill(text)
    await line.press("Enter")
