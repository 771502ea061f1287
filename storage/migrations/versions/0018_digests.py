"""Subscriptions are found by whose they are, and digests by when they were posted."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_index("subscriptions_owner", "subscriptions", ["owner", "status"], unique=False)
    op.create_index("digest_issues_status", "digest_issues", ["status", "opened_at"], unique=False)


def downgrade() -> None:
    op.drop_index("digest_issues_status", "digest_issues")
    op.drop_index("subscriptions_owner", "subscriptions")
