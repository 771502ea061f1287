"""The corpus: folders, documents, audiences, passages, vectors, and the database's own index for words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The words of a passage are kept once, in its own row; the index follows that row by itself.
SQLITE_WORDS = (
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
POSTGRES_WORDS = (
    """ALTER TABLE corpus_passages ADD COLUMN corpus_words tsvector
       GENERATED ALWAYS AS (to_tsvector('english', indexed)) STORED""",
    "CREATE INDEX corpus_words_index ON corpus_passages USING gin (corpus_words)",
)


def upgrade() -> None:
    op.create_table(
        "corpus_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "corpus_roots",
        sa.Column("name", KEY, nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("synced_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "corpus_documents",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("root", KEY, nullable=False),
        sa.Column("path", KEY, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("changed_ns", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("review_date", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("former_paths", sa.JSON(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("root", "path", name="corpus_documents_place"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "corpus_audiences",
        sa.Column("document", SERIAL, nullable=False, autoincrement=False),
        sa.Column("audience", KEY, nullable=False),
        sa.ForeignKeyConstraint(["document"], ["corpus_documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document", "audience"),
    )
    op.create_index("corpus_audiences_audience", "corpus_audiences", ["audience", "document"], unique=False)
    op.create_table(
        "corpus_passages",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("document", SERIAL, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("indexed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["corpus_documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("corpus_passages_document", "corpus_passages", ["document", "ordinal"], unique=False)
    op.create_table(
        "corpus_vectors",
        sa.Column("passage", SERIAL, nullable=False, autoincrement=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("sentences", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["passage"], ["corpus_passages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("passage"),
    )
    state = sa.table("corpus_state", sa.column("id", sa.Integer()), sa.column("version", sa.Integer()))
    op.execute(state.insert().values(id=1, version=0))
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRES_WORDS if postgres else SQLITE_WORDS:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE corpus_words")
    for table in (
        "corpus_vectors",
        "corpus_passages",
        "corpus_audiences",
        "corpus_documents",
        "corpus_roots",
        "corpus_state",
    ):
        op.drop_table(table)
