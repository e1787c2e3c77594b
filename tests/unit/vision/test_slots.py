import pytest

from bot.vision.slots import shows_digits, slots_of


def step(digit: int | None, likely: float = 0.95) -> list[float]:
    frame = [0.001] * 11
    frame[0 if digit is None else digit + 1] = likely
    return frame


def test_steps_of_one_digit_make_one_slot() -> None:
    slots = slots_of([step(None), step(4), step(4), step(None), step(7)])

    assert [slot.odds.index(max(slot.odds)) for slot in slots] == [4, 7]


def test_equal_digits_are_told_apart_by_the_gap_between_them() -> None:
    assert len(slots_of([step(1), step(None), step(1)])) == 2


def test_neighbouring_digits_without_a_gap_are_two() -> None:
    assert len(slots_of([step(1), step(2)])) == 2


def test_odds_of_a_slot_add_up_to_one() -> None:
    (slot,) = slots_of([[0.3, *[0.01] * 9, 0.4]])

    assert sum(slot.odds) + slot.nothing == pytest.approx(1)


def test_a_letter_that_is_likelier_takes_the_meaning_out_of_digits() -> None:
    (digit,) = slots_of([step(8)])
    (letter,) = slots_of([[0.0001, *[0.0001] * 8, 0.003, 0.0001]])

    assert max(letter.odds) < 0.7 < max(digit.odds)


def test_an_empty_picture_has_no_slots() -> None:
    assert slots_of([step(None), step(None)]) == ()


def test_a_line_without_a_likely_digit_shows_none() -> None:
    assert shows_digits([step(None), step(4)])
    assert not shows_digits([step(None), step(8, 0.2)])
