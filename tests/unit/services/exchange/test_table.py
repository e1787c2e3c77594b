from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.exchange.table import TableFlaw, TableRow, UnreadableTable, read_table

COLUMNS = ("place", "room", "rate")


def rows(content: bytes | str) -> list[TableRow]:
    data = content.encode() if isinstance(content, str) else content
    return read_table(data, columns=COLUMNS, required=("place",))


def flaw(content: bytes | str) -> UnreadableTable:
    with pytest.raises(UnreadableTable) as refused:
        rows(content)
    return refused.value


def test_cells_are_found_by_the_header_in_any_order() -> None:
    (row,) = rows("rate,place\n6.50,Lakeside\n")

    assert row.cells == {"rate": "6.50", "place": "Lakeside"}


@pytest.mark.parametrize(
    ("separator", "end", "mark"), list(product(",;\t", ("\n", "\r\n", "\r"), ("", "\ufeff")))
)
def test_every_spreadsheet_is_understood(separator: str, end: str, mark: str) -> None:
    lines = [separator.join(("Place", " ROOM ", "rate")), separator.join(("Lakeside", "302", "6"))]
    (row,) = rows(mark + end.join(lines) + end)

    assert row.line == 2
    assert row.cells == {"place": "Lakeside", "room": "302", "rate": "6"}


def test_a_file_of_excel_in_unicode_is_understood() -> None:
    (row,) = rows("place\troom\nलेकसाइड\t302\n".encode("utf-16"))

    assert row.cells["place"] == "लेकसाइड"


def test_blank_lines_are_left_out_and_counted() -> None:
    found = rows("\n\nplace,room\n\n,,\nA,1\n   \nB,2")

    assert [(row.line, row.cells["place"]) for row in found] == [(6, "A"), (8, "B")]


def test_a_cell_over_several_lines_counts_from_where_it_begins() -> None:
    found = rows('place,room\n"A\nB",1\nC,2\n')

    assert [(row.line, row.cells["place"]) for row in found] == [(2, "A\nB"), (4, "C")]


def test_cells_beyond_the_header_are_kept_apart() -> None:
    (row,) = rows("place,room\nA,1,oops,\n")

    assert row.surplus == ("oops",)


def test_missing_cells_are_simply_not_there() -> None:
    (row,) = rows("place,room,rate\nA\n")

    assert row.cells == {"place": "A"}


@pytest.mark.parametrize(
    ("content", "expected", "columns"),
    [
        ("", TableFlaw.EMPTY, ()),
        (" \n,,\n", TableFlaw.EMPTY, ()),
        ("room\n302\n", TableFlaw.COLUMNS_MISSING, ("place",)),
        ("place,color\nA,red\n", TableFlaw.COLUMNS_UNKNOWN, ("color",)),
        ("place,,room\nA,,302\n", TableFlaw.COLUMNS_UNKNOWN, ("",)),
        ("place,room,Place\n", TableFlaw.COLUMNS_TWICE, ("place",)),
        (b"place\n\xff\xfe\xfa\n", TableFlaw.NOT_TEXT, ()),
        (b"place\nA\0B\n", TableFlaw.NOT_TEXT, ()),
        (b"PK\x03\x04\x14\x00\x06\x00", TableFlaw.NOT_TEXT, ()),
        (b"\xff\xfeA", TableFlaw.NOT_TEXT, ()),
        (b"place\n" + b"x" * 2_000_001, TableFlaw.TOO_LARGE, ()),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(
    content: bytes | str, expected: TableFlaw, columns: tuple[str, ...]
) -> None:
    refused = flaw(content)

    assert (refused.flaw, refused.columns) == (expected, columns)


def test_quotes_that_do_not_match_are_told_by_their_line() -> None:
    refused = flaw('place,room\nA,1\nB,"2\nC,3\n')

    assert (refused.flaw, refused.line) == (TableFlaw.BAD_QUOTES, 3)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_at_all_makes_it_stumble(content: bytes) -> None:
    for whole in (content, b"place,room\n" + content):
        with suppress(UnreadableTable):
            rows(whole)
