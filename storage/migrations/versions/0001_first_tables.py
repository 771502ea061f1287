"""The first tables: aggregates, audit log, outbox, people, programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The audit log refuses change in the database itself, whoever asks. Its head may only move forward, so that
# rows cut off its end are missed.
SQLITE_TRIGGERS = (
    """CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_head_moves BEFORE UPDATE ON audit_head
       WHEN NEW.seq < OLD.seq OR NEW.decisions < OLD.decisions
       BEGIN SELECT RAISE(ABORT, 'the head of the audit log only moves forward'); END""",
    """CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head
       BEGIN SELECT RAISE(ABORT, 'the head of the audit log only moves forward'); END""",
)
POSTGRES_TRIGGERS = (
    """CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
    """CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit
       FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()""",
    """CREATE TRIGGER audit_is_kept BEFORE TRUNCATE ON audit
       FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
    """CREATE FUNCTION audit_head_moves_forward() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         IF TG_OP = 'UPDATE' THEN
           IF NEW.seq >= OLD.seq AND NEW.decisions >= OLD.decisions THEN RETURN NEW; END IF;
         END IF;
         RAISE EXCEPTION 'the head of the audit log only moves forward';
       END $$""",
    """CREATE TRIGGER audit_head_moves BEFORE UPDATE OR DELETE ON audit_head
       FOR EACH ROW EXECUTE FUNCTION audit_head_moves_forward()""",
    """CREATE TRIGGER audit_head_is_kept BEFORE TRUNCATE ON audit_head
       FOR EACH STATEMENT EXECUTE FUNCTION audit_head_moves_forward()""",
)


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("use_case", sa.Text(), nullable=False),
        sa.Column("submitter", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("approvals_place", "approvals", ["channel", "thread"], unique=False)
    op.create_index("approvals_status", "approvals", ["status", "opened_at"], unique=False)
    op.create_index("approvals_use_case", "approvals", ["use_case", "opened_at"], unique=False)
    op.create_table(
        "audit",
        sa.Column("seq", SERIAL, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("program_label", sa.Text(), nullable=False),
        sa.Column("program_hash", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("patch", sa.JSON(), nullable=True),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("audit_subject", "audit", ["subject_type", "subject_id", "seq"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("decisions", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "cards",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=True),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("channel", "ts"),
    )
    op.create_index("cards_subject", "cards", ["subject_type", "subject_id", "card"], unique=False)
    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "inbound",
        sa.Column("key", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("inbound_at", "inbound", ["at"], unique=False)
    op.create_table(
        "laters",
        sa.Column("key", KEY, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("laters_due", "laters", ["due"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("conversation", KEY, nullable=False),
        sa.Column("effect", sa.JSON(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        "outbox_open",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "outbox_open_conversation",
        "outbox",
        ["conversation", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "people",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "programs",
        sa.Column("hash", KEY, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "serials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("use_case", sa.Integer(), nullable=False),
        sa.Column("walk", sa.Integer(), nullable=False),
        sa.Column("approval", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "use_cases",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=True),
        sa.Column("submitter", sa.Text(), nullable=False),
        sa.Column("approval", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_key", KEY, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "use_cases_source_key",
        "use_cases",
        ["source_key"],
        unique=True,
        sqlite_where=sa.text("source_key <> ''"),
        postgresql_where=sa.text("source_key <> ''"),
    )
    op.create_index("use_cases_stage", "use_cases", ["stage"], unique=False)
    op.create_index("use_cases_submitter", "use_cases", ["submitter", "created_at"], unique=False)
    op.create_table(
        "user_groups",
        sa.Column("handle", KEY, nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("handle"),
    )
    op.create_table(
        "walks",
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("walks_about", "walks", ["about"], unique=False)
    op.create_index("walks_owner", "walks", ["owner", "status", "touched_at"], unique=False)
    op.create_index("walks_place", "walks", ["channel", "thread"], unique=False)
    op.create_table(
        "texts",
        sa.Column("use_case", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["use_case"],
            ["use_cases.id"],
        ),
        sa.PrimaryKeyConstraint("use_case"),
    )
    op.create_table(
        "waiting",
        sa.Column("approval", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("due", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["approval"],
            ["approvals.id"],
        ),
        sa.PrimaryKeyConstraint("approval", "kind", "item", "person"),
    )
    op.create_index("waiting_person", "waiting", ["person", "kind"], unique=False)
    serials = sa.table(
        "serials", *(sa.column(name, sa.Integer()) for name in ("id", "use_case", "walk", "approval"))
    )
    op.execute(serials.insert().values(id=1, use_case=0, walk=0, approval=0))
    version = sa.table("directory_version", sa.column("id", sa.Integer()), sa.column("version", sa.Integer()))
    op.execute(version.insert().values(id=1, version=0))
    op.execute(
        sa.text("INSERT INTO audit_head (id, seq, hash, decisions) VALUES (1, 0, :start, 0)").bindparams(
            start="0" * 64
        )
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    for trigger in POSTGRES_TRIGGERS if postgres else SQLITE_TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    for table in (
        "texts",
        "waiting",
        "approvals",
        "audit",
        "audit_head",
        "cards",
        "directory_version",
        "inbound",
        "laters",
        "outbox",
        "people",
        "programs",
        "serials",
        "use_cases",
        "user_groups",
        "walks",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")
        op.execute("DROP FUNCTION audit_head_moves_forward()")
