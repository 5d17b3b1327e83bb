"""Which cells of a query can be NULL, told from its SQL and from what the tables declare.

What cannot be told is held to be possible: whoever is told of a cell that is never NULL in truth
says so in the query, with `nulls last` or `coalesce`.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope


class _FirstUpward(DuckDB):
    NULL_ORDERING = "nulls_are_small"


class _FirstDownward(DuckDB):
    NULL_ORDERING = "nulls_are_large"


_READINGS = (DuckDB, _FirstUpward, _FirstDownward)
_NEVER = (exp.Literal, exp.Boolean, exp.Count, exp.Is, exp.Exists, exp.RowNumber, exp.Rank)
# NULL where one of their parts is.
_STRICT = (
    *(exp.Alias, exp.Binary, exp.Cast, exp.Concat, exp.In),
    *(exp.Not, exp.Paren, exp.Substring, exp.Upper),
)
# An aggregate of a group, which has a row at least.
_OF_ROWS = (exp.Min, exp.Max, exp.Sum)
_REFUSING = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In)


class Query:
    """The SQL of a model: which of its columns, and which cells on the way, can be NULL."""

    def __init__(
        self,
        sql: str,
        columns: Mapping[str, Mapping[str, Mapping[str, str]]],
        nullable: Mapping[str, Mapping[str, bool]],
    ) -> None:
        """Take SQL of DuckDB, the columns of each table by schema, and which of them can be NULL.

        Raises sqlglot's OptimizeError where a column belongs to no table.
        """
        trees = [sqlglot.parse_one(sql, dialect=reading) for reading in _READINGS]
        for terms in zip(*(tree.find_all(exp.Ordered) for tree in trees), strict=True):
            places = {bool(term.args.get("nulls_first")) for term in terms}
            terms[0].meta["says_where"] = len(places) == 1
        self.tree = qualify(trees[0], schema=columns, dialect=DuckDB)
        self._nullable = nullable
        self._scopes = traverse_scope(self.tree)

    @cached_property
    def outputs(self) -> dict[str, bool]:
        """Tell of each column that the query gives whether it can be NULL."""
        return {name: self._given(self._scopes[-1], name) for name in self.tree.named_selects}

    def orders(self) -> Iterator[exp.Ordered]:
        """Give the terms of every order that do not say where NULL goes, though they can be NULL.

        A list drops NULL before it is put in order.
        """
        for scope in self._scopes:
            for term in scope.find_all(exp.Ordered):
                is_list = isinstance(term.parent_select, exp.Select) and term.find_ancestor(
                    exp.GroupConcat, exp.ArrayAgg
                )
                if not is_list and not term.meta["says_where"] and self._can(scope, term.this):
                    yield term

    def joined_texts(self) -> Iterator[exp.Concat]:
        """Give every `concat` of which a part can be NULL."""
        for scope in self._scopes:
            for text in scope.find_all(exp.Concat):
                if not isinstance(text, exp.ConcatWs) and self._can(scope, text):
                    yield text

    def _given(self, scope: Scope, name: str) -> bool:
        if isinstance(scope.expression, exp.SetOperation):
            place = scope.expression.named_selects.index(name)
            return any(
                self._given(part, part.expression.named_selects[place])
                for part in scope.set_operation_scopes
            )
        (found,) = (one for one in scope.expression.selects if one.alias_or_name == name)
        return self._can(scope, found)

    def _can(self, scope: Scope, cell: exp.Expression) -> bool:
        if isinstance(cell, exp.Column):
            return self._can_column(scope, cell)
        if isinstance(cell, exp.Coalesce):
            return all(self._can(scope, part) for part in (cell.this, *cell.expressions))
        parts = _decisive(cell, bool(scope.expression.args.get("group")))
        return parts is None or any(self._can(scope, part) for part in parts)

    def _can_column(self, scope: Scope, column: exp.Column) -> bool:
        if not column.table:  # what an order calls by the name under which it is given
            return self._given(scope, column.name)
        if (column.table, column.name) in _known(scope, column):
            return False
        for join in scope.expression.args.get("joins", ()):
            if join.alias_or_name == column.table and join.side:
                return True
        source = scope.sources[column.table]
        if isinstance(source, Scope):
            return self._given(source, column.name)
        return self._nullable[source.name][column.name]


def _decisive(cell: exp.Expression, is_grouped: bool) -> list[exp.Expression] | None:
    """Give the parts of which one must be NULL for the whole to be it; None where it may be so."""
    if isinstance(cell, _NEVER):
        return []
    if isinstance(cell, exp.Window):
        spec = cell.args.get("spec")
        has_row = spec is None or spec.args.get("end") == "CURRENT ROW"
        return [cell.this] if has_row else None
    if isinstance(cell, exp.Case):
        ends = [branch.args["true"] for branch in cell.args["ifs"]]
        return [*ends, cell.args.get("default") or exp.null()]
    if isinstance(cell, _OF_ROWS) and not is_grouped and not isinstance(cell.parent, exp.Window):
        return None
    if isinstance(cell, (*_STRICT, *_OF_ROWS)):
        words = (exp.DataType, exp.Identifier)
        return [part for part in cell.iter_expressions() if not isinstance(part, words)]
    return None


def _known(scope: Scope, column: exp.Column) -> set[tuple[str, str]]:
    """Give the columns that the conditions above a column hold not to be NULL."""
    select = scope.expression
    conditions = [select.args["where"].this] if select.args.get("where") else []
    for join in select.args.get("joins", ()):
        if not join.side and join.args.get("on"):
            conditions.append(join.args["on"])
    within: exp.Expression | None = column
    while within is not None and within is not select:
        if isinstance(within.parent, exp.If) and within.arg_key == "true":
            conditions.append(within.parent.this)
        within = within.parent
    known = set()
    for condition in conditions:
        for part in condition.flatten() if isinstance(condition, exp.And) else [condition]:
            if (
                isinstance(part, exp.Not)
                and part.this.find(exp.Null)
                and isinstance(part.this, exp.Is)
            ):
                known.add(part.this.this)
            elif isinstance(part, _REFUSING):
                known.update((part.this, part.expression))
    return {(one.table, one.name) for one in known if isinstance(one, exp.Column)}
