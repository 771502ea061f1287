"""Releases, contracts, incidents, waivers, reviews and availability; who is waited on in all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
COUNTED = ("release", "contract", "incident", "waiver", "portfolio_review")
FOUND_BY = {
    "releases": {"use_case": ["use_case", "opened_at"], "status": ["status", "opened_at"]},
    "contracts": {"status": ["status", "opened_at"]},
    "incidents": {"use_case": ["use_case", "opened_at"], "status": ["status", "opened_at"]},
    "waivers": {"use_case": ["use_case", "opened_at"], "status": ["status", "opened_at"]},
    "portfolio_reviews": {"status": ["status", "opened_at"]},
    "availabilities": {},
}
ADDED = {"approvals": {"kind": "intake", "gate": "pilot", "matter": ""}, "walks": {"matter": ""}}


def upgrade() -> None:
    for table, indices in FOUND_BY.items():
        op.create_table(
            table,
            sa.Column("use_case", sa.Text(), nullable=True),
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("status", sa.Text(), nullable=False),
            sa.Column("owner", sa.Text(), nullable=True),
            sa.Column("channel", sa.Text(), nullable=True),
            sa.Column("thread", sa.Text(), nullable=True),
            sa.Column("opened_at", MOMENT, nullable=False),
            sa.Column("closed_at", MOMENT, nullable=True),
            sa.Column("id", KEY, nullable=False),
            sa.Column("revision", sa.Integer(), nullable=False),
            sa.Column("state", sa.JSON(), nullable=False),
            sa.PrimaryKeyConstraint("id"),
        )
        for name, columns in indices.items():
            op.create_index(f"{table}_{name}", table, columns, unique=False)
    op.create_index("contracts_name", "contracts", ["name"], unique=True)
    for table, added in ADDED.items():
        for name, value in added.items():
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=value))
        with op.batch_alter_table(table) as batch:
            for name in added:
                batch.alter_column(name, server_default=None)
    op.create_index("approvals_matter", "approvals", ["matter"], unique=False)
    with op.batch_alter_table("serials") as serials:
        for name in COUNTED:
            serials.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("serials") as serials:
        for name in COUNTED:
            serials.alter_column(name, server_default=None)
    op.create_table(
        "waits",
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("subject_type", "subject_id", "kind", "item", "person"),
    )
    op.create_index("waits_person", "waits", ["person", "kind"], unique=False)
    op.execute(
        "INSERT INTO waits (subject_type, subject_id, kind, item, person, due) "
        "SELECT 'approval', approval, kind, item, person, due FROM waiting"
    )
    op.drop_table("waiting")


def downgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("approval", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["approval"], ["approvals.id"]),
        sa.PrimaryKeyConstraint("approval", "kind", "item", "person"),
    )
    op.create_index("waiting_person", "waiting", ["person", "kind"], unique=False)
    op.execute(
        "INSERT INTO waiting (approval, kind, item, person, due) "
        "SELECT subject_id, kind, item, person, due FROM waits WHERE subject_type = 'approval'"
    )
    op.drop_table("waits")
    for name in COUNTED:
        op.drop_column("serials", name)
    op.drop_index("approvals_matter", "approvals")
    for table, added in ADDED.items():
        for name in added:
            op.drop_column(table, name)
    for table in FOUND_BY:
        op.drop_table(table)
