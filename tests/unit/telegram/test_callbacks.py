"""What a button carries comes back as it went, and nothing else gets in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.callbacks import (
    MAX_BYTES,
    Action,
    ButtonTooLong,
    ButtonUnknown,
    Press,
    decode,
    encode,
    nonce_of,
    press,
)

PRESSES = st.builds(
    Press,
    action=st.sampled_from(Action),
    arguments=st.lists(st.text(max_size=12), max_size=4).map(tuple),
    nonce=st.none() | st.text(min_size=1, max_size=12),
    aside=st.booleans(),
)


@given(PRESSES)
def test_a_button_comes_back_as_it_went(pressed: Press) -> None:
    try:
        data = encode(pressed)
    except ButtonTooLong:
        return
    assert len(data.encode()) <= MAX_BYTES
    assert decode(data) == pressed


def test_a_button_that_telegram_would_refuse_is_refused_here() -> None:
    with pytest.raises(ButtonTooLong):
        encode(press(Action.HOME, "x" * MAX_BYTES))


@given(st.text(max_size=80))
def test_an_invented_button_is_unknown(data: str) -> None:
    try:
        known = decode(data)
    except ButtonUnknown:
        return
    assert decode(encode(known)) == known


@pytest.mark.parametrize(
    "data", ["", "1", "1:h", "2:h::7", "0:h::7", "1:nothing::7", "h::7", "1:h::" + "9" * 60]
)
def test_another_version_or_an_unknown_action_is_unknown(data: str) -> None:
    with pytest.raises(ButtonUnknown):
        decode(data)


@given(st.text(max_size=30))
def test_an_argument_is_a_number_that_the_store_can_hold_or_unknown(text: str) -> None:
    pressed = Press(action=Action.HOME, arguments=(text,))
    try:
        number = pressed.integer(0)
    except (ButtonUnknown, ButtonTooLong):
        return
    assert abs(number) < 2**63


@pytest.mark.parametrize("index", [1, 2, -1])
def test_a_missing_argument_makes_a_button_unknown(index: int) -> None:
    with pytest.raises(ButtonUnknown):
        press(Action.HOME, 7).integer(index)


def test_every_action_with_the_largest_id_and_a_nonce_fits() -> None:
    for action in Action:
        assert encode(press(action, 10**15, 10**15, nonce=nonce_of(2**40), aside=True))


def test_each_update_has_a_nonce_of_its_own_which_stays_the_same() -> None:
    nonces = {nonce_of(update_id) for update_id in [*range(1000), *range(1000)]}

    assert len(nonces) == 1000


@pytest.mark.parametrize("nonce", [None, "", "n7", "photo-7", "reading-1"])
def test_only_what_an_update_asked_is_a_question(nonce: str | None) -> None:
    assert press(Action.PAY_CONFIRM, 7, nonce=nonce_of(7)).answers_question
    assert not press(Action.CANCEL_ORDER, 7, nonce=nonce).answers_question
