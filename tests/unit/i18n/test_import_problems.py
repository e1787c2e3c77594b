"""Every reason has a sentence that its own facts can fill."""

from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import Catalogues
from bot.i18n.import_problems import FLAWS, PROBLEMS, problem_text, unreadable_text
from bot.services.exchange.lease_rows import parse_leases
from bot.services.exchange.problem import ProblemKind, RowProblem
from bot.services.exchange.table import TableFlaw, UnreadableTable

SPEAKER = Catalogues().speaker("en", ZoneInfo("Asia/Kolkata")).plain


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_has_a_sentence(kind: ProblemKind) -> None:
    names = {name for _, name, _, _ in Formatter().parse(PROBLEMS[kind]) if name}
    facts = dict.fromkeys(names - {"value"}, "x")
    problem = RowProblem(line=3, kind=kind, column="room", value="y", facts=facts)

    assert problem_text(problem, SPEAKER).startswith("Line 3, room: ")


@pytest.mark.parametrize("flaw", TableFlaw)
def test_every_flaw_of_a_file_has_a_sentence(flaw: TableFlaw) -> None:
    assert FLAWS[flaw]
    assert unreadable_text(UnreadableTable(flaw, columns=["a", "b"], line=2), SPEAKER)


@pytest.mark.parametrize("kind", [ProblemKind.NO_RATE, ProblemKind.NO_TARIFF])
def test_a_rate_that_is_wanted_comes_with_an_example(kind: ProblemKind) -> None:
    problem = RowProblem(line=2, kind=kind, column="rate", value="", facts={"count": "2"})
    assert problem_text(problem, SPEAKER).startswith("Line 2, rate: give a rate, for example 6.50:")


def test_what_is_wrong_is_quoted() -> None:
    (problem,) = parse_leases(b"place,room,meter,tenant,mode\nL,1,m,T,monthly\n").problems

    assert (
        problem_text(problem, SPEAKER) == "Line 2, mode: “monthly” is not one of prepaid, postpaid"
    )
