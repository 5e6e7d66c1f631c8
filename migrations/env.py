"""How Alembic reaches the database: one transaction for the whole upgrade, and never with foreign keys switched on.

SQLite changes a table by making a new one and dropping the old; with foreign keys on, the drop would delete the
children's rows. So migrations run on an engine of their own without that rule, and check the keys before they commit.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context
from pysqlite3 import dbapi2 as bundled_sqlite
from sqlalchemy import event

from quizapp.store import tables
from quizapp.store.engine import Instant

LOCK_KEY = 7_310_825_001  # any fixed number: two upgrades at once on PostgreSQL take turns


def render_item(kind, item, autogen_context):
    """Write plain SQLAlchemy types into migrations, which must not change when the code's own types do."""
    if kind == "type" and isinstance(item, sqlmodel.sql.sqltypes.AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, Instant):
        return "sa.BigInteger()"
    return False


def make_engine(url):
    """An engine for migrations only."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, poolclass=sa.NullPool)
    engine = sa.create_engine(url, module=bundled_sqlite, poolclass=sa.NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection, _):
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA busy_timeout=30000")

    @event.listens_for(engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def run(connection):
    """Run the migrations asked for, in the transaction that is open."""
    on_sqlite = connection.dialect.name == "sqlite"
    if not on_sqlite:
        connection.execute(sa.text("SET LOCAL lock_timeout = '30s'"))
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    context.configure(
        connection=connection,
        target_metadata=tables.SQLModel.metadata,
        render_as_batch=on_sqlite,
        render_item=render_item,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if on_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"the migration would leave rows without their parents: {broken[:5]}")


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: quizapp db upgrade")

engine = make_engine(context.config.attributes["url"])
with engine.connect() as connection, connection.begin():
    run(connection)
engine.dispose()
