"""SQLite where writers wait in line instead of asking again and again."""
