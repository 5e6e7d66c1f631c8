"""Conditions on a list of ids that is one value of its statement, so that the statement stays the same: prepared."""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Ids(FunctionElement[int]):
    """The ids of a list written as JSON."""

    inherit_cache = True
    type = sa.BigInteger()
    name = "ids"


@compiles(_Ids)
def _write_ids(element: _Ids, compiler: SQLCompiler, **more: Any) -> str:
    # As whole numbers, or SQLite passes over the index.
    return "".join(("(SELECT CAST(value AS INTEGER) FROM json_each(", compiler.process(element.clauses, **more), "))"))


@compiles(_Ids, "postgresql")
def _write_ids_postgresql(element: _Ids, compiler: SQLCompiler, **more: Any) -> str:
    texts = ("json_array_elements_text(CAST(", compiler.process(element.clauses, **more), " AS json))")
    return "".join(("(SELECT CAST(one AS bigint) FROM ", *texts, " AS one)"))


def is_listed(column: sa.ColumnElement[int], name: str) -> sa.ColumnElement[bool]:
    """Whether a column's value is among the ids given under ``name`` as ``write_list`` writes them."""
    return column.op("IN", is_comparison=True, return_type=sa.Boolean())(_Ids(sa.bindparam(name, type_=sa.String)))


def write_list(ids: Iterable[int]) -> str:
    """Ids as the value of such a condition. There may be none, and any number of them."""
    return json.dumps(sorted(set(ids)))
