"""The index by which the portfolio is ranked holds all that ranking reads."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.drop_index("scores_rank", "scores")
    op.create_index("scores_rank", "scores", ["scorecard", "dimension", "use_case", "value"], unique=False)


def downgrade() -> None:
    op.drop_index("scores_rank", "scores")
    op.create_index("scores_rank", "scores", ["scorecard", "dimension", "value"], unique=False)
