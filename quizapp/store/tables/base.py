"""What all tables share. The naming of keys is set here, before any table is made."""

import sqlalchemy as sa
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


def one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    """A rule of the database: the column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def known_id(row_id: int | None) -> int:
    """The id of a row that is stored; a row that was never flushed has none."""
    if row_id is None:
        raise ValueError("the row was not flushed")
    return row_id


def table_of(model: type[SQLModel]) -> sa.Table:
    """The plain table behind a model, for statements that bypass the session's objects."""
    return SQLModel.metadata.tables[str(model.__tablename__)]
