"""Where SQL text comes from: files of the project, and t-strings."""

from __future__ import annotations

import os
import shutil
import subprocess
import types
from pathlib import Path
from typing import Any

import pytest

from bridgeorm import QueryError, UnparameterizedSqlError, provenance, sql
from bridgeorm.project_files import project_root

from .corpus import load_module

CALLS = """
def plain(sql): return sql.file("queries/report.sql")
def filled(sql): return sql.file("queries/report.sql", low=5)
def climbing(sql): return sql.file("queries/../queries/report.sql")
def outside(sql): return sql.file("../outside.sql")
def absolute(sql): return sql.file("/etc/passwd")
def missing(sql): return sql.file("queries/nobody.sql")
def other(sql): return sql.file("queries/report.txt")
def linked(sql): return sql.file("queries/linked.sql")
def linked_inside(sql): return sql.file("queries/alias.sql")
def folder(sql): return sql.file("queries/folder.sql")
def large(sql): return sql.file("queries/large.sql")
def binary(sql): return sql.file("queries/binary.sql")
def two(sql): return sql.file("queries/two.sql")
def made(sql, name): return sql.file(name)
def nul(sql): return sql.file("queries/\\0.sql")
"""
REPORT = "SELECT 1 AS one WHERE 1 < {low}"


@pytest.fixture
def project(tmp_path: Path) -> types.ModuleType:
    """A module in a project of its own, beside files of all kinds."""
    root = tmp_path / "project"
    queries = root / "app" / "queries"
    queries.mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (queries / "report.sql").write_text(REPORT)
    (queries / "report.txt").write_text(REPORT)
    (queries / "two.sql").write_text("SELECT 1; SELECT 2")
    (queries / "large.sql").write_text("SELECT 1" + " " * 1_000_000)
    (queries / "binary.sql").write_bytes(b"SELECT '\xff'")
    (queries / "folder.sql").mkdir()
    (tmp_path / "outside.sql").write_text(REPORT)
    (root / "outside.sql").symlink_to(tmp_path / "outside.sql")
    (queries / "linked.sql").symlink_to(tmp_path / "outside.sql")
    (queries / "alias.sql").symlink_to(queries / "report.sql")
    return load_module(CALLS, root / "app", "calls")


def test_files_of_the_project_are_source(project: types.ModuleType) -> None:
    for function in (project.plain, project.filled, project.climbing, project.linked_inside):
        assert function(sql).pieces == ["SELECT 1 AS one WHERE 1 < ", ""]
    with pytest.raises(QueryError, match=r"calls\.py:\d+: no value was given for \{low\}"):
        assert project.plain(sql).statement


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("outside", "outside the project"),
        ("absolute", "no .sql file"),
        ("missing", "there is no file"),
        ("other", "no .sql file"),
        ("linked", "outside the project"),
        ("folder", "plain file"),
        ("large", "longer than"),
        ("binary", "not UTF-8"),
        ("two", "second statement"),
        ("nul", "there is no file"),
    ],
)
def test_other_files_are_not(project: types.ModuleType, name: str, problem: str) -> None:
    with pytest.raises(UnparameterizedSqlError, match=rf"calls\.py:\d+: .*{problem}"):
        getattr(project, name)(sql)


def test_the_name_of_the_file_is_written_too(project: types.ModuleType) -> None:
    with pytest.raises(UnparameterizedSqlError, match="put together at run time"):
        project.made(sql, "queries/" + str(Path("report.sql")))


def test_what_everybody_may_write_is_nobodys_source(project: types.ModuleType) -> None:
    report = Path(str(project.__file__)).parent / "queries" / "report.sql"
    for place in (report, report.parent, report.parent.parent.parent):
        mode = place.stat().st_mode
        place.chmod(mode | 0o002)
        with pytest.raises(UnparameterizedSqlError, match="everybody may write"):
            project.filled(sql)
        place.chmod(mode)
    assert len(project.filled(sql).pieces) == 2


def test_the_project_ends_at_its_mark_or_its_package(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    installed = tmp_path / ".venv" / "site-packages" / "library" / "inner"
    installed.mkdir(parents=True)
    assert project_root(installed / "module.py") == tmp_path / ".venv" / "site-packages" / "library"
    assert project_root(tmp_path / "app" / "module.py") == tmp_path


def test_a_file_is_called_for_from_a_file() -> None:
    code = compile("sql.file('report.sql')", "<stdin>", "eval")
    with pytest.raises(UnparameterizedSqlError, match="from a file of the project"):
        eval(code)  # noqa: S307 - what an interactive session does


# --- t-strings ---


class Template:
    """Stands for string.templatelib.Template in a Python that has none: the same two attributes."""

    def __init__(self, strings: tuple[str, ...], *interpolations: Any) -> None:
        self.strings = strings
        self.interpolations = interpolations


def _value(value: object, conversion: str | None = None, format_spec: str = "") -> Any:
    return types.SimpleNamespace(value=value, conversion=conversion, format_spec=format_spec)


def test_templates_give_text_and_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "TEMPLATE_CLASS", Template)
    template = Template(("SELECT ", " WHERE 1 = ", ""), _value(1), _value(2))
    made = sql(template)  # pyright: ignore[reportArgumentType]  # stands for a t-string
    assert made.pieces == ["SELECT ", " WHERE 1 = ", ""]
    nested = Template(("SELECT * FROM (", ") AS inner_rows"), _value(made))
    assert sql(nested).pieces[0] == "SELECT * FROM ( SELECT "  # pyright: ignore[reportArgumentType]  # as above


def test_templates_made_by_hand_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "TEMPLATE_CLASS", Template)
    texts: list[Any] = [
        Template(("".join(["SELECT ", "1"]),)),
        Template(("SELECT ", str(7) + " WHERE 1 = 1"), _value(1)),
        Template(("SELECT 1", type("Text", (str,), {})("")), _value(1)),
    ]
    for template in texts:
        with pytest.raises(UnparameterizedSqlError, match=r"test_sources\.py:\d+"):
            sql(template)
    for value in (_value(1, conversion="r"), _value(1, format_spec=">10")):
        with pytest.raises(QueryError, match="by itself"):
            sql(Template(("SELECT ", ""), value))  # pyright: ignore[reportArgumentType]  # stands for a t-string


def test_templates_of_other_classes_are_refused() -> None:
    with pytest.raises(UnparameterizedSqlError):
        sql(Template(("SELECT 1",)))  # pyright: ignore[reportArgumentType]  # what is refused


NEWEST = os.environ.get("BRIDGE_PYTHON314") or shutil.which("python3.14")
REAL_TEMPLATES = """
import importlib.util, sys, types
from string.templatelib import Interpolation, Template

class Refused(Exception): pass
package = types.ModuleType("bridgeorm")
package._engine = types.ModuleType("bridgeorm._engine")
package._engine.check_raw = lambda pieces: None
errors = types.ModuleType("bridgeorm.errors")
errors.UnparameterizedSqlError = Refused
sys.modules.update({"bridgeorm": package, "bridgeorm._engine": package._engine, "bridgeorm.errors": errors})
specification = importlib.util.spec_from_file_location("bridgeorm.provenance", sys.argv[1])
provenance = importlib.util.module_from_spec(specification)
specification.loader.exec_module(provenance)

def sql(template):
    assert provenance.is_template(template)
    return provenance.caller().prove_template(template)

def is_refused(template):
    try:
        sql(template)
    except Refused:
        return True
    return False

low, title = 5, "x'; DROP TABLE books"
assert sql(t"SELECT id FROM books WHERE price > {low} AND title = {title}") == (
    "SELECT id FROM books WHERE price > ", " AND title = ", "")
assert sql(t"{low}{title}") == ("", "", "")
assert sql(t"SELECT 1") == ("SELECT 1",)
def inside(value): return sql(t"SELECT {value} AS given")
assert inside(1) == ("SELECT ", " AS given")
assert is_refused(Template(title))
assert is_refused(Template("SELECT ", Interpolation(low, "low"), title))
assert is_refused(Template(title, Interpolation(low, "low"), ""))
assert is_refused(t"SELECT " + Template(title))
assert not provenance.is_template("SELECT 1")
print("taken and refused")
"""


@pytest.mark.skipif(NEWEST is None, reason="no Python 3.14: set BRIDGE_PYTHON314 to one")
def test_real_templates_of_python(tmp_path: Path) -> None:
    program = tmp_path / "templates.py"
    program.write_text(REAL_TEMPLATES)
    ran = subprocess.run(
        [str(NEWEST), str(program), str(provenance.__file__)], capture_output=True, text=True, check=False
    )
    assert ran.stdout == "taken and refused\n", ran.stderr
