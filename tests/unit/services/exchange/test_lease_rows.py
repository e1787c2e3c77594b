from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lease import BillingMode
from bot.domain.metering import MeterType
from bot.services.exchange.lease_rows import LEASE_COLUMNS, doubles, parse_leases
from bot.services.exchange.problem import ProblemKind
from bot.services.exchange.table import UnreadableTable

HEADER = ",".join(LEASE_COLUMNS)


def test_the_header_is_the_documented_one() -> None:
    assert HEADER == (
        "place,room,meter,type,tenant,phone,mode,rate,start_on,opening_reading,"
        "opening_balance,cut_off,low_balance,billing_day"
    )


def test_a_full_row_is_typed() -> None:
    text = (
        f"{HEADER}\nLakeside,Room  #302,m.302,gas,Asha Rao,+91 98123 45678,Postpaid,6.505,"
        "2026-10-26,1450.0,-85.5,100,500,25\n"
    )
    (row,) = parse_leases(text.encode()).rows

    assert (row.line, row.place, row.room, row.meter) == (2, "Lakeside", "Room #302", "m.302")
    assert (row.type, row.mode) == (MeterType.GAS, BillingMode.POSTPAID)
    assert (row.rate_paise, row.opening_reading) == (Decimal("650.5"), Decimal(1450))
    assert (row.opening_balance_paise, row.cut_off_paise) == (-8_550, 10_000)
    assert (row.low_balance_paise, row.billing_day) == (50_000, 25)


def test_empty_cells_are_defaults() -> None:
    (row,) = parse_leases(b"place,room,meter,tenant\nL,1,m,T\n").rows

    assert (row.type, row.mode) == (MeterType.ELECTRICITY, BillingMode.PREPAID)
    assert (row.rate_paise, row.start_on, row.opening_reading) == (None, None, None)
    assert (row.opening_balance_paise, row.cut_off_paise) == (0, None)


def test_everything_that_is_wrong_in_a_row_is_told_at_once() -> None:
    text = f"{HEADER}\n,1,m,x,T,1,y,z,2026,-1,a,-1,1,40\n"
    parsed = parse_leases(text.encode())

    assert not parsed.rows
    assert [problem.column for problem in parsed.problems] == [
        "place",
        "type",
        "mode",
        "phone",
        "rate",
        "start_on",
        "opening_reading",
        "opening_balance",
        "cut_off",
        "billing_day",
    ]
    assert {problem.line for problem in parsed.problems} == {2}


def test_a_bad_row_does_not_spoil_the_others() -> None:
    parsed = parse_leases(b"place,room,meter,tenant\nL,1,m1,T\nL,,m2,T\nL,3,m3,T\n")

    assert [row.line for row in parsed.rows] == [2, 4]
    assert [(p.line, p.kind) for p in parsed.problems] == [(3, ProblemKind.MISSING)]


def test_a_low_balance_below_the_cut_off_is_refused() -> None:
    text = "place,room,meter,tenant,cut_off,low_balance\nL,1,m,T,500,100\n"
    (problem,) = parse_leases(text.encode()).problems

    assert problem.kind is ProblemKind.LOW_BELOW_CUT_OFF


def test_a_comma_without_quotes_is_noticed() -> None:
    (problem,) = parse_leases(b"place,room,meter,tenant\nL,1,m,Rao,Asha\n").problems

    assert (problem.kind, problem.value) == (ProblemKind.TOO_MANY_CELLS, "Asha")


def test_what_is_quoted_back_is_short_and_on_one_line() -> None:
    text = f'place,room,meter,tenant,phone\nL,1,m,T,"{"9" * 100}\n"\n'
    (problem,) = parse_leases(text.encode()).problems

    assert len(problem.value) <= 40
    assert problem.value.isprintable()


def test_doubles_name_the_first_line() -> None:
    rows = parse_leases(b"place,room,meter,tenant\nL,1,m,T\nL,2,m,T\nL,3,m,T\n").rows

    assert doubles(rows, lambda row: row.meter) == {3: 2, 4: 2}


cell = st.text(max_size=12) | st.sampled_from(["1", "-1", "6.5", "2026-10-26", "prepaid", ""])


@given(st.lists(st.lists(cell, max_size=16), max_size=4))
def test_no_csv_at_all_makes_it_stumble(rows: list[list[str]]) -> None:
    text = "\n".join([HEADER, *(",".join(row) for row in rows)])
    try:
        parsed = parse_leases(text.encode("utf-8", "surrogatepass"))
    except UnreadableTable:
        return
    lines = {row.line for row in parsed.rows}
    assert not lines & {problem.line for problem in parsed.problems}
