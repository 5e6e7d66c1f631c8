"""The list of what is kept, beside the tables themselves: a table or a column cannot be forgotten."""

import pytest
import sqlalchemy as sa

from quizapp.core.privacy.inventory import EXPORTED, INVENTORY
from quizapp.core.privacy.model import Erasure, Kind, Owner
from quizapp.store.tables import SQLModel

TABLES = SQLModel.metadata.sorted_tables
_BY_KEY = {"CASCADE": Erasure.ROW, "SET NULL": Erasure.NULL}


def test_every_table_is_in_the_list_and_no_other() -> None:
    assert {table.name for table in TABLES} == set(INVENTORY), "classify it in quizapp/core/privacy/inventory"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_in_the_list_and_no_other(table: sa.Table) -> None:
    listed = [column.name for column in INVENTORY[table.name].columns]
    assert sorted(listed) == sorted(column.name for column in table.columns)
    assert all(column.meaning for column in INVENTORY[table.name].columns)


def _list_keys() -> list[tuple[str, str, str | None]]:
    return [
        (table.name, column.name, key.ondelete)
        for table in TABLES
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in ("learner", "account")
    ]


@pytest.mark.parametrize(("table", "column", "on_delete"), _list_keys(), ids=str)
def test_what_leads_to_a_person_goes_or_is_cut_with_the_person(table: str, column: str, on_delete: str | None) -> None:
    if (table, column) == ("account", "learner_id"):
        assert on_delete is None  # the account is deleted by hand, before the learner
        return
    assert on_delete in _BY_KEY, "say with the key what becomes of the row"
    found = INVENTORY[table].column(column)
    assert found.erasure is _BY_KEY[on_delete]
    assert found.kind in (Kind.PSEUDONYMOUS, Kind.TECHNICAL)


@pytest.mark.parametrize("table", INVENTORY.values(), ids=lambda table: table.name)
def test_rows_that_are_somebodys_are_owned_by_a_column_that_is_there(table: object) -> None:
    found = INVENTORY[getattr(table, "name", "")]
    stored = SQLModel.metadata.tables[found.name]
    if found.owner is not Owner.NOBODY and found.name != "fit":
        assert found.owner.value in stored.columns
    blank = [column.name for column in found.columns if column.erasure is Erasure.BLANK]
    assert not blank or "by_account_id" in stored.columns


def test_names_and_secrets_are_treated_as_such() -> None:
    for table in INVENTORY.values():
        for column in table.columns:
            if column.kind is Kind.SECRET or "hash" in column.name or column.name in ("nonce", "seed"):
                assert not column.export, f"{table.name}.{column.name} is a secret"
            if column.kind is Kind.PERSONAL:
                assert column.erasure is not Erasure.STAYS, f"{table.name}.{column.name} would stay"


def test_every_file_of_an_export_has_a_name_and_columns_of_its_own() -> None:
    assert len({table.file for table in EXPORTED}) == len(EXPORTED)
    for table in EXPORTED:
        names = [column.export for column in table.exported]
        assert names
        assert len(set(names)) == len(names)
        assert table.owner is not Owner.NOBODY
