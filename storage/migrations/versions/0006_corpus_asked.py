"""Passages keep the questions they are known to answer; the index for words holds these beside the text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"

# What people ask is a field of its own, so that it can count less than what the passage says.
SQLITE_WORDS = (
    """CREATE VIRTUAL TABLE corpus_words USING fts5(
       indexed, asked, content='corpus_passages', content_rowid='id', tokenize='porter unicode61')""",
    """CREATE TRIGGER corpus_words_added AFTER INSERT ON corpus_passages BEGIN
       INSERT INTO corpus_words (rowid, indexed, asked) VALUES (NEW.id, NEW.indexed, NEW.asked); END""",
    """CREATE TRIGGER corpus_words_removed AFTER DELETE ON corpus_passages BEGIN
       INSERT INTO corpus_words (corpus_words, rowid, indexed, asked)
       VALUES ('delete', OLD.id, OLD.indexed, OLD.asked); END""",
    """CREATE TRIGGER corpus_words_changed AFTER UPDATE OF indexed, asked ON corpus_passages BEGIN
       INSERT INTO corpus_words (corpus_words, rowid, indexed, asked)
       VALUES ('delete', OLD.id, OLD.indexed, OLD.asked);
       INSERT INTO corpus_words (rowid, indexed, asked) VALUES (NEW.id, NEW.indexed, NEW.asked); END""",
)
SQLITE_WORDS_BEFORE = (
    """CREATE VIRTUAL TABLE corpus_words USING fts5(
       indexed, content='corpus_passages', content_rowid='id', tokenize='porter unicode61')""",
    """CREATE TRIGGER corpus_words_added AFTER INSERT ON corpus_passages BEGIN
       INSERT INTO corpus_words (rowid, indexed) VALUES (NEW.id, NEW.indexed); END""",
    """CREATE TRIGGER corpus_words_removed AFTER DELETE ON corpus_passages BEGIN
       INSERT INTO corpus_words (corpus_words, rowid, indexed) VALUES ('delete', OLD.id, OLD.indexed); END""",
    """CREATE TRIGGER corpus_words_changed AFTER UPDATE OF indexed ON corpus_passages BEGIN
       INSERT INTO corpus_words (corpus_words, rowid, indexed) VALUES ('delete', OLD.id, OLD.indexed);
       INSERT INTO corpus_words (rowid, indexed) VALUES (NEW.id, NEW.indexed); END""",
)
TRIGGERS = ("corpus_words_added", "corpus_words_removed", "corpus_words_changed")
# The passage's own words are counted and ranked apart by their label, A.
POSTGRES_WORDS = (
    """ALTER TABLE corpus_passages ADD COLUMN corpus_words tsvector GENERATED ALWAYS AS
       (setweight(to_tsvector('english', indexed), 'A') || setweight(to_tsvector('english', asked), 'C'))
       STORED""",
    "CREATE INDEX corpus_words_index ON corpus_passages USING gin (corpus_words)",
)
POSTGRES_WORDS_BEFORE = (
    """ALTER TABLE corpus_passages ADD COLUMN corpus_words tsvector
       GENERATED ALWAYS AS (to_tsvector('english', indexed)) STORED""",
    "CREATE INDEX corpus_words_index ON corpus_passages USING gin (corpus_words)",
)


def upgrade() -> None:
    _drop_words()
    op.add_column("corpus_passages", sa.Column("asked", sa.Text(), nullable=False, server_default=""))
    _make_words(SQLITE_WORDS, POSTGRES_WORDS)


def downgrade() -> None:
    _drop_words()
    op.drop_column("corpus_passages", "asked")
    # A vector may be followed by those of the questions; what is gone here is embedded anew by the next sync.
    op.execute("DELETE FROM corpus_vectors")
    _make_words(SQLITE_WORDS_BEFORE, POSTGRES_WORDS_BEFORE)


def _drop_words() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE corpus_passages DROP COLUMN corpus_words")
        return
    for trigger in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger}")
    op.execute("DROP TABLE corpus_words")


def _make_words(sqlite: tuple[str, ...], postgres: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in postgres:
            op.execute(statement)
        return
    for statement in sqlite:
        op.execute(statement)
    op.execute("INSERT INTO corpus_words (corpus_words) VALUES ('rebuild')")
