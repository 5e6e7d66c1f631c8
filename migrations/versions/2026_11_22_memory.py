"""what the memory needs: settings, fits, queues by range

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


QUEUE_COLUMNS = [
    *("learner_id", "deck_id", "queue", "due", "card_id"),
    *("last_review", "phase", "step", "stability", "difficulty", "reps", "lapses"),
]
FILLED = {
    "deck": ("cards",),
    "learner": ("choices",),
    "card_state": ("queue",),
    "review": ("phase_before", "interval_before"),
}


# From an answer on one study day to the start of another: the days between, rounded up.
_BEFORE_ON_SQLITE = """
UPDATE review SET
  phase_before = state_before ->> '$.phase',
  interval_before = CASE WHEN state_before ->> '$.phase' = 'review'
    THEN (state_before ->> '$.due' - state_before ->> '$.last_review' + 86399999) / 86400000 ELSE 0 END
WHERE state_before <> ''
"""
_BEFORE_ON_POSTGRESQL = """
UPDATE review SET
  phase_before = CAST(state_before AS json) ->> 'phase',
  interval_before = CASE WHEN CAST(state_before AS json) ->> 'phase' = 'review'
    THEN (CAST(CAST(state_before AS json) ->> 'due' AS bigint)
      - CAST(CAST(state_before AS json) ->> 'last_review' AS bigint) + 86399999) / 86400000 ELSE 0 END
WHERE state_before <> ''
"""
_CARDS = "UPDATE deck SET cards = (SELECT count(*) FROM card WHERE card.deck_id = deck.id AND retired_at IS NULL)"
_QUEUE = """
UPDATE card_state SET queue = CASE
  WHEN (SELECT retired_at FROM card WHERE card.id = card_state.card_id) IS NOT NULL THEN 2
  WHEN phase = 'review' THEN 1
  ELSE 0 END
"""
_PROGRESS = """
INSERT INTO deck_progress (learner_id, deck_id, seen, frontier)
SELECT learner_id, deck_id, count(*), 0 FROM card_state WHERE queue < 2 GROUP BY learner_id, deck_id
"""
_DUE = """
INSERT INTO due_count (learner_id, due, deck_id, cards)
SELECT learner_id, due, deck_id, count(*) FROM card_state WHERE queue = 1 GROUP BY learner_id, due, deck_id
"""


def _fill() -> None:
    """Count what from now on is kept up with every answer."""
    on_sqlite = op.get_context().dialect.name == "sqlite"
    op.execute(_BEFORE_ON_SQLITE if on_sqlite else _BEFORE_ON_POSTGRESQL)
    for statement in (_CARDS, _QUEUE, _PROGRESS, _DUE):
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "fit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("parameters", sa.String(), nullable=False),
        sa.Column("prior", sa.String(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("held_out", sa.Integer(), nullable=False),
        sa.Column("log_loss", sa.Float(), nullable=False),
        sa.Column("log_loss_before", sa.Float(), nullable=False),
        sa.Column("log_loss_average", sa.Float(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("outcome IN ('kept', 'refused')", name=op.f("ck_fit_outcome_known")),
        sa.CheckConstraint("scope IN ('learner', 'class', 'deck')", name=op.f("ck_fit_scope_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fit")),
    )
    with op.batch_alter_table("fit", schema=None) as batch_op:
        batch_op.create_index("ix_fit_scope_subject_id", ["scope", "subject_id"], unique=False)
    op.create_table(
        "scheduling",
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("model", name=op.f("pk_scheduling")),
    )
    op.create_table(
        "deck_progress",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("deck_id", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("frontier", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_deck_progress_deck_id_deck"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_deck_progress_learner_id_learner"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "deck_id", name=op.f("pk_deck_progress")),
    )
    op.create_table(
        "due_count",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("deck_id", sa.Integer(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["deck_id"], ["deck.id"], name=op.f("fk_due_count_deck_id_deck"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_due_count_learner_id_learner"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "due", "deck_id", name=op.f("pk_due_count")),
    )
    op.create_table(
        "reschedule",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_reschedule_learner_id_learner"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "number", name=op.f("pk_reschedule")),
    )
    op.create_table(
        "rescheduled_card",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("due_before", sa.BigInteger(), nullable=False),
        sa.Column("due_after", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["card.id"], name=op.f("fk_rescheduled_card_card_id_card"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "number"],
            ["reschedule.learner_id", "reschedule.number"],
            name=op.f("fk_rescheduled_card_learner_id_reschedule"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "number", "card_id", name=op.f("pk_rescheduled_card")),
    )
    with op.batch_alter_table("deck") as batch_op:
        batch_op.add_column(sa.Column("cards", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("fit_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_deck_fit_id_fit"), "fit", ["fit_id"], ["id"], ondelete="SET NULL")
    with op.batch_alter_table("learner") as batch_op:
        batch_op.add_column(sa.Column("choices", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("fit_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_learner_fit_id_fit"), "fit", ["fit_id"], ["id"], ondelete="SET NULL")
    with op.batch_alter_table("card_state") as batch_op:
        batch_op.add_column(sa.Column("queue", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("review") as batch_op:
        batch_op.add_column(sa.Column("phase_before", sa.String(length=12), server_default="", nullable=False))
        batch_op.add_column(sa.Column("interval_before", sa.Integer(), server_default="0", nullable=False))
    _fill()
    for table, columns in FILLED.items():  # what was filled once needs no default any more
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
    with op.batch_alter_table("card_state") as batch_op:
        batch_op.drop_index("ix_card_state_learner_id_deck_id_due")
        batch_op.create_index("ix_card_state_queue", QUEUE_COLUMNS)
    op.drop_index("ix_review_learner_id_study_day", "review")
    op.create_index(
        "ix_review_day",
        "review",
        ["learner_id", "study_day", "deck_id", "rating", "phase_before"],
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(
        "ix_review_counting",
        "review",
        ["learner_id", "deck_id", "seq"],
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def downgrade() -> None:
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_review_counting",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_review_day",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.create_index("ix_review_learner_id_study_day", ["learner_id", "study_day"])
        batch_op.drop_column("interval_before")
        batch_op.drop_column("phase_before")
    with op.batch_alter_table("learner", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_learner_fit_id_fit"), type_="foreignkey")
        batch_op.drop_column("fit_id")
        batch_op.drop_column("choices")
    with op.batch_alter_table("deck", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_deck_fit_id_fit"), type_="foreignkey")
        batch_op.drop_column("fit_id")
        batch_op.drop_column("cards")
    with op.batch_alter_table("card_state", schema=None) as batch_op:
        batch_op.drop_index("ix_card_state_queue")
        batch_op.create_index(
            batch_op.f("ix_card_state_learner_id_deck_id_due"), ["learner_id", "deck_id", "due"], unique=False
        )
        batch_op.drop_column("queue")
    op.drop_table("rescheduled_card")
    op.drop_table("reschedule")
    op.drop_table("due_count")
    op.drop_table("deck_progress")
    op.drop_table("scheduling")
    with op.batch_alter_table("fit", schema=None) as batch_op:
        batch_op.drop_index("ix_fit_scope_subject_id")
    op.drop_table("fit")
