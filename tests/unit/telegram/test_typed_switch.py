"""What is typed after /relay is understood, and never crashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.supply import Hold
from bot.telegram.staff.typed_switch import TypedSwitch, parse_switch

WORDS = st.sampled_from(["302", "on", "off", "auto", "room", "#302", "बंद", "AC", "repair"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("302 on", TypedSwitch(room="302", hold=Hold.ON)),
        ("302 OFF.", TypedSwitch(room="302", hold=Hold.OFF)),
        ("Room #302 auto", TypedSwitch(room="Room #302", hold=Hold.NONE)),
        (
            "lakeside 302 off AC repair",
            TypedSwitch(room="lakeside 302", hold=Hold.OFF, reason="AC repair"),
        ),
        ("302 off on Monday", TypedSwitch(room="302", hold=Hold.OFF, reason="on Monday")),
        ("on 302", TypedSwitch(room="302", hold=Hold.ON)),
        ("302 चालू", TypedSwitch(room="302", hold=Hold.ON)),
        ("302", TypedSwitch(room="302")),
        ("off", TypedSwitch(room="", hold=Hold.OFF)),
        ("", TypedSwitch(room="")),
    ],
)
def test_a_line_is_read(typed: str, meant: TypedSwitch) -> None:
    assert parse_switch(typed) == meant


@given(st.lists(WORDS | st.text(max_size=6), max_size=8).map(" ".join))
def test_whatever_is_typed_is_read_without_a_crash(typed: str) -> None:
    read = parse_switch(typed)

    assert read.reason is None or read.hold is not None
    assert len(read.room.split()) <= len(typed.split())
