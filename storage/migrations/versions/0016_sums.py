"""Indices that hold all that sums over weeks ask for."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"

FIGURES = ["kind", "week", "use_case", "function", "value", "out_of"]


def upgrade() -> None:
    op.drop_index("events_kind", "events")
    op.create_index("events_figures", "events", FIGURES, unique=False)
    op.drop_index("audit_at", "audit")
    op.create_index("audit_at", "audit", ["at", "actor", "door", "refused"], unique=False)
    created = ["created_at", "submitted_at", "source", "function"]
    op.create_index("use_cases_created", "use_cases", created, unique=False)
    op.create_index("use_cases_submitted", "use_cases", ["submitted_at", "source", "function"], unique=False)


def downgrade() -> None:
    op.drop_index("use_cases_submitted", "use_cases")
    op.drop_index("use_cases_created", "use_cases")
    op.drop_index("audit_at", "audit")
    op.create_index("audit_at", "audit", ["at"], unique=False)
    op.drop_index("events_figures", "events")
    op.create_index("events_kind", "events", ["kind", "week"], unique=False)
