"""Rows of the audit log whose words were taken out by an entry of the log, and people who were erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# A row may lose its words, and nothing else, within the transaction that adds the entry which tells of it:
# the redaction names that entry, whose number lies beyond the end of the log until it is there.
SAME = """NEW.seq = OLD.seq AND NEW.at = OLD.at AND NEW.door = OLD.door AND NEW.action = OLD.action
       AND NEW.subject_type = OLD.subject_type AND NEW.refused = OLD.refused
       AND NEW.program_label = OLD.program_label AND NEW.program_hash = OLD.program_hash
       AND NEW.prev_hash = OLD.prev_hash AND NEW.hash = OLD.hash"""
TOLD = """EXISTS (SELECT 1 FROM redactions r WHERE r.seq = OLD.seq
       AND r.entry > (SELECT h.seq FROM audit_head h))"""
SQLITE = (
    "DROP TRIGGER audit_stays",
    f"""CREATE TRIGGER audit_stays BEFORE UPDATE ON audit WHEN NOT ({SAME} AND {TOLD})
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER redactions_are_told BEFORE INSERT ON redactions
       WHEN NEW.entry <= (SELECT seq FROM audit_head) OR NEW.seq > (SELECT seq FROM audit_head)
       BEGIN SELECT RAISE(ABORT, 'a redaction belongs to the entry that tells of it'); END""",
    """CREATE TRIGGER redactions_stay BEFORE UPDATE ON redactions
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER redactions_are_kept BEFORE DELETE ON redactions
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
)
POSTGRES = (
    f"""CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit' THEN
           IF {SAME} AND {TOLD} THEN RETURN NEW; END IF;
         END IF;
         RAISE EXCEPTION 'the audit log is append-only';
       END $$""",
    """CREATE FUNCTION redactions_are_told() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         IF NEW.entry <= (SELECT seq FROM audit_head) OR NEW.seq > (SELECT seq FROM audit_head) THEN
           RAISE EXCEPTION 'a redaction belongs to the entry that tells of it';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER redactions_are_told BEFORE INSERT ON redactions
       FOR EACH ROW EXECUTE FUNCTION redactions_are_told()""",
    """CREATE TRIGGER redactions_stay BEFORE UPDATE OR DELETE ON redactions
       FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()""",
    """CREATE TRIGGER redactions_are_kept BEFORE TRUNCATE ON redactions
       FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
)
SQLITE_BACK = (
    "DROP TRIGGER audit_stays",
    """CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
)
POSTGRES_BACK = (
    """CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
    "DROP FUNCTION redactions_are_told",
)


def upgrade() -> None:
    op.create_table(
        "redactions",
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "seq"),
    )
    op.create_index("redactions_seq", "redactions", ["seq", "entry"])
    op.create_table(
        "erased",
        sa.Column("digest", KEY, nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("redactions")
    op.drop_table("erased")
    for statement in POSTGRES_BACK if op.get_bind().dialect.name == "postgresql" else SQLITE_BACK:
        op.execute(statement)
