"""The command line: `python -m bot --help`."""

import asyncio
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path

from bot import commands
from bot.importing import import_leases
from bot.refusals import ANTICIPATED, FAILED, exit_code, sentence

INTERRUPTED = 130
MOST_PORT = 65_535

Command = Callable[[Namespace], Awaitable[int]]


def parser() -> ArgumentParser:
    """This function will return what the command line understands."""
    whole = ArgumentParser(prog="python -m bot", description="Electricity money of rented rooms.")
    commands_of = whole.add_subparsers(metavar="COMMAND", required=True)

    def add(name: str, about: str, does: Command) -> ArgumentParser:
        added = commands_of.add_parser(name, help=about, description=about)
        added.set_defaults(does=does)
        return added

    demo = add("demo", "show it all on this machine, without any account", _demo)
    demo.add_argument("--story", action="store_true", help="play the story of Room #302 and end")
    demo.add_argument("--port", type=_port, metavar="PORT", help="where the page is served")
    add("run", "answer people, read the meters, deduct, cut and restore", commands.run)
    add("check", "tell what is right and what is not, one line each", commands.check)
    job = add("job", "run one job now and print what it did", commands.job)
    job.add_argument("name", metavar="NAME", choices=sorted(commands.JOB_NEEDS))
    job.add_argument("--now", type=_instant, metavar="ISO", help="the instant to take for now")
    add("migrate", "bring the database to the shape of this program", commands.migrate)
    imports = add("import", "take leases or meters in from a CSV file", import_leases)
    imports.add_argument("file", type=Path, metavar="FILE")
    imports.add_argument("--yes", action="store_true", help="write what the preview shows")
    export = add("export", "write CSV, or a workbook", _export)
    export.add_argument("what", choices=commands.EXPORTS)
    export.add_argument(
        "--out", type=Path, metavar="FILE", help="instead of stdout; .xlsx is a workbook"
    )
    export.add_argument("--month", type=_month, metavar="YYYY-MM", help="only that month")
    export.set_defaults(refuse=export.error)
    backup = add("backup", "copy the database into a new file", commands.make_backup)
    backup.add_argument("file", type=Path, metavar="FILE")
    return whole


async def _carry_out(does: Command, args: Namespace) -> int:
    code = await does(args)
    sys.stdout.flush()
    return code


async def _demo(args: Namespace) -> int:
    # Imported here: whoever runs the real thing needs none of the simulated one.
    from bot.demo.show import show  # noqa: PLC0415

    return await show(args)


async def _export(args: Namespace) -> int:
    if args.month is not None and args.what not in commands.MONTHLY:
        args.refuse(f"--month goes with {', '.join(commands.MONTHLY)}")
    return await commands.export(args)


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise ArgumentTypeError("a month looks like 2026-11") from None


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("an instant looks like 2026-11-18T23:59:00+05:30") from None


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 <= port <= MOST_PORT:
        raise ArgumentTypeError(f"a port is a number from 0 to {MOST_PORT}")
    return port


def main(argv: Sequence[str] | None = None) -> int:
    """This function will carry out one command and return the exit code of the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = parser().parse_args(argv)
    does: Command = args.does
    try:
        return asyncio.run(_carry_out(does, args))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone, e.g. `head`; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except ANTICIPATED as error:
        print(f"bot: {sentence(error)}", file=sys.stderr)
        return exit_code(error)


if __name__ == "__main__":
    sys.exit(main())
