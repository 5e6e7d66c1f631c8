"""Reading the list of what is kept."""

import pytest

from quizapp.core.privacy.model import Erasure, Kind, Owner, read_tables

TEXT = """
thing learner things: What you own.
    id t - A number.
    name p/blank called What it is called.

stone - -: What nobody owns.
    id t -
"""


def test_a_block_is_a_table_with_its_columns() -> None:
    thing, stone = read_tables(TEXT)
    assert (thing.name, thing.owner, thing.file, thing.about) == ("thing", Owner.LEARNER, "things", "What you own.")
    assert [(column.kind, column.erasure, column.export) for column in thing.columns] == [
        (Kind.TECHNICAL, Erasure.ROW, ""),
        (Kind.PERSONAL, Erasure.BLANK, "called"),
    ]
    assert thing.exported == (thing.column("name"),)
    assert (stone.owner, stone.file, stone.columns[0].erasure, stone.columns[0].meaning) == (
        Owner.NOBODY,
        "",
        Erasure.STAYS,
        "",
    )


@pytest.mark.parametrize("text", ["thing nobody things: x\n    id t -", "thing learner things: x\n    id x -"])
def test_an_owner_or_a_kind_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(KeyError):
        read_tables(text)


def test_a_column_that_is_not_there_is_not_found() -> None:
    with pytest.raises(KeyError):
        read_tables(TEXT)[0].column("colour")
