"""A split as it would be, and those that were: the whole, the key, and everybody's part."""

from collections.abc import Iterator, Sequence

from bot.domain.meter import SplitKey
from bot.i18n import Safe, Speaker
from bot.i18n.share_words import measure_text, span_text, stretches_text
from bot.services.allocation_look import MeterChoice, SplitPage, SplitShown
from bot.services.allocation_plan import Plan, record_of
from bot.services.allocation_record import Allocation, AllocationPart
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.meter_words import name_of
from bot.telegram.screens.room import room_label
from bot.telegram.screens.sharing import head_of, ways_back
from bot.telegram.sharing_draft import CommonDraft

PAGE_PARTS = 5


def common_plan_screen(
    draft: CommonDraft,
    choice: MeterChoice,
    plan: Plan,
    speaker: Speaker,
    *,
    nonce: str,
    page: int = 0,
    is_new: bool = False,
) -> Screen:
    """Return the question whether it is to be charged so; `is_new`: it has changed meanwhile."""
    rooms_paise = plan.cost.total_paise - plan.owner_paise
    amount = speaker.money(rooms_paise, plan.place.currency)
    confirm = Button(
        label=speaker.plain.text("Charge {amount}", amount=amount),
        press=press(Action.COMMON_CONFIRM, *draft.words, plan.seal, nonce=nonce),
    )
    parts = record_of(plan)
    changed = None
    if is_new:
        changed = speaker.text(
            "⚠️ Nothing is charged: rooms, readings or prices changed meanwhile. Look again."
        )
    return Screen(
        html=blocks(
            [head_of(draft, choice, speaker)],
            [changed, *_whole(plan, speaker)],
            _part_lines(parts, plan.wish.key, plan.sheet.unit, plan.place.currency, speaker, page),
        ),
        buttons=(
            *_pages(Action.COMMON_STEP, draft.words, len(parts), page, speaker),
            (confirm,),
            ways_back(draft, choice, speaker),
        ),
    )


def common_split_screen(
    shown: SplitShown, speaker: Speaker, *, page: int = 0, news: Safe | None = None
) -> Screen:
    """Return a split that was charged, with its parts."""
    split, currency = shown.split, shown.place.currency
    what = speaker.text("what no sub-meter counted") if split.is_residual else None
    undo = Button(
        label=speaker.plain.text("Take back …"), press=press(Action.COMMON_UNDO, split.id)
    )
    past = Button(
        label=speaker.plain.text("‹ Past splits"), press=press(Action.COMMON_PAST, split.place_id)
    )
    return Screen(
        html=blocks(
            [] if news is None else [news],
            [
                line(bold(split.meter), what, between=", "),
                line(days_of(split, speaker), name_of(split.key, speaker)),
                _amounts(split, currency, speaker),
                *_fate(shown, speaker),
            ],
            _part_lines(split.parts, split.key, split.unit, currency, speaker, page),
        ),
        buttons=(
            *_pages(Action.COMMON_SPLIT, (split.id,), len(split.parts), page, speaker),
            *rows_of(undo if split.reversed_at is None else None, past),
            (home_button(speaker),),
        ),
    )


def common_past_screen(page: SplitPage, speaker: Speaker) -> Screen:
    """Return the splits of a place, newest first."""
    say, place = speaker.plain.text, page.place
    none = speaker.text("Nothing was split yet.")
    older = Button(
        label=say("Older ›"), press=press(Action.COMMON_PAST, place.id, page.older_before_id or 0)
    )
    return Screen(
        html=blocks(
            [line(bold(speaker.text("Past splits")), place.name)],
            [_past_line(each, place.currency, speaker) for each in page.splits] or [none],
        ),
        buttons=(
            *rows_of(*(_past_button(each, speaker) for each in page.splits)),
            *rows_of(older if page.older_before_id is not None else None),
            (Button(label=say("‹ Back"), press=press(Action.COMMON, place.id)),),
        ),
    )


def common_undo_screen(shown: SplitShown, speaker: Speaker) -> Screen:
    """Return the question why a split is taken back."""
    return Screen(
        html=blocks(
            [line(bold(shown.split.meter), days_of(shown.split, speaker))],
            [
                speaker.text("<b>Why is it taken back?</b> Type it. The tenants read it."),
                speaker.text(
                    "Everybody gets back what they were charged; billed parts as a credit note."
                ),
            ],
        ),
        buttons=(_out_of(shown.split, speaker),),
    )


def common_undo_confirm_screen(
    shown: SplitShown, reason: str, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether a split is really to be taken back."""
    split = shown.split
    amount = speaker.money(split.total_paise - split.owner_paise, shown.place.currency)
    confirm = Button(
        label=speaker.plain.text("Take back {amount}", amount=amount),
        press=press(Action.COMMON_UNDO_CONFIRM, split.id, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [
                line(bold(split.meter), days_of(split, speaker)),
                speaker.text("Take back {amount} from the rooms' charges?", amount=bold(amount)),
            ],
            [speaker.text("Reason: “{reason}”", reason=speaker.reason(reason))],
        ),
        buttons=((confirm,), _out_of(split, speaker)),
    )


def days_of(split: Allocation, speaker: Speaker) -> Safe:
    """Return the days of a split."""
    return span_text(split.span.from_on, split.span.to_on, speaker)


def _whole(plan: Plan, speaker: Speaker) -> Iterator[Safe]:
    sheet, use, currency = plan.sheet, plan.use, plan.place.currency
    used = speaker.quantity(use.quantity, sheet.unit)
    if use.residual is None:
        first = speaker.number(use.first.value)
        yield Safe(f"{first} → {speaker.number(use.last.value)} = {used}")
    else:
        main = speaker.number(use.residual.main)
        yield Safe(f"{main} − {speaker.quantity(use.residual.subs, sheet.unit)} = {used}")
    total = bold(speaker.money(plan.cost.total_paise, currency))
    tariff = speaker.text("Tariff “{name}”", name=plan.tariff.name)
    taxes = [
        line(name, speaker.money(paise, currency), between=" ") for name, paise in plan.cost.taxes
    ]
    yield line(total, tariff, *taxes)
    owners = _owners(plan.owner_paise, currency, speaker)
    if owners is not None:
        yield owners
    if plan.is_loss:
        yield speaker.text("⚠️ More than the limit was counted by no sub-meter.")


def _amounts(split: Allocation, currency: str, speaker: Speaker) -> Safe:
    used = speaker.quantity(split.quantity, split.unit)
    tariff = speaker.text("Tariff “{name}”", name=split.facts.get("tariff"))
    total = bold(speaker.money(split.total_paise, currency))
    return lines(line(used, total, tariff), _owners(split.owner_paise, currency, speaker))


def _owners(paise: int, currency: str, speaker: Speaker) -> Safe | None:
    """Return what the owner pays, for days in which nobody rented a room. Rule 8.2."""
    if not paise:
        return None
    return speaker.text("The owner pays {amount}.", amount=speaker.money(paise, currency))


def _fate(shown: SplitShown, speaker: Speaker) -> Iterator[Safe]:
    split = shown.split
    yield speaker.text(
        "Charged {time} by {name}",
        time=speaker.day_and_time(split.created_at),
        name=shown.by or "?",
    )
    if split.reversed_at is not None:
        yield speaker.text(
            "↩︎ Taken back {time} by {name}: {reason}",
            time=speaker.day_and_time(split.reversed_at),
            name=shown.reversed_by or "?",
            reason=speaker.reason(split.reason or ""),
        )


def _part_lines(
    parts: Sequence[AllocationPart],
    key: SplitKey,
    unit: str,
    currency: str,
    speaker: Speaker,
    page: int,
) -> list[Safe]:
    shown = parts[page * PAGE_PARTS : (page + 1) * PAGE_PARTS]
    return [_part_line(each, key, unit, currency, speaker) for each in shown]


def _part_line(
    part: AllocationPart, key: SplitKey, unit: str, currency: str, speaker: Speaker
) -> Safe:
    who = part.tenant if part.lease_id is not None else speaker.text("the owner")
    room = room_label(part.room) if part.room else None
    return line(
        line(room, who),
        _weighed(part, key, unit, speaker),
        bold(speaker.money(part.total_paise, currency)),
        between="  ",
    )


def _weighed(part: AllocationPart, key: SplitKey, unit: str, speaker: Speaker) -> str:
    if key is SplitKey.EQUAL:
        return speaker.days(part.days)
    if key is SplitKey.OWN_CONSUMPTION:
        return measure_text(key, part.weight, unit, speaker)
    return stretches_text(key, part.stretches, unit, speaker)


def _pages(
    action: Action, words: Sequence[int | str], parts: int, page: int, speaker: Speaker
) -> Rows:
    last = max(-(-parts // PAGE_PARTS), 1) - 1
    say = speaker.plain.text
    before = Button(label=say("‹ Rooms before"), press=press(action, *words, page - 1))
    after = Button(label=say("More rooms ›"), press=press(action, *words, page + 1))
    return rows_of(before if page > 0 else None, after if page < last else None)


def _past_line(split: Allocation, currency: str, speaker: Speaker) -> Safe:
    mark = "↩︎" if split.reversed_at is not None else None
    said = line(days_of(split, speaker), split.meter, between="  ")
    return line(mark, said, bold(speaker.money(split.total_paise, currency)), between="  ")


def _past_button(split: Allocation, speaker: Speaker) -> Button:
    label = f"{days_of(split, speaker.plain)} · {split.meter}"
    return Button(label=label, press=press(Action.COMMON_SPLIT, split.id))


def _out_of(split: Allocation, speaker: Speaker) -> tuple[Button, ...]:
    say = speaker.plain.text
    return (
        Button(label=say("‹ Back"), press=press(Action.COMMON_SPLIT, split.id)),
        Button(label=say("Cancel"), press=press(Action.COMMON, split.place_id)),
    )
