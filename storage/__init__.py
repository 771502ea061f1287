"""The memory: schema, transactions, migrations, audit log, outbox."""
