"""sign ins

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ACTS_BEFORE = (
    "act IN ('looked', 'report', 'sheet', 'slips', 'roster', 'reset', 'role', 'downloaded', 'asked', 'kept', 'erased')"
)
_ACTS = f"{_ACTS_BEFORE[:-1]}, 'merged')"


def _change_acts(before: str, after: str) -> None:
    """SQLite makes the table anew for this, and would lose the conditions if it looked them up by itself."""
    known = sa.Table(
        "audit",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.String(length=80), nullable=False),
        sa.Column("format", sa.String(length=12), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("learner_id", sa.Integer(), nullable=True),
        sa.Column("pupil_code", sa.String(length=20), nullable=False),
        sa.Column("by_account_id", sa.Integer(), nullable=True),
        sa.Column("by_role", sa.String(length=12), nullable=False),
        sa.Column("by_code", sa.String(length=20), nullable=False),
        sa.CheckConstraint(before, name=op.f("ck_audit_act_known")),
        sa.CheckConstraint("way IN ('page', 'api', 'command', 'self')", name=op.f("ck_audit_way_known")),
        sa.ForeignKeyConstraint(
            ["by_account_id"], ["account.id"], name=op.f("fk_audit_by_account_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["class_id"], ["class.id"], name=op.f("fk_audit_class_id_class"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_audit_learner_id_learner"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.Index(op.f("ix_audit_at"), "at"),
        sa.Index(op.f("ix_audit_by_account_id"), "by_account_id"),
        sa.Index("ix_audit_class_id_id", "class_id", "id"),
        sa.Index("ix_audit_learner_id_id", "learner_id", "id"),
    )
    with op.batch_alter_table("audit", schema=None, copy_from=known) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_audit_act_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_audit_act_known"), after)


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("device", sa.String(length=40), nullable=True))
    _change_acts(_ACTS_BEFORE, _ACTS)


def downgrade() -> None:
    op.execute("DELETE FROM audit WHERE act = 'merged'")
    _change_acts(_ACTS, _ACTS_BEFORE)
    op.drop_column("sign_in", "device")
