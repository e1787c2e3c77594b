"""What people are told of shared use: their part of it, and what no meter explains. Section 8."""

from datetime import date
from decimal import Decimal

from bot.i18n import N_, Safe
from bot.i18n.share_words import line_of_days, share_lines, span_text
from bot.telegram.callbacks import Action
from bot.telegram.screen import Screen, rows_of
from bot.telegram.screens.html import bold, line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader


def share(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a part of common use, with the whole and the key."""
    speaker, currency = reader.speaker, facts.word("currency")
    what, *why = share_lines(facts.values, currency, speaker)
    return Screen(
        html=lines(
            speaker.text(
                "👥 {amount} · your share of common use",
                amount=bold(reader.money(facts, "part_paise")),
            ),
            line(reader.room(facts), what),
            *why,
            _what_it_does(facts, reader),
        ),
        buttons=rows_of(reader.button(N_("Statement"), Action.STATEMENT, facts.whole("lease_id"))),
    )


def share_taken_back(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a part that was given back."""
    speaker = reader.speaker
    return Screen(
        html=lines(
            speaker.text(
                "👥 {amount} · share of common use taken back",
                amount=bold(line("+", reader.money(facts, "amount_paise"), between="")),
            ),
            line(reader.room(facts), line_of_days(facts.values, speaker)),
            speaker.text("Reason: {reason}", reason=speaker.reason(facts.word("reason"))),
            _balance(facts, reader),
        ),
        buttons=rows_of(reader.button(N_("Statement"), Action.STATEMENT, facts.whole("lease_id"))),
    )


def loss(facts: Facts, reader: Reader) -> Screen:
    """Return the word to staff that much was counted by no sub-meter. Rule 8.4."""
    speaker, unit = reader.speaker, facts.word("unit")
    left, main = facts.decimal("left"), facts.decimal("main")
    percent = (left * 100 / main).quantize(Decimal("0.1")).normalize()
    return Screen(
        html=lines(
            speaker.text(
                "⚠️ {meter}: {percent} counted by no sub-meter",
                meter=bold(facts.word("meter")),
                percent=speaker.percent(percent),
            ),
            line(facts.word("place"), _days(facts, reader)),
            speaker.text(
                "{left} of {main}; you are told above {limit}.",
                left=speaker.quantity(left, unit),
                main=speaker.quantity(main, unit),
                limit=speaker.percent(facts.whole("limit_percent")),
            ),
            speaker.text("A leak, a tap before the meters, or a meter that stands still?"),
        ),
        buttons=rows_of(
            reader.button(N_("Sub-meters"), Action.METER_BRANCH, facts.whole("meter_id")),
        ),
    )


def _days(facts: Facts, reader: Reader) -> Safe:
    first_on, last_on = (date.fromisoformat(facts.word(name)) for name in ("from_on", "to_on"))
    return span_text(first_on, last_on, reader.speaker)


def _what_it_does(facts: Facts, reader: Reader) -> Safe:
    if not facts.is_true("is_billed"):
        return _balance(facts, reader)
    if facts.values.get("has_next_bill", True):
        return reader.speaker.text("It comes with your next bill.")
    return reader.speaker.text("You have had the last bill: this comes on one of its own.")


def _balance(facts: Facts, reader: Reader) -> Safe:
    return reader.speaker.text(
        "Balance {before} → {after}",
        before=reader.money(facts, "before_paise"),
        after=bold(reader.money(facts, "after_paise")),
    )
