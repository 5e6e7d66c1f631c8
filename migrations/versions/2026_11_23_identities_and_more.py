"""identities and more

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SIGNS_BEFORE = "sign IN ('away', 'forgets', 'stuck', 'behind')"
_SIGNS = "sign IN ('away', 'forgets', 'stuck', 'behind', 'overdue')"


def _change_signs(before: str, after: str) -> None:
    """SQLite makes the table anew for this, and would lose the condition if it looked it up by itself."""
    known = sa.Table(
        "dismissed_sign",
        sa.MetaData(),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("sign", sa.String(length=12), nullable=False),
        sa.Column("dismissed_at", sa.BigInteger(), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(before, name=op.f("ck_dismissed_sign_sign_known")),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["account.id"], name=op.f("fk_dismissed_sign_by_account_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["class.id"], name=op.f("fk_dismissed_sign_class_id_class"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_dismissed_sign_learner_id_learner"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("class_id", "learner_id", "sign", name=op.f("pk_dismissed_sign")),
        sa.Index(op.f("ix_dismissed_sign_learner_id"), "learner_id"),
    )
    with op.batch_alter_table("dismissed_sign", schema=None, copy_from=known) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_dismissed_sign_sign_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_dismissed_sign_sign_known"), after)


def _index_days(*more: str) -> None:
    """The index by which the answers of a study day are counted; with ``undone_at`` from the index alone."""
    op.drop_index("ix_review_day", table_name="review")
    counts = sa.text("undone_at IS NULL")
    columns = ["learner_id", "study_day", "deck_id", "rating", "phase_before", *more]
    op.create_index("ix_review_day", "review", columns, sqlite_where=counts, postgresql_where=counts)


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_account", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_identity_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identity")),
        sa.UniqueConstraint("account_id", name=op.f("uq_identity_account_id")),
    )
    op.create_table(
        "erased",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased")),
    )
    op.create_table(
        "report_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=36), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("bom", sa.Boolean(), nullable=False),
        sa.Column("sort", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("failure", sa.String(length=20), nullable=False),
        sa.Column("sees_names", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_report_file_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["class.id"], name=op.f("fk_report_file_class_id_class"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("handle", name=op.f("uq_report_file_handle")),
    )
    with op.batch_alter_table("report_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_file_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_file_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_file_expires_at"), ["expires_at"], unique=False)
    op.create_table(
        "report_piece",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["report_file.id"], name=op.f("fk_report_piece_file_id_report_file"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", "batch", "number", name=op.f("pk_report_piece")),
    )
    op.create_table(
        "former_medium",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deck_slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["medium.digest"], name=op.f("fk_former_medium_digest_medium")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_medium")),
    )
    with op.batch_alter_table("former_medium", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_medium_digest"), ["digest"], unique=False)
        batch_op.create_index("ix_former_medium_deck_slug_name", ["deck_slug", "name"], unique=False)
    _change_signs(_SIGNS_BEFORE, _SIGNS)
    _index_days("undone_at")


def downgrade() -> None:
    _index_days()
    op.execute("DELETE FROM dismissed_sign WHERE sign = 'overdue'")
    _change_signs(_SIGNS, _SIGNS_BEFORE)
    op.drop_table("former_medium")
    op.drop_table("report_piece")
    op.drop_table("report_file")
    op.drop_table("erased")
    op.drop_table("identity")
