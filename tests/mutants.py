"""Mutation of the rules: each operator of the models' SQL is altered alone, and a test must notice.

`make mutants` builds the project, makes every mutant of the compiled SQL, and tells which are
killed: by a unit test of their model, or else on the record, by a broken build, key or reference,
or by another answer to an analysis, to a query of the README or to a pinned headline. The figures
go into mutants_result.csv; who survives must be explained in mutants_survivors.csv as equivalent.
"""

import csv
import hashlib
import json
import multiprocessing
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import defects
import duckdb
import sqlglot
from conftest import Copy, build_copy
from readme import QUERY, README, compile_analyses
from sqlglot import exp

from models import Models
from strike_ledger.declarations import PROJECT

HEADLINES = Path(__file__).with_name("headlines.csv")
RESULT = Path(__file__).with_name("mutants_result.csv")
SURVIVORS = Path(__file__).with_name("mutants_survivors.csv")
COLUMNS = ["made", "killed_by_unit_tests", "killed_by_record", "survived"]
GOAL = 0.95
SHOWN = 110
ABOUT = "about"  # it hashes the record, and neither counts nor decides
_REFUSED = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
EMPTY = {"INTEGER": "0", "BIGINT": "0", "VARCHAR": "''", "BOOLEAN": "false"}

New = tuple[exp.Expression, str]


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _without(node: exp.Expression, argument: str, index: int) -> exp.Expression:
    """Copy a node without one member of a list that it holds."""
    new = node.copy()
    del new.args[argument][index]
    return new


def _as(kind: type[exp.Expression], node: exp.Expression) -> exp.Expression:
    """Copy an operation as one of another kind."""
    return kind(**{name: part.copy() for name, part in node.args.items() if part is not None})


def join_kind(node: exp.Expression) -> Iterator[New]:
    """Make a left join of an inner one, and the reverse."""
    if isinstance(node, exp.Join) and node.args.get("on"):
        new = node.copy()
        is_left = node.side == "LEFT"
        new.set("kind", None)
        new.set("side", None if is_left else "LEFT")
        change = "left -> inner" if is_left else "inner -> left"
        yield new, f"{change} join {node.alias_or_name} on {node.args['on'].sql('duckdb')}"


_COMPARISONS: dict[type, tuple[type, ...]] = {
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.LT: (exp.LTE, exp.GT),
    exp.LTE: (exp.LT, exp.GTE),
    exp.GT: (exp.GTE, exp.LT),
    exp.GTE: (exp.GT, exp.LTE),
    exp.Add: (exp.Sub,),
    exp.Sub: (exp.Add,),
    exp.Min: (exp.Max,),
    exp.Max: (exp.Min,),
    exp.Sum: (exp.Max,),
}


def operator(node: exp.Expression) -> Iterator[New]:
    """Put another comparison, sign or aggregate in place of one."""
    for other in _COMPARISONS.get(type(node), ()):
        yield _as(other, node), ""


def junction(node: exp.Expression) -> Iterator[New]:
    """Swap and with or, and drop what stands on one side of it."""
    if isinstance(node, exp.And | exp.Or):
        yield exp.Paren(this=_as(exp.Or if isinstance(node, exp.And) else exp.And, node)), ""
        neutral = isinstance(node, exp.And)
        for side in (node.this, node.expression):
            if not isinstance(side, type(node)):
                name = "this" if side is node.this else "expression"
                new = node.copy()
                new.set(name, exp.Boolean(this=neutral))
                yield new, f"{side.sql('duckdb')} -> dropped"


def whole_filter(node: exp.Expression) -> Iterator[New]:
    """Drop a filter of one condition; those of several lose one at a time."""
    if isinstance(node, exp.Where | exp.Having) and not isinstance(node.this, exp.And):
        yield type(node)(this=exp.true()), f"{node.sql('duckdb')} -> dropped"


def negation(node: exp.Expression) -> Iterator[New]:
    """Drop a not, and put one before `is null`."""
    if isinstance(node, exp.Not):
        yield node.this.copy(), ""
    elif isinstance(node, exp.Is) and not isinstance(node.parent, exp.Not):
        yield exp.Not(this=node.copy()), ""


def count(node: exp.Expression) -> Iterator[New]:
    """Count rows instead of values, and values instead of different values."""
    if isinstance(node, exp.Count) and not isinstance(node.this, exp.Star):
        if isinstance(node.this, exp.Distinct):
            yield exp.Count(this=node.this.expressions[0].copy()), ""
        else:
            yield exp.Count(this=exp.Star()), ""


def case_branch(node: exp.Expression) -> Iterator[New]:
    """Drop a branch of a case; of one that has no other, the condition."""
    if not isinstance(node, exp.Case):
        return
    branches, default = node.args["ifs"], node.args.get("default")
    for n, branch in enumerate(branches):
        if len(branches) > 1:
            new = _without(node, "ifs", n)
        else:
            new = (default or branch.args["true"]).copy()
        yield new, f"{branch.sql('duckdb')} -> dropped"
    if default and not isinstance(default, exp.Null):
        new = node.copy()
        new.set("default", None)
        yield new, f"ELSE {default.sql('duckdb')} -> dropped"


def _is_list(node: exp.Expression) -> bool:
    """Tell the SQL of the macro list_of."""
    return isinstance(node, exp.Nullif) and isinstance(node.this, exp.ArrayToString)


def _is_never_null(node: exp.Expression) -> bool:
    return isinstance(node, exp.Literal) or (
        isinstance(node, exp.Case)
        and _is_never_null(node.args.get("default") or exp.null())
        and all(_is_never_null(branch.args["true"]) for branch in node.args["ifs"])
    )


def unknown(node: exp.Expression) -> Iterator[New]:
    """Drop what stands in for an unknown value, and put zero or nothing in its place."""
    if isinstance(node, exp.Coalesce):
        for n in range(len(node.expressions)):
            fewer = _without(node, "expressions", n)
            dropped = node.expressions[n].sql("duckdb")
            yield (fewer if fewer.expressions else fewer.this), f"{dropped} of {node.sql('duckdb')}"
        return
    is_figure = isinstance(node, exp.Sum | exp.Min | exp.Max) and not _is_never_null(node.this)
    is_list = _is_list(node) and node.find(exp.Case, exp.Coalesce)
    if (is_figure or is_list) and not isinstance(node.parent, exp.Window | exp.Coalesce):
        zero = exp.Literal.number(0) if is_figure else exp.Literal.string("")
        yield exp.Coalesce(this=node.copy(), expressions=[zero]), ""


def constant(node: exp.Expression) -> Iterator[New]:
    """Write another number or word, and turn true into false."""
    if isinstance(node, exp.Boolean) and not isinstance(node.parent, exp.ArraySort):
        yield exp.Boolean(this=not node.this), ""
    elif isinstance(node, exp.In):
        for n, member in enumerate(node.expressions):
            if len(node.expressions) > 1:
                label = f"{member.sql('duckdb')} of {node.sql('duckdb')} -> dropped"
                yield _without(node, "expressions", n), label
    elif isinstance(node, exp.Literal) and not _is_no_constant(node):
        if node.is_string:
            new = exp.Literal.string(node.this + "_")
        else:
            new = exp.Literal.number(f"{float(node.this) + 1:g}")
        yield new, f"{node.sql('duckdb')} -> {new.sql('duckdb')} in {node.parent.sql('duckdb')}"


def _is_no_constant(node: exp.Literal) -> bool:
    """Tell a constant from a part of a type or a list, a unit, and a mark that is only counted."""
    if _is_list(node.parent):
        return True
    if isinstance(node.parent, exp.If) and node.arg_key == "true":
        return isinstance(node.parent.parent.parent, exp.Count)
    is_member = isinstance(node.parent, exp.In) and len(node.parent.expressions) > 1
    return is_member or isinstance(
        node.parent, exp.DataTypeParam | exp.Interval | exp.TimestampDiff | exp.DateDiff
    )


def repetition(node: exp.Expression) -> Iterator[New]:
    """Keep or drop repeated rows and values."""
    if isinstance(node, exp.Union):
        new = node.copy()
        new.set("distinct", not node.args["distinct"])
        yield new, "union distinct -> all" if node.args["distinct"] else "union all -> distinct"
    elif isinstance(node, exp.Select) and node.args.get("distinct"):
        new = node.copy()
        new.set("distinct", None)
        yield new, "select distinct -> select"
    elif isinstance(node, exp.ArrayDistinct):
        yield node.this.copy(), ""


def order(node: exp.Expression) -> Iterator[New]:
    """Sort the other way, and put the unknown first where it is said to be last."""
    if isinstance(node, exp.Ordered):
        new = node.copy()
        new.set("desc", not node.args["desc"])
        yield new, ""
        if node.meta.get("nulls_last"):
            new = node.copy()
            new.set("nulls_first", True)
            yield new, ""


def partition(node: exp.Expression) -> Iterator[New]:
    """Drop a column by which a window is partitioned."""
    if isinstance(node, exp.Window):
        for n, column in enumerate(node.args["partition_by"]):
            new = _without(node, "partition_by", n)
            yield new, f"partition by {column.sql('duckdb')} -> dropped"


MUTATORS: tuple[Callable[[exp.Expression], Iterator[New]], ...] = (
    join_kind,
    operator,
    junction,
    whole_filter,
    negation,
    count,
    case_branch,
    unknown,
    constant,
    repetition,
    order,
    partition,
)


def _joined_as_zero(select: exp.Expression, types: dict[str, str]) -> Iterator[New]:
    """Put zero or nothing for the unknown in each column that a left join may leave unknown."""
    joins = select.args.get("joins") or []
    left = {join.alias_or_name for join in joins if join.side == "LEFT"}
    for projection in select.expressions if left else ():
        column = projection.unalias()
        zero = EMPTY.get(types.get(projection.alias_or_name, ""))
        if isinstance(column, exp.Column) and column.table in left and zero:
            yield column, f"COALESCE({column.sql('duckdb')}, {zero})"


class Mutant(NamedTuple):
    """A model's SQL with one operator altered."""

    model: str
    name: str
    sql: str
    base: str


def _shown(label: str) -> str:
    """Keep the beginning and the end of a long label."""
    text = _plain(label)
    return text if len(text) <= SHOWN else f"{text[: SHOWN * 2 // 3]} ... {text[-SHOWN // 3 :]}"


def parsed(sql: str) -> exp.Expression:
    """Parse the SQL of a model, and mark where the unknown is said to come last."""
    tree = sqlglot.parse_one(sql.replace("nulls last", "nulls first"), dialect="duckdb")
    for ordered in tree.find_all(exp.Ordered):
        ordered.meta["nulls_last"] = ordered.args["nulls_first"]
        ordered.set("nulls_first", False)
    return tree


def _altered(
    node: exp.Expression, types: dict[str, str]
) -> Iterator[tuple[exp.Expression, exp.Expression, str, str]]:
    """Give each node to be replaced below a node, with what replaces it, its kind and a label."""
    for old in list(node.dfs()):
        for mutator in MUTATORS:
            for new, label in mutator(old):
                told = label or f"{old.sql('duckdb')} -> {new.sql('duckdb')}"
                yield old, new, mutator.__name__, told
        if isinstance(old, exp.Select):
            for column, zero in _joined_as_zero(old, types):
                new = sqlglot.parse_one(zero, dialect="duckdb")
                yield column, new, "unknown", f"{column.sql('duckdb')} -> {zero}"


def _replaced(cte: exp.Expression, old: exp.Expression, new: exp.Expression) -> str:
    """Write a part of a model with one node replaced, and leave it as it was."""
    old.replace(new)
    text = cte.sql("duckdb")
    new.replace(old)
    return text


def mutants_of(model: str, sql: str, types: dict[str, str]) -> Iterator[Mutant]:
    """Make every mutant of a model, in the order in which its operators stand."""
    tree = parsed(sql)
    ctes = tree.ctes
    texts = [cte.sql("duckdb") for cte in ctes]
    rest = f" SELECT * FROM {ctes[-1].alias}"
    seen = {"WITH " + ", ".join(texts) + rest}
    names: Counter[str] = Counter()
    for n, cte in enumerate(ctes):
        for old, new, kind, label in _altered(cte.this, types):
            altered = [*texts[:n], _replaced(cte, old, new), *texts[n + 1 :]]
            text = "WITH " + ", ".join(altered) + rest
            if text not in seen:
                seen.add(text)
                name = f"{model}.{cte.alias} {kind}: {_shown(label)}"
                names[name] += 1
                again = f" ({names[name]})" if names[name] > 1 else ""
                yield Mutant(model, name + again, text, sql)


class UnitTest:
    """A unit test as dbt ran it: the rows given, the SQL of the model, and the rows expected."""

    def __init__(self, models: Models, node: dict) -> None:
        """Take the query apart that dbt left in target/run."""
        declared = Path(node["original_file_path"])
        folder = models.target / "run/strike_ledger" / declared / declared.parent
        text = (folder / f"{node['name']}.sql").read_text(encoding="utf-8")
        fixture = re.compile(
            r" *__dbt__cte__(\w+) as \(\n\n-- Fixture for \1\n(.*?)\n\)(?:,|(?=\s))", re.DOTALL
        )
        actual, _, expected = text.partition(") _dbt_internal_unit_test_actual\n")
        columns, _, sql = actual.partition(", 'actual' as")
        self.name = node["name"]
        self.model = node["model"]
        self.columns = columns.rpartition("select\n")[2].strip()
        self.sql = re.sub(
            r"\b__dbt__cte__(\w+)",
            lambda found: models.relation(found[1]),
            fixture.sub("", sql.partition("(\n")[2]),
        ).strip()
        self.base = _plain(self.sql)
        self._connection = models.connect()
        for name, rows in fixture.findall(sql):
            models.create(self._connection, name, rows)
        wanted = re.search(r"from \(\n(.*)\) _dbt_internal_unit_test_expected", expected, re.DOTALL)
        self._expected = self._rows(wanted[1])

    def _rows(self, sql: str) -> Counter:
        rows = self._connection.execute(f"select {self.columns} from ({sql}) as rows").fetchall()
        return Counter(rows)

    def passes(self, sql: str) -> bool:
        """Tell whether the SQL of the model, as it stands or altered, gives the rows expected."""
        try:
            return self._rows(sql) == self._expected
        except _REFUSED:
            raise
        except duckdb.Error:
            return False


class Check(NamedTuple):
    """A query on the built record whose answer is pinned, and the tables and models it reads."""

    sql: str
    reads: frozenset[str]


class Record:
    """The tables and models of the built record, where a model can be built anew and undone."""

    def __init__(self, models: Models, queries: Iterable[str]) -> None:
        """Copy the built database into memory, and note what the checks answer."""
        self._models = models
        self.connection = models.connect()
        self.connection.execute(f"attach '{models.database}' as built (read_only)")
        for name in models.parents:
            relation = models.relation(name)
            built = f"built.{relation.partition('.')[2]}"
            self.connection.execute(f"create table {relation} as from {built}")
        self._print = {name: self._fingerprint(name) for name in models.sql}
        names = re.compile(rf"\b({'|'.join(models.parents)})\b")
        self._checks = [Check(sql, frozenset(names.findall(sql))) for sql in queries]
        self._answers = [self.rows(check.sql) for check in self._checks]

    def rows(self, sql: str) -> list[tuple]:
        """Give the answer to a query."""
        return self.connection.execute(sql).fetchall()

    def types(self, name: str) -> dict[str, str]:
        """Give the columns of a table or model with their types."""
        return {row[0]: row[1] for row in self.rows(f"describe {self._models.relation(name)}")}

    def _fingerprint(self, name: str) -> tuple:
        types = self.types(name) if name in self._models.contracted else {}
        counted = f"select count(*), sum(hash(row)) from {self._models.relation(name)} as row"
        return types, self.rows(counted)

    def notices(self, mutant: Mutant) -> bool:
        """Tell whether a test of the record sees a model's altered SQL, in it or further on."""
        self.connection.begin()
        try:
            changed: set[str] = set()
            waiting = [mutant.model, *self._models.descendants([mutant.model])]
            while waiting:
                name = waiting.pop(0)
                if name == mutant.model or changed.intersection(self._models.parents[name]):
                    sql = mutant.sql if name == mutant.model else None
                    self._models.create(self.connection, name, sql)
                    now = self._fingerprint(name)
                    if now[0] != self._print[name][0]:
                        return True
                    if now != self._print[name]:
                        changed.add(name)
                if self._answers_changed(name, changed, waiting):
                    return True
            return False
        except _REFUSED:
            raise
        except duckdb.Error:
            return True
        finally:
            self.connection.rollback()

    def _answers_changed(self, name: str, changed: set[str], waiting: list[str]) -> bool:
        """Ask what reads this model, something that changed, and nothing still to be built."""
        return any(
            self.rows(check.sql) != answer
            for check, answer in zip(self._checks, self._answers, strict=True)
            if name in check.reads and check.reads & changed and not check.reads & set(waiting)
        )


def _headlines() -> Iterator[str]:
    """Ask for the cells that are pinned for the build of all sources."""
    with HEADLINES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["build"] == "all_sources":
                yield (
                    f"select {row['column_name']} from civilian_harm_by_strike "
                    f"where event_id = '{row['event_id']}'"
                )


def queries(models: Models) -> list[str]:
    """Give the queries whose answers are pinned, and those that look for broken keys."""
    analyses = models.compiled("analyses/*.sql")
    assert analyses and models.keyed
    return [
        *models.keyed,
        *(path.read_text(encoding="utf-8") for path in analyses),
        *QUERY.findall(README.read_text(encoding="utf-8")),
        *_headlines(),
        *models.constraints(),
    ]


class Killer:
    """What is held against a mutant: the unit tests of its model, then the record."""

    def __init__(self, models: Models) -> None:
        """Prepare both."""
        self.models = models
        self.record = Record(models, queries(models))
        self.unit_tests = [UnitTest(models, node) for node in models.unit_tests]

    @cached_property
    def mutants(self) -> list[Mutant]:
        """Make all mutants, also of a model as a unit test compiles it by another rule."""
        found: dict[str, Mutant] = {}
        for model in sorted(self.models.sql):
            if self.models.folder(model) != "staging" and model != ABOUT:
                own = [test.sql for test in self.unit_tests if test.model == model]
                for sql in {_plain(sql): sql for sql in [self.models.sql[model], *own]}.values():
                    for mutant in mutants_of(model, sql, self.record.types(model)):
                        found.setdefault(mutant.name, mutant)
        return list(found.values())

    def verdict(self, mutant: Mutant) -> str:
        """Tell what becomes of a mutant."""
        base = _plain(mutant.base)
        is_built = base == _plain(self.models.sql[mutant.model])
        try:
            for test in self.unit_tests:
                if test.model == mutant.model and test.base == base and not test.passes(mutant.sql):
                    return "killed_by_unit_tests"
            if is_built and self.record.notices(mutant):
                return "killed_by_record"
        except _REFUSED:
            return "invalid"
        return "survived"


def rules_hash(models: Models) -> str:
    """Hash what decides about the verdicts but for the record, which grows by the day."""
    files = [Path(__file__), Path(sys.modules["models"].__file__)]
    told = {str(path.relative_to(PROJECT)): path.read_text(encoding="utf-8") for path in files}
    told |= {name: sql for name, sql in models.sql.items() if name != ABOUT}
    tests = sorted(
        json.dumps([t["model"], t["given"], t["expect"], t["overrides"]], sort_keys=True)
        for t in models.unit_tests
    )
    asked = [_plain(query) for query in queries(models)]
    text = json.dumps([told, tests, asked], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def survivors_explained() -> dict[str, str]:
    """Give the survivors that are known, each with why nothing can tell it from the original."""
    with SURVIVORS.open(encoding="utf-8", newline="") as file:
        return {row["mutant"]: row["why"] for row in csv.DictReader(file)}


_killers: list[Killer] = []


def _prepare(folder: Path) -> None:
    _killers.append(Killer(Models(Copy(folder))))


def _verdict(n: int) -> str:
    return _killers[0].verdict(_killers[0].mutants[n])


def write_result(verdicts: dict[Mutant, str], hashed: list[str]) -> Counter:
    """Write the figures of each model and of all, with the hashes given; give those of all."""
    figures: dict[str, Counter] = {}
    for mutant, verdict in verdicts.items():
        for name in (mutant.model, "total"):
            figures.setdefault(name, Counter()).update({verdict: 1, "made": verdict != "invalid"})
    total = figures.pop("total")
    with RESULT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["model", *COLUMNS, "invalid", "rules_sha256", "record_sha256"])
        for name, row in [*figures.items(), ("total", total)]:
            told = hashed if name == "total" else ["", ""]
            writer.writerow([name, *(row[column] for column in [*COLUMNS, "invalid"]), *told])
    return total


def main() -> None:
    """Try every mutant, write the figures, and name the survivors that nobody explains."""
    with tempfile.TemporaryDirectory() as name:
        project = build_copy(Path(name) / "project")
        compile_analyses(project)
        models = Models(project)
        mutants = Killer(models).mutants
        with ProcessPoolExecutor(
            max_workers=os.cpu_count(),
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_prepare,
            initargs=[project.folder],
        ) as pool:
            told = pool.map(_verdict, range(len(mutants)), chunksize=10)
            verdicts = dict(zip(mutants, told, strict=True))
        hashed = [rules_hash(models), defects.inputs()["record"]]
    total = write_result(verdicts, hashed)
    survived = {mutant.name for mutant, verdict in verdicts.items() if verdict == "survived"}
    explained = survivors_explained()
    for mutant in sorted(survived - explained.keys()):
        print("survived, and nobody says why:", mutant)
    for mutant in sorted(explained.keys() - survived):
        print("explained, but no survivor:", mutant)
    killed = total["made"] - total["survived"]
    print(f"killed {killed} of {total['made']} mutants, {killed / total['made']:.1%}")
    if survived != explained.keys() or killed < GOAL * total["made"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
