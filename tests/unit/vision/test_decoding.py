from decimal import Decimal

from bot.vision.decoding import evidence
from bot.vision.prior import prior_of
from tests.unit.vision.lines import line, slot

PRIOR = prior_of(previous=Decimal(1450), plausible=Decimal(500), decimals=1)


def likeliest(found: dict[Decimal, float]) -> Decimal:
    return max(found, key=lambda value: found[value])


def test_a_clear_line_shows_its_value() -> None:
    assert likeliest(evidence(line("014623"), PRIOR)) == Decimal("1462.3")


def test_leading_zeros_make_it_surer() -> None:
    value = Decimal(1462)

    assert evidence(line("001462"), PRIOR)[value] > evidence(line("1462"), PRIOR)[value]


def test_the_previous_reading_decides_between_look_alikes() -> None:
    found = evidence([slot(7, sure=0.6, instead=1), *line("462")], PRIOR)

    assert likeliest(found) == Decimal(1462)


def test_a_misread_leading_digit_is_put_right() -> None:
    assert likeliest(evidence(line("07462"), PRIOR)) == Decimal(1462)


def test_a_serial_number_with_fitting_digits_in_it_says_little() -> None:
    value = Decimal(1462)
    alone, inside = evidence(line("01462"), PRIOR), evidence(line("9901462733"), PRIOR)

    assert inside.get(value, 0.0) < alone[value] / 100


def test_a_unit_read_as_digits_behind_the_number_does_little_harm() -> None:
    found = evidence([*line("014623"), slot(4, sure=0.3), slot(1, sure=0.3)], PRIOR)

    assert likeliest(found) == Decimal("1462.3")


def test_a_line_that_cannot_be_the_counter_shows_nothing_likely() -> None:
    assert max(evidence(line("888"), PRIOR).values(), default=0) < 0.001
