"""Real models on pictures that the tests draw."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PIL import Image, ImageFilter

from bot.services.meter_photo import PhotoFlaw, PhotoProposal
from bot.vision.jobs import Read
from bot.vision.reading import read
from tests.integration.vision.pictures import display, drum, file

pytestmark = pytest.mark.slow


def proposed(
    picture: Image.Image,
    *,
    previous: int | str | None = 1450,
    plausible: int = 500,
    decimals: int = 1,
) -> PhotoProposal:
    return read(
        Read(
            photo=file(picture, quality=90),
            previous=None if previous is None else Decimal(previous),
            plausible=Decimal(plausible),
            decimals=decimals,
        )
    )


def values(proposal: PhotoProposal) -> list[Decimal]:
    return [each.value for each in proposal.candidates]


@pytest.mark.parametrize("digits", ["014623", "018750"])
def test_a_seven_segment_display_is_read(digits: str) -> None:
    assert values(proposed(display(digits)))[0] == Decimal(digits) / 10


@pytest.mark.parametrize("digits", ["015098", "018776"])
def test_a_drum_counter_is_read(digits: str) -> None:
    assert values(proposed(drum(digits)))[0] == Decimal(digits) / 10


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_photo_is_read(degrees: int) -> None:
    turned = drum("014623").rotate(degrees, expand=True)

    assert int(values(proposed(turned))[0]) == 1462


def test_cubic_metres_are_read_although_wheels_for_litres_follow() -> None:
    proposal = proposed(drum("00140738"), previous=100, decimals=3)

    assert int(values(proposal)[0]) == 140


@pytest.mark.parametrize("draw", [display, drum])
@pytest.mark.parametrize(("previous", "digits"), [("1462.3", "014746"), ("1466.0", "014801")])
def test_a_jump_that_is_clearly_read_is_not_bent_into_what_is_plausible(
    draw: Callable[[str], Image.Image], previous: str, digits: str
) -> None:
    proposal = proposed(draw(digits), previous=previous, plausible=6)

    assert values(proposal)[0] == Decimal(digits) / 10
    assert int(values(proposal)[1]) == int(digits) // 10 - 10


@pytest.mark.parametrize("draw", [display, drum])
def test_decimals_that_were_read_are_kept_where_they_are_barely_implausible(
    draw: Callable[[str], Image.Image],
) -> None:
    proposal = proposed(draw("014812"), previous="1475.0", plausible=6)

    assert Decimal("1481.2") in values(proposal)
    assert Decimal(1481) not in values(proposal)


@pytest.mark.parametrize("draw", [display, drum])
def test_what_is_plausible_comes_first_although_it_could_be_read_otherwise(
    draw: Callable[[str], Image.Image],
) -> None:
    assert values(proposed(draw("014681"), previous="1462.3", plausible=6))[0] == Decimal("1468.1")


def test_at_most_three_values_are_proposed_best_first() -> None:
    scores = [each.score_percent for each in proposed(drum("014623")).candidates]

    assert 1 <= len(scores) <= 3
    assert scores == sorted(scores, reverse=True)


def test_without_a_previous_reading_the_number_is_among_the_candidates() -> None:
    assert Decimal(14623) in values(proposed(drum("014623"), previous=None, decimals=0))


def test_another_meter_far_from_the_previous_reading_is_not_proposed() -> None:
    proposal = proposed(display("082914"))

    assert proposal.candidates == ()
    assert proposal.flaw is not None


@pytest.mark.parametrize(
    ("picture", "flaw"),
    [
        (drum("014623").point(lambda value: value // 16), PhotoFlaw.TOO_DARK),
        (drum("014623").filter(ImageFilter.GaussianBlur(25)), PhotoFlaw.BLURRED),
        (Image.effect_noise((160, 120), 90).convert("RGB"), PhotoFlaw.NO_NUMBER),
    ],
)
def test_a_photo_that_cannot_be_read_says_what_to_do_better(
    picture: Image.Image, flaw: PhotoFlaw
) -> None:
    assert proposed(picture, previous=50_000) == PhotoProposal(flaw=flaw)
