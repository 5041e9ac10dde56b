"""PostgreSQL where writers wait in line, as they do on SQLite."""
