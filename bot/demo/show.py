"""`demo`: a building, its people and the bot, in the browser."""

import asyncio
import signal
import socket
import sys
from argparse import Namespace
from collections.abc import Coroutine
from contextlib import suppress

from bot.demo.house import DemonstrationFailed, House, open_house
from bot.demo.story import tell
from bot.demo.tenants import EVERYBODY, VACANT
from bot.logs import start_logging
from bot.sandbox.page import Part

USUAL_PORT = 8302
FAMILIES = (
    ("Rinkesh", "Agrawal", "Room #302", "en"),
    ("Sunita", "Devi", "Room #101", "hi"),
    ("Ananya", "Iyer", "Room #202", "en"),
    ("Gurpreet", "Singh", "Room #203", "en"),
)


async def show(args: Namespace) -> int:
    """This function will keep the demonstration open until the process is told to stop."""
    start_logging("WARNING", secrets=())
    if args.story:
        return await _tell_story()
    port = _usual_port() if args.port is None else args.port
    await _until_stopped(_open(port))
    return 0


async def _tell_story() -> int:
    try:
        await tell()
    except DemonstrationFailed as failed:
        sys.stdout.flush()
        print(f"bot: the story went wrong: {failed.detail}", file=sys.stderr)
        return 1
    return 0


async def _open(port: int) -> None:
    async with open_house(EVERYBODY, vacant=[VACANT], has_meters=True, page_port=port) as house:
        await people_come(house)
        house.world.clock.set_speed(1)
        print(f"The demonstration is at {house.world.page_url} – Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()


async def people_come(house: House) -> None:
    """Let the owner and some tenants begin; the others are still to be invited."""
    world = house.world
    house.manager.send_text("/start")
    tenants = [
        (world.introduce(first, Part.TENANT, last_name=last, note=room, language_code=code), room)
        for first, last, room, code in FAMILIES
    ]
    world.introduce("Meena", Part.TENANT, last_name="Kulkarni", note="Room #304, not yet here")
    world.introduce("Kabir", Part.STRANGER, note="a stranger")
    await asyncio.gather(*(house.move_in(tenant, room) for tenant, room in tenants))


async def _until_stopped(work: Coroutine[None, None, None]) -> None:
    """Do the work until SIGINT or SIGTERM, and let it close what it has opened."""
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    working = asyncio.create_task(work)
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not working.done():
        working.cancel()
    with suppress(asyncio.CancelledError):
        await working


def _usual_port() -> int:
    """Return the same port every time, as open pages come back to it, unless it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", USUAL_PORT))
        except OSError:
            return 0
    return USUAL_PORT
