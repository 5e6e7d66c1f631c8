"""A large installation can be distributed by learner: what belongs to learners is keyed by learner first."""

import re

import sqlalchemy as sa
from plumbing.checkout import ROOT
from sqlmodel import SQLModel

import quizapp.store.tables  # noqa: F401 - the tables

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def _list_owned() -> list[sa.Table]:
    return [table for table in SQLModel.metadata.sorted_tables if "learner_id" in table.columns]


def _read_listed(heading: str) -> set[str]:
    """The tables, or columns, that the page lists under a heading."""
    part = OPERATIONS.partition(f"**{heading}**")[2].partition("\n\n")[0]
    return set(re.findall(r"`([a-z_.]+)`", part))


def test_what_belongs_to_learners_is_keyed_by_learner_first_or_listed_as_an_exception() -> None:
    first = {table.name: next(iter(table.primary_key)).name for table in _list_owned()}
    assert {name for name, column in first.items() if column != "learner_id"} == _read_listed("Keyed otherwise")
    assert {"review", "card_state", "due_count", "attempt", "attempt_question", "practice_answer"} <= set(first)


def test_what_must_be_unique_across_learners_is_listed() -> None:
    found = set()
    for table in _list_owned():
        if next(iter(table.primary_key)).name == "learner_id":
            sets = [one.columns for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
            sets += [one.columns for one in table.indexes if one.unique]
            found |= {f"{table.name}.{columns[0].name}" for columns in sets if "learner_id" not in columns}
    assert found == _read_listed("Unique across learners")


def test_what_a_learner_owns_points_to_the_same_learner_or_to_what_all_share() -> None:
    owned = {table.name for table in _list_owned()}
    for table in _list_owned():
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table.name in owned and table.name not in _read_listed("Keyed otherwise"):
                across = "learner_id" not in constraint.columns
                shared = constraint.referred_table.name in _read_listed("Keyed otherwise")
                assert not across or shared, f"{table.name}: {constraint.name}"
