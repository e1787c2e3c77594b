"""The promises of the layout: who may import whom, and how large things may grow."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "bot"
PATHS = sorted(SOURCE.rglob("*.py"))
LONGEST_MODULE = 300
LONGEST_FUNCTION = 70
EDGES = {"bot/telegram/dispatch.py", "bot/jobs/runner.py"}
CLOCKS = {"bot/clock.py"}
NAMELESS = {"utils", "util", "common", "helpers", "helper", "manager", "misc", "base"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def of_product() -> list[Path]:
    """Everything but the demonstration world, which has a clock of its own."""
    return [path for path in PATHS if "sandbox" not in path.relative_to(SOURCE).parts]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)} imports relatively"
            yield node.module or ""


def statements(node: Function) -> int:
    """Lines of a function without its docstring."""
    first = node.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_imports_keep_their_contracts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    configure()
    kept = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=str(tmp_path))

    assert kept, capsys.readouterr().out


@pytest.mark.parametrize("path", sorted((SOURCE / "domain").rglob("*.py")), ids=relative)
def test_the_rules_see_the_standard_library_alone(path: Path) -> None:
    strangers = {
        name
        for name in imports(path)
        if not name.startswith("bot.domain")
        and name.partition(".")[0] not in sys.stdlib_module_names
    }

    assert not strangers


@pytest.mark.parametrize("path", sorted((SOURCE / "services").rglob("*.py")), ids=relative)
def test_the_use_cases_see_rules_and_ports_alone(path: Path) -> None:
    strangers = {
        name
        for name in imports(path)
        if not name.startswith(("bot.domain", "bot.services"))
        and name.partition(".")[0] not in sys.stdlib_module_names
    }

    assert not strangers


def test_the_top_level_is_fixed() -> None:
    from_tools = {"Dockerfile", "pyproject.toml", "README.md", "requirements.lock", "compose.yaml"}
    from_runs = {"backups", "qube-bot.db", "qube-bot.db-shm", "qube-bot.db-wal"}
    wanted = {"bot", "tests", "locales", *from_tools, *from_runs}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    assert not found - wanted


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not [relative(path) for path in PATHS if path.stem in NAMELESS]


def test_no_module_grows_beyond_what_can_be_overlooked() -> None:
    lengths = {
        relative(path): len(path.read_text("utf-8").splitlines())
        for path in PATHS
        if "versions" not in path.parts  # migrations are written out, and never change again
    }

    assert not {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE}


def test_functions_stay_short() -> None:
    lengths = [
        (f"{relative(path)}:{node.lineno} {node.name}", statements(node))
        for path in PATHS
        for node in ast.walk(parsed(path))
        if isinstance(node, Function)
    ]
    lines = [length for _, length in lengths]

    assert not [name for name, length in lengths if length > LONGEST_FUNCTION]
    assert median(lines) <= 8
    assert quantiles(lines, n=10)[-1] <= 25


def test_only_the_edges_catch_everything() -> None:
    found = {
        relative(path)
        for path in PATHS
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    }

    assert found <= EDGES


def test_only_the_clock_knows_the_time() -> None:
    asked = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    found = {
        relative(path)
        for path in of_product()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("dt.") in asked
    }

    assert found <= CLOCKS


def test_nobody_makes_a_float_of_money_or_readings() -> None:
    found = {
        relative(path)
        for folder in ("domain", "services", "db")
        for path in (SOURCE / folder).rglob("*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "float"
    }

    assert not found


def test_each_adapter_is_named_by_what_it_is_for() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}

    assert packages <= {
        "db",
        "demo",
        "domain",
        "i18n",
        "jobs",
        "qube",
        "render",
        "sandbox",
        "services",
        "telegram",
        "vision",
        "web",
    }
