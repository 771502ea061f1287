"""The governance record: everything that is kept about one use case, as one document to read and to file."""
