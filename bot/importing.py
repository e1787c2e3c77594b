"""`import`: what a file of leases or meters would do, and with `--yes` does it."""

import logging
from argparse import Namespace
from collections.abc import Iterator

from bot.app import App, open_app
from bot.commands import FAILED, OK, settings_for
from bot.i18n import Safe, Speaker
from bot.i18n.import_problems import problem_text, unreadable_text
from bot.i18n.import_warnings import warning_texts
from bot.i18n.service_names import medium_name
from bot.refusals import sentence
from bot.services.exchange.meter_rows import is_of_meters
from bot.services.exchange.table import UnreadableTable
from bot.services.further_meter import FurtherMeter
from bot.services.lease_plan import ImportPlan, LeasePlan
from bot.services.meter_import import MeterPlan
from bot.services.onboarding import NewLease
from bot.telegram.identity import Identity, TelegramUnreachable, TokenRejected, whoami

logger = logging.getLogger(__name__)


async def import_leases(args: Namespace) -> int:
    """This function will print every row's fate; without `--yes` nothing is written."""
    content = args.file.read_bytes()
    async with open_app(settings_for()) as app:
        said = app.speaker.plain
        try:
            if is_of_meters(content):
                return await _take_meters(app, content, said, writes=args.yes)
            plan = await _do(app, content, said, writes=args.yes)
        except UnreadableTable as error:
            print(unreadable_text(error, said))
            return FAILED
    return FAILED if plan.problems else OK


async def _do(app: App, content: bytes, said: Speaker, *, writes: bool) -> ImportPlan:
    if not writes:
        plan = await app.onboarding.preview(cause=None, content=content)
        _print(_preview(plan, said))
        if plan.does_something:
            print(said.text("Nothing was written. Repeat with --yes to write the new ones."))
        return plan
    identity = await _identity(app)
    imported = await app.onboarding.carry_out(cause=None, content=content)
    _print(_preview(imported.plan, said))
    _print(_invitation(each, identity, said) for each in imported.created)
    return imported.plan


async def _take_meters(app: App, content: bytes, said: Speaker, *, writes: bool) -> int:
    take = app.meter_imports.carry_out if writes else app.meter_imports.preview
    plan = await take(cause=None, content=content)
    _print(_meters(plan, said))
    if plan.does_something and not writes:
        print(said.text("Nothing was written. Repeat with --yes to write the new ones."))
    return FAILED if plan.problems else OK


def _meters(plan: MeterPlan, said: Speaker) -> Iterator[Safe]:
    for each in plan.made:
        yield said.text("{meter}: new", meter=each.name)
    for each in plan.changed:
        yield said.text("{meter}: changed", meter=each.name)
    for problem in plan.problems:
        yield problem_text(problem, said)
    yield said.text(
        "{new} new, {changed} changed, {unchanged} unchanged, {refused} refused",
        new=len(plan.made),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        refused=len({problem.line for problem in plan.problems}),
    )


def _print(lines: Iterator[Safe]) -> None:
    for line in lines:
        print(line)


def _preview(plan: ImportPlan, said: Speaker) -> Iterator[Safe]:
    for each in plan.new:
        yield said.text("{lease}: new, {terms}", lease=_name(each), terms=_terms(each, said))
    for further in plan.new_meters:
        yield _further(further, said)
    yield from warning_texts(plan, said)
    for each in plan.unchanged:
        yield said.text("{lease}: unchanged", lease=_name(each))
    for problem in plan.problems:
        yield problem_text(problem, said)
    yield said.text(
        "{new} new, {unchanged} unchanged, {refused} refused",
        new=len(plan.new) + len(plan.new_meters),
        unchanged=len(plan.unchanged) + len(plan.meters) - len(plan.new_meters),
        refused=len({problem.line for problem in plan.problems}),
    )


def _further(plan: FurtherMeter, said: Speaker) -> Safe:
    row = plan.row
    return said.text(
        "{lease}: further meter “{meter}”, {medium}",
        lease=f"{row.place} · {row.room} · {row.tenant}",
        meter=row.meter,
        medium=medium_name(plan.medium, said),
    )


def _name(plan: LeasePlan) -> str:
    return f"{plan.row.place} · {plan.row.room} · {plan.row.tenant}"


def _terms(plan: LeasePlan, said: Speaker) -> Safe:
    currency = plan.currency
    return said.text(
        "{rate}, balance {balance}, cut-off {cut_off}",
        rate=f"{said.rate(plan.rate_paise, currency)}/{plan.medium.unit}",
        balance=said.money(plan.row.opening_balance_paise, currency),
        cut_off=said.money(plan.cut_off_paise, currency),
    )


def _invitation(new: NewLease, identity: Identity | None, said: Speaker) -> Safe:
    token = new.ticket.token
    link = token if identity is None else identity.invitation_link(token)
    return said.text("Invitation for {lease}: {link}", lease=_name(new.plan), link=link)


async def _identity(app: App) -> Identity | None:
    """Return whose links are to be printed, None when that cannot be known now."""
    settings = app.settings
    if settings.telegram_bot_token is None:
        return None
    try:
        return await whoami(token=settings.bot_token(), api_url=settings.telegram_api_url)
    except (TokenRejected, TelegramUnreachable) as error:
        logger.warning("only tokens are printed, no links: %s", sentence(error))
        return None
