"""One reference has one form, however it was grouped when somebody typed it. Rule 9.1."""

import pytest

from bot.services.reference import BadReference, clean_reference

UTR = "423188908890"


@pytest.mark.parametrize(
    "typed", [UTR, "4231 8890 8890", "4231-8890-8890", "4231–8890 – 8890", "-423188908890-"]
)
def test_digits_are_the_same_however_they_are_grouped(typed: str) -> None:
    assert clean_reference(typed) == UTR


@pytest.mark.parametrize("typed", ["HDFC-4231-8890", "hdfc- 4231 -8890"])
def test_a_dash_beside_letters_is_part_of_the_reference(typed: str) -> None:
    assert clean_reference(typed) == "HDFC-4231-8890"


def test_dashes_alone_are_no_digits() -> None:
    assert clean_reference("--") == "--"
    with pytest.raises(BadReference):
        clean_reference("  ")
