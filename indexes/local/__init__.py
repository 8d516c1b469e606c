"""The engine of one machine: FAISS vectors, tantivy terms, SQLite passages, in one folder."""
